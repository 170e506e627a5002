package import Providers

/// How YouTube is asked, and how much.
package struct YouTubeSettings: Sendable {
    /// Of the Data API; nil: yt-dlp lists channels.
    package var apiKey: Secret?
    package var apiBaseURL: String
    /// Units of the Data API that all instances together may spend a day.
    package var dailyUnits: Int
    /// Up to and without the feeds' queries.
    package var feedURL: String
    /// yt-dlp: a path, or a name that is looked for in PATH.
    package var downloader: String
    /// For yt-dlp's requests.
    package var proxy: Secret?
    /// A file of cookies for yt-dlp, in Netscape's form.
    package var cookies: String?
    /// What all instances together keep to.
    package var limits: YouTubePace.Limits
    /// How many programs may ask YouTube at a time, all instances together.
    package var parallel: Int
    /// The most videos of a channel, the newest.
    package var maximumVideos: Int

    package static let usualMaximumVideos = 500
}

extension YouTubeSettings {
    /// The Data API; nil without a key. It connects to nothing yet.
    package func dataAPI(gate: any QuotaGate) -> YouTubeDataAPI? {
        guard let apiKey else { return nil }
        var configuration = YouTubeDataAPI.Configuration(key: apiKey)
        configuration.baseURL = apiBaseURL
        return YouTubeDataAPI(configuration, gate: gate)
    }

    /// The channels' feeds. It connects to nothing yet.
    package func feed() -> YouTubeFeed {
        var configuration = YouTubeFeed.Configuration()
        configuration.baseURL = feedURL
        return YouTubeFeed(configuration)
    }

    /// yt-dlp; nothing is run yet.
    package func ytDlp() -> YtDlp {
        YtDlp(YtDlp.Settings(program: downloader, proxy: proxy, cookies: cookies))
    }
}
