package import Providers

/// What YouTube is asked for through yt-dlp.
package protocol YouTubeSource: Sendable {
    /// A video's description.
    func information(of video: YouTubeVideoID) async throws -> YtDlpVideo
    /// Its captions in the first of the languages that it has.
    func captions(
        of video: YtDlpVideo, languages: [String], allowsTranslations: Bool
    ) async throws -> Providers.CaptionFile
    /// Its sound as a file in the folder.
    func audio(
        of video: YouTubeVideoID, into folder: String, maximumBytes: Int,
        progress: @escaping @Sendable (DownloadProgress) async throws -> Void
    ) async throws -> DownloadedAudio
    /// Which channel a link leads to.
    func channel(_ link: YouTubeLink) async throws -> YtDlpChannel
    /// What is in a list, entry by entry.
    ///
    /// - Returns: how many entries there were.
    func list(
        _ list: YtDlpList, maximum: Int, receive: @escaping @Sendable (YtDlpListEntry) async throws -> Void
    ) async throws -> Int
}

extension YtDlp: YouTubeSource {}
