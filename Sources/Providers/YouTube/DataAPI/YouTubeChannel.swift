public import Foundation

/// What a channel is asked for by.
public enum YouTubeChannelReference: Sendable, Hashable {
    /// By its id.
    case id(YouTubeChannelID)
    /// By its handle.
    case handle(YouTubeHandle)
    /// By the name of its user.
    case user(YouTubeName)

    var parameter: String {
        switch self {
        case .id: "id"
        case .handle: "forHandle"
        case .user: "forUsername"
        }
    }

    var value: String {
        switch self {
        case .id(let id): id.rawValue
        case .handle(let handle): handle.rawValue
        case .user(let name): name.rawValue
        }
    }
}

/// A channel, as the Data API describes it.
public struct YouTubeChannel: Sendable, Equatable {
    /// Its id, which never changes; title and handle do.
    public var id: YouTubeChannelID
    /// What it calls itself.
    public var title: String
    /// What it says of itself.
    public var about: String
    /// Its handle of today.
    public var handle: YouTubeHandle?
    /// The list of its uploads.
    public var uploads: YouTubePlaylistID?
    /// How many videos it has, where it says so. With none there is no list of uploads.
    public var videoCount: Int?
    /// When it was created.
    public var publishedAt: Date?

    /// Creates a channel.
    public init(
        id: YouTubeChannelID, title: String, about: String = "", handle: YouTubeHandle? = nil,
        uploads: YouTubePlaylistID? = nil, videoCount: Int? = nil, publishedAt: Date? = nil
    ) {
        self.id = id
        self.title = title
        self.about = about
        self.handle = handle
        self.uploads = uploads
        self.videoCount = videoCount
        self.publishedAt = publishedAt
    }
}

extension YouTubeChannel {
    init?(_ item: ChannelList.Item) {
        guard let id = item.id.flatMap(YouTubeChannelID.init) else { return nil }
        self.id = id
        title = item.snippet?.title ?? ""
        about = item.snippet?.description ?? ""
        handle = item.snippet?.customUrl.flatMap(YouTubeHandle.init)
        uploads = item.contentDetails?.relatedPlaylists?.uploads.flatMap(YouTubePlaylistID.init) ?? id.uploads()
        videoCount = item.statistics?.videoCount?.value
        publishedAt = InternetTime.date(item.snippet?.publishedAt)
    }
}
