public import Foundation

/// A list, as the Data API describes it.
public struct YouTubePlaylist: Sendable, Equatable {
    /// Its id.
    public var id: YouTubePlaylistID
    /// What its owner calls it.
    public var title: String
    /// Whose it is.
    public var channel: YouTubeChannelID?
    /// What its owner is called.
    public var channelTitle: String
    /// How many entries it has, ones that are gone among them.
    public var count: Int?
    /// Who may see it.
    public var visibility: YouTubeVisibility

    /// Creates a list.
    public init(
        id: YouTubePlaylistID, title: String, channel: YouTubeChannelID? = nil, channelTitle: String = "",
        count: Int? = nil, visibility: YouTubeVisibility = .public
    ) {
        self.id = id
        self.title = title
        self.channel = channel
        self.channelTitle = channelTitle
        self.count = count
        self.visibility = visibility
    }
}

/// Who may see a video or a list.
public enum YouTubeVisibility: String, Sendable, Equatable {
    /// Everybody.
    case `public`
    /// Everybody who has its address.
    case unlisted
    /// Its owner.
    case `private`
    /// YouTube does not say. So it is with entries of lists whose video was removed.
    case unknown

    init(status: String?) { self = status.flatMap(YouTubeVisibility.init) ?? .unknown }
}

/// A page of a list.
public struct YouTubePlaylistPage: Sendable, Equatable {
    /// In the list's order.
    public var entries: [YouTubePlaylistEntry]
    /// What to ask the next page with; nil on the last page.
    public var next: String?
    /// How many entries the whole list has, as far as the API knows: not to be counted on.
    public var total: Int?
    /// The entries of this page that are no videos, or can't be read.
    public var skipped: Int

    /// Creates a page.
    public init(entries: [YouTubePlaylistEntry], next: String? = nil, total: Int? = nil, skipped: Int = 0) {
        self.entries = entries
        self.next = next
        self.total = total
        self.skipped = skipped
    }
}

/// A video in a list.
public struct YouTubePlaylistEntry: Sendable, Equatable {
    /// The video's id.
    public var video: YouTubeVideoID
    /// The video's title; `Private video` or `Deleted video` where it can't be had.
    public var title: String
    /// When the video was published; nil where it can't be had.
    public var publishedAt: Date?
    /// When it was put into this list.
    public var addedAt: Date?
    /// Its place in the list, from 0.
    public var position: Int?
    /// Who may see the video.
    public var visibility: YouTubeVisibility

    /// Creates an entry.
    public init(
        video: YouTubeVideoID, title: String, publishedAt: Date? = nil, addedAt: Date? = nil, position: Int? = nil,
        visibility: YouTubeVisibility = .public
    ) {
        self.video = video
        self.title = title
        self.publishedAt = publishedAt
        self.addedAt = addedAt
        self.position = position
        self.visibility = visibility
    }

    /// Whether the video is gone or private, by all that the list shows. Asking for its details would be a waste.
    public var isUnavailable: Bool {
        switch visibility {
        case .private: true
        case .public, .unlisted: false
        case .unknown: publishedAt == nil && (title == "Deleted video" || title == "Private video")
        }
    }
}

extension YouTubePlaylist {
    init?(_ item: PlaylistList.Item) {
        guard let id = item.id.flatMap(YouTubePlaylistID.init) else { return nil }
        self.id = id
        title = item.snippet?.title ?? ""
        channel = item.snippet?.channelId.flatMap(YouTubeChannelID.init)
        channelTitle = item.snippet?.channelTitle ?? ""
        count = item.contentDetails?.itemCount
        visibility = YouTubeVisibility(status: item.status?.privacyStatus)
    }
}

extension YouTubePlaylistPage {
    init(_ list: PlaylistItemList) {
        let items = list.items ?? []
        entries = items.compactMap(YouTubePlaylistEntry.init)
        next = list.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
        total = list.pageInfo?.totalResults
        skipped = items.count - entries.count
    }
}

extension YouTubePlaylistEntry {
    init?(_ item: PlaylistItemList.Item) {
        let resource = item.snippet?.resourceId
        guard resource?.kind == nil || resource?.kind == "youtube#video",
            let video = (item.contentDetails?.videoId ?? resource?.videoId).flatMap(YouTubeVideoID.init)
        else { return nil }
        self.video = video
        title = item.snippet?.title ?? ""
        publishedAt = InternetTime.date(item.contentDetails?.videoPublishedAt)
        addedAt = InternetTime.date(item.snippet?.publishedAt)
        position = item.snippet?.position
        visibility = YouTubeVisibility(status: item.status?.privacyStatus)
    }
}
