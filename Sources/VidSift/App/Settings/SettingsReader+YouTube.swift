internal import Foundation
internal import Providers

extension SettingsReader {
    private static let proxySchemes: Set<String> = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    mutating func youTube() -> YouTubeSettings {
        let usual = YouTubePace.Limits()
        let key = text("YOUTUBE_API_KEY")
        let apiURL = url("YOUTUBE_API_BASE_URL")
        check(
            apiURL == nil || key != nil, "YOUTUBE_API_BASE_URL is set without YOUTUBE_API_KEY: who asks there?")
        let spacing = integer("YOUTUBE_SPACING_MS", in: 0...600_000).map { Duration.milliseconds($0) }
        return YouTubeSettings(
            apiKey: key.map { Secret($0) }, apiBaseURL: apiURL ?? YouTubeDataAPI.officialURL,
            dailyUnits: integer("YOUTUBE_DAILY_UNITS", in: 1...100_000_000) ?? QuotaKeeper.usualDailyUnits,
            feedURL: url("YOUTUBE_FEED_URL") ?? YouTubeFeed.officialURL,
            downloader: downloader(), proxy: proxy(), cookies: cookies(),
            limits: YouTubePace.Limits(
                requestsPerHour: integer("YOUTUBE_REQUESTS_PER_HOUR", in: 10...1_000_000) ?? usual.requestsPerHour,
                spacing: spacing ?? usual.spacing),
            parallel: integer("YOUTUBE_PARALLEL", in: 1...32) ?? 1,
            maximumVideos: integer("CHANNEL_MAX_VIDEOS", in: 1...20_000) ?? YouTubeSettings.usualMaximumVideos)
    }

    /// What was set, else the one that `scripts/setup` installs, else whichever is in PATH.
    private mutating func downloader() -> String {
        guard let path = text("YTDLP_PATH") else { return InstalledTools.find("yt-dlp/yt-dlp") ?? "yt-dlp" }
        check(
            !path.contains("/") || FileManager.default.isExecutableFile(atPath: path),
            "YTDLP_PATH=\(path.prefix(200)): there is no program that can be run")
        return path
    }

    /// Never shown: it may hold a password.
    private mutating func proxy() -> Secret? {
        guard let text = text("YOUTUBE_PROXY") else { return nil }
        let address = URL(string: text)
        check(
            Self.proxySchemes.contains(address?.scheme ?? "") && address?.host?.isEmpty == false,
            "YOUTUBE_PROXY: expected an address such as http://host:port or socks5h://name:password@host:port")
        return Secret(text)
    }

    private mutating func cookies() -> String? {
        guard let path = text("YOUTUBE_COOKIES") else { return nil }
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        check(
            isThere && !isFolder.boolValue && FileManager.default.isReadableFile(atPath: path),
            "YOUTUBE_COOKIES=\(path.prefix(200)): there is no file that can be read")
        return path
    }
}
