/// What yt-dlp may contact: which addresses captions are downloaded from (they come from YouTube's answers, and lead
/// nowhere else), and whose pages it reads.
struct CaptionHosts: Sendable {
    private let allowsLoopback: Bool

    /// YouTube's own, over https. There is nothing else in production.
    static let youTube = CaptionHosts(allowsLoopback: false)
    /// Servers of tests.
    static let loopback = CaptionHosts(allowsLoopback: true)

    /// The options that leave yt-dlp only its readers of YouTube's pages: without that of any page at all, it asks nobody
    /// else, wherever an answer points.
    var readers: [String] { allowsLoopback ? [] : ["--use-extractors", "youtube.*"] }

    private static let domains = ["youtube.com", "googlevideo.com"]

    func allow(_ url: String) -> Bool {
        guard PastedText.forbidden(in: url) == nil, let address = try? WebAddress(url) else { return false }
        if allowsLoopback && address.host == "127.0.0.1" { return true }
        guard address.scheme == "https", address.port == nil else { return false }
        return Self.domains.contains { address.host == $0 || address.host.hasSuffix("." + $0) }
    }
}
