internal import Foundation

/// A list that yt-dlp can read.
public enum YtDlpList: Sendable, Hashable {
    /// Somebody's playlist.
    case playlist(YouTubePlaylistID)
    /// What a channel has uploaded, or a part of it, the newest first.
    case uploads(YouTubeChannelID, YouTubeUploads = .all)

    var address: String {
        switch self {
        case .playlist(let id): YouTubeLink.playlist(id).canonicalURL
        case .uploads(let channel, let part):
            (channel.uploads(part).map(YouTubeLink.playlist) ?? .channel(channel)).canonicalURL
        }
    }
}

/// One video of a list. YouTube's lists say little: what is nil here may be known from the video's own description.
public struct YtDlpListEntry: Sendable, Equatable {
    /// The video.
    public var id: YouTubeVideoID
    /// Its place in the list, from 1.
    public var position: Int
    /// Its title, as it is shown.
    public var title: String
    /// Its length in seconds.
    public var duration: Double?
    /// Whether it is, was or will be a broadcast.
    public var liveStatus: YtDlpVideo.LiveStatus?
    /// Who may see it, where that is not anybody.
    public var access: YtDlpAccess?
    /// Whether the list says that it is a short; other lists do not tell.
    public var isShort: Bool

    /// Creates an entry.
    public init(
        id: YouTubeVideoID, position: Int, title: String, duration: Double? = nil,
        liveStatus: YtDlpVideo.LiveStatus? = nil, access: YtDlpAccess? = nil, isShort: Bool = false
    ) {
        self.id = id
        self.position = position
        self.title = title
        self.duration = duration
        self.liveStatus = liveStatus
        self.access = access
        self.isShort = isShort
    }

    /// Reads one line of a list; nil for what is no video.
    ///
    /// - Throws: ``YtDlpError`` (`toolCrashed`) for what is no entry.
    init?(json: ArraySlice<UInt8>, position: Int) throws {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(json)) else {
            throw YtDlpError(.toolCrashed, detail: "not an entry: \(String(decoding: json.prefix(200), as: UTF8.self))")
        }
        guard let id = body.id.flatMap(YouTubeVideoID.init) ?? body.url.flatMap(Self.video) else { return nil }
        self.id = id
        self.position = position
        title = body.title ?? id.rawValue
        duration = PlausibleNumber.seconds(body.duration)
        liveStatus = body.live_status.flatMap(YtDlpVideo.LiveStatus.init)
        access = body.availability.flatMap(YtDlpAccess.init) ?? Self.access(title, body.duration)
        isShort = body.url?.contains("/shorts/") ?? false
    }

    private static func video(at address: String) -> YouTubeVideoID? {
        guard case .video(let id, _, _) = try? YouTubeLink(address) else { return nil }
        return id
    }

    /// Lists keep the places of videos that are gone, with these titles.
    private static func access(_ title: String, _ duration: Double?) -> YtDlpAccess? {
        guard duration == nil else { return nil }
        switch title {
        case "[Private video]": return .invited
        case "[Deleted video]": return .removed
        default: return nil
        }
    }

    /// The names are yt-dlp's.
    private struct Body: Decodable {
        var id: String?
        var url: String?
        var title: String?
        var duration: Double?
        var live_status: String?
        var availability: String?
    }
}

/// What yt-dlp knows about a channel.
public struct YtDlpChannel: Sendable, Equatable {
    /// YouTube's id.
    public var id: YouTubeChannelID
    /// Its name.
    public var title: String
    /// Its handle.
    public var handle: YouTubeHandle?
    /// What its owner says about it.
    public var description: String

    /// Creates a channel.
    public init(id: YouTubeChannelID, title: String, handle: YouTubeHandle? = nil, description: String = "") {
        self.id = id
        self.title = title
        self.handle = handle
        self.description = description
    }

    /// - Throws: ``YtDlpError``: `notFound` where the answer names no channel, `toolCrashed` for what is no answer.
    init(json: [UInt8]) throws {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(json)) else {
            throw YtDlpError(.toolCrashed, detail: "not a list's description")
        }
        guard let id = body.channel_id.flatMap(YouTubeChannelID.init) else { throw YtDlpError(.notFound) }
        self.id = id
        title = body.channel ?? body.title ?? id.rawValue
        handle = body.uploader_id.flatMap(YouTubeHandle.init)
        description = body.description ?? ""
    }

    /// The names are yt-dlp's.
    private struct Body: Decodable {
        var channel_id: String?
        var channel: String?
        var title: String?
        var uploader_id: String?
        var description: String?
    }
}
