public import Foundation

/// What only the Data API can say. All that any endpoint can say (no connection, a wrong key, a failure of its own) is
/// a ``ProviderError``.
public enum YouTubeAPIError: Error, Sendable, Equatable {
    /// The key's units of this day are spent: no request has a chance before `resetsAt`.
    case quotaExceeded(resetsAt: Date)
    /// There is no such list; a channel without videos has no list of uploads either, nor has one that is terminated.
    case playlistNotFound
    /// The list is private.
    case playlistForbidden
    /// There is no such channel.
    case channelNotFound
    /// The channel was closed by its owner.
    case channelClosed
    /// The channel was terminated by YouTube.
    case channelSuspended
    /// The place in the list is not known any more: read it from the beginning.
    case pageTokenRefused

    /// Whether the same request may succeed later without anybody doing anything.
    public var isRetryable: Bool {
        switch self {
        case .quotaExceeded, .pageTokenRefused: true
        case .playlistNotFound, .playlistForbidden, .channelNotFound, .channelClosed, .channelSuspended: false
        }
    }
}

extension YouTubeAPIError: CustomStringConvertible {
    /// One sentence that is safe to show.
    public var description: String {
        switch self {
        case .quotaExceeded: "The day's units of the YouTube Data API are spent, until midnight Pacific time."
        case .playlistNotFound: "YouTube has no such list, or the channel has no videos."
        case .playlistForbidden: "The list is private."
        case .channelNotFound: "YouTube has no such channel."
        case .channelClosed: "The channel was closed by its owner."
        case .channelSuspended: "The channel was terminated by YouTube."
        case .pageTokenRefused: "The list has changed while it was read."
        }
    }
}
