public import Foundation

/// The newest videos of a channel or list, as its feed has them.
public struct YouTubeFeedDocument: Sendable, Equatable {
    /// The channel; of a list's feed, whose list it is.
    public var channel: YouTubeChannelID?
    /// What the channel, or the list, is called.
    public var title: String
    /// The newest first; of a list, in its order.
    public var entries: [YouTubeFeedEntry]
    /// The entries that can't be read.
    public var skipped: Int

    /// Creates a document.
    public init(channel: YouTubeChannelID?, title: String, entries: [YouTubeFeedEntry], skipped: Int = 0) {
        self.channel = channel
        self.title = title
        self.entries = entries
        self.skipped = skipped
    }
}

/// A video in a feed.
public struct YouTubeFeedEntry: Sendable, Equatable {
    /// The video's id.
    public var video: YouTubeVideoID
    /// Whose it is.
    public var channel: YouTubeChannelID?
    /// What it is called.
    public var title: String
    /// When it was published; nil where the feed does not say.
    public var publishedAt: Date?
    /// When its title or description was last changed.
    public var updatedAt: Date?
    /// How often it was seen.
    public var views: Int?
    /// Whether the feed links to it as a short.
    public var isShort: Bool

    /// Creates an entry.
    public init(
        video: YouTubeVideoID, channel: YouTubeChannelID?, title: String, publishedAt: Date? = nil,
        updatedAt: Date? = nil, views: Int? = nil, isShort: Bool = false
    ) {
        self.video = video
        self.channel = channel
        self.title = title
        self.publishedAt = publishedAt
        self.updatedAt = updatedAt
        self.views = views
        self.isShort = isShort
    }
}
