/// Which addresses captions are downloaded from: they come from YouTube's answers, and lead nowhere else.
struct CaptionHosts: Sendable {
    private let allowsLoopback: Bool

    /// YouTube's own, over https. There is nothing else in production.
    static let youTube = CaptionHosts(allowsLoopback: false)
    /// Servers of tests.
    static let loopback = CaptionHosts(allowsLoopback: true)

    private static let domains = ["youtube.com", "googlevideo.com"]

    func allow(_ url: String) -> Bool {
        guard PastedText.forbidden(in: url) == nil, let address = try? WebAddress(url) else { return false }
        if allowsLoopback && address.host == "127.0.0.1" { return true }
        guard address.scheme == "https", address.port == nil else { return false }
        return Self.domains.contains { address.host == $0 || address.host.hasSuffix("." + $0) }
    }
}
