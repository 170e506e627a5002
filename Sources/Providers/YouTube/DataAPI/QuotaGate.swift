/// Asked before each request to the Data API: may so many units be spent? The owner of the key counts them.
public protocol QuotaGate: Sendable {
    /// Counts `units` as spent, before they are.
    ///
    /// - Throws: Anything, to keep the request from being sent; the caller of the API gets that error, and nothing is
    ///   tried again.
    func spend(_ units: Int) async throws
}

/// Lets every request through.
public struct UnlimitedQuota: QuotaGate {
    /// Creates it.
    public init() {}

    /// Counts nothing.
    public func spend(_ units: Int) {}
}

/// The calls of the Data API that are made, and what each costs. `search.list` (100 units) is not among them.
public enum YouTubeCall: Sendable, CaseIterable {
    /// `channels.list`.
    case channels
    /// `playlists.list`.
    case playlists
    /// `playlistItems.list`, a page of 50.
    case playlistItems
    /// `videos.list`, a batch of 50.
    case videos

    /// The units of one request. An attempt that fails costs them, too, and so does an answer that nothing has changed.
    public var units: Int {
        switch self {
        case .channels, .playlists, .playlistItems, .videos: 1
        }
    }

    var path: String {
        switch self {
        case .channels: "/channels"
        case .playlists: "/playlists"
        case .playlistItems: "/playlistItems"
        case .videos: "/videos"
        }
    }
}
