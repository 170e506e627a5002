internal import Foundation
package import Providers

/// The pages of a channel's or playlist's list: through the Data API with a key, else through yt-dlp.
package struct ChannelPages: Sendable {
    /// A page, the newest videos first in a channel.
    struct Page: Sendable, Hashable {
        var videos: [ListedVideo]
        /// What to ask the next page with; nil on the last one.
        var next: String?
        /// What to ask with the next time; nil where the page can't be recognised, or has more videos than are wanted.
        var known: StoredListPage?
    }

    let fetcher: PoliteFetcher
    /// Nil without a key.
    let api: YouTubeDataAPI?

    package init(fetcher: PoliteFetcher, api: YouTubeDataAPI?) {
        self.fetcher = fetcher
        self.api = api
    }

    /// - Parameters:
    ///   - token: `Page.next` of the page before.
    ///   - maximum: the most videos that are wanted from here on.
    ///   - known: the page as it was written down before: where it is the same, nothing is asked about its videos.
    /// - Throws: `YouTubeAPIError`, `ProviderError`, `YouTubeNotNow`, `YtDlpError`, `DatabaseError`.
    func page(
        of list: ListedChannel, after token: String?, maximum: Int, unless known: StoredListPage? = nil
    ) async throws -> Page {
        guard let api, let playlist = list.playlist else { return try await wholeList(list, maximum: maximum) }
        let known = known.flatMap { $0.videos.count <= maximum ? $0 : nil }
        let validators = known.map { YouTubeValidators(etag: $0.etag) }
        let (page, etag): (YouTubePlaylistPage, String?)
        do {
            switch try await api.page(of: playlist, after: token, unless: validators) {
            case .unchanged: return known.map { Page($0, maximum: maximum) } ?? Page(videos: [])
            case .fetched(let value, let validators): (page, etag) = (value, validators.etag)
            }
        } catch YouTubeAPIError.playlistNotFound where list.isChannel {
            // A channel without videos has no list of uploads.
            return Page(videos: [])
        }
        let entries = page.entries.prefix(maximum)
        let ids = entries.filter { !$0.isUnavailable }.map(\.video)
        var details: [YouTubeVideoID: YouTubeVideoLookup] = [:]
        for lookup in try await api.videos(Array(Set(ids))) { details[lookup.id] = lookup }
        var seen: Set<YouTubeVideoID> = []
        let videos = entries.filter { seen.insert($0.video).inserted }.map { ListedVideo($0, details[$0.video]) }
        return Page(
            videos: videos, next: page.entries.count < maximum ? page.next : nil,
            known: page.entries.count > maximum
                ? nil : etag.map { StoredListPage(etag: $0, next: page.next, videos: videos.map(\.youtubeID)) })
    }

    private func wholeList(_ list: ListedChannel, maximum: Int) async throws -> Page {
        let entries = try await fetcher.list(list.forYtDlp, maximum: maximum)
        var seen: Set<YouTubeVideoID> = []
        return Page(videos: entries.filter { seen.insert($0.id).inserted }.map(ListedVideo.init))
    }
}

extension ChannelPages.Page {
    /// A page that has not changed: its videos are known.
    fileprivate init(_ known: StoredListPage, maximum: Int) {
        self.init(
            videos: known.videos.map { ListedVideo(youtubeID: $0) },
            next: known.videos.count < maximum ? known.next : nil, known: known)
    }
}

/// What is listed.
enum ListedChannel: Sendable, Hashable {
    case channel(YouTubeChannelID)
    case playlist(YouTubePlaylistID)

    /// Nil for what is no id of a channel or of a list.
    init?(youtubeID: String) {
        if let id = YouTubeChannelID(rawValue: youtubeID) {
            self = .channel(id)
        } else if let id = YouTubePlaylistID(rawValue: youtubeID) {
            self = .playlist(id)
        } else {
            return nil
        }
    }

    var isChannel: Bool {
        if case .channel = self { true } else { false }
    }

    /// Nil for a channel whose id makes no list: there is none such.
    var playlist: YouTubePlaylistID? {
        switch self {
        case .channel(let id): id.uploads()
        case .playlist(let id): id
        }
    }

    var forYtDlp: YtDlpList {
        switch self {
        case .channel(let id): .uploads(id)
        case .playlist(let id): .playlist(id)
        }
    }
}

extension ListedVideo {
    private static let removed = "The video was removed, or is private."

    init(_ entry: YouTubePlaylistEntry, _ lookup: YouTubeVideoLookup?) {
        self.init(
            youtubeID: entry.video.rawValue, title: Title(entry.title), publishedAt: entry.publishedAt)
        switch lookup {
        case .found(let video):
            title = Title(video.title) ?? title
            publishedAt = video.publishedAt ?? publishedAt
            duration = video.duration
            prospect = Self.prospect(of: video)
        case .missing, nil:
            prospect = .unavailable(
                reason: entry.visibility == .private ? "The video is private." : Self.removed)
        }
    }

    /// What only yt-dlp can tell for sure (members, ages, countries) is left to it.
    private static func prospect(of video: YouTubeVideo) -> Prospect {
        switch (video.broadcast, video.upload) {
        case (.upcoming(let date), _): return .later(date, reason: "The broadcast or premiere is yet to come.")
        case (.live, _): return .later(nil, reason: "The video is being broadcast.")
        case (_, .processing): return .later(nil, reason: "YouTube is not done with the upload yet.")
        case (_, .refused(let why)): return .unavailable(reason: "YouTube does not show it (\(why)).")
        default: break
        }
        return video.visibility == .private ? .unavailable(reason: "The video is private.") : .fetch
    }

    init(_ entry: YtDlpListEntry) {
        self.init(
            youtubeID: entry.id.rawValue, title: Title(entry.title), duration: entry.duration.map { .seconds($0) })
        switch (entry.access, entry.liveStatus) {
        case (.invited, _): prospect = .unavailable(reason: "The video is private.")
        case (.removed, _): prospect = .unavailable(reason: Self.removed)
        case (_, .upcoming): prospect = .later(nil, reason: "The broadcast or premiere is yet to come.")
        case (_, .live): prospect = .later(nil, reason: "The video is being broadcast.")
        default: break
        }
    }

    init(_ entry: YouTubeFeedEntry) {
        self.init(youtubeID: entry.video.rawValue, title: Title(entry.title), publishedAt: entry.publishedAt)
    }
}
