internal import Database
internal import Foundation

/// A video's search segment as it is stored, with what tells whether a cache still holds the right one.
struct StoredSegment: Sendable {
    var videoID: VideoID
    var channelID: ChannelID?
    /// The embedding model's name; '' where the segment holds words alone.
    var model: String
    var bytes: [UInt8]
}

extension StoredSegment: RowDecodable {
    init(row: Row) throws {
        videoID = try row.decode("video_id")
        channelID = try row.decode("channel_id")
        model = try row.decode("model")
        bytes = try row.decode("bytes")
    }
}

extension StoredSegment {
    /// What is known of a segment without loading it.
    struct Listing: Sendable, Hashable, RowDecodable {
        var videoID: VideoID
        var channelID: ChannelID?
        var model: String
        var byteCount: Int
        /// Tells a rebuilt segment from the one it replaces.
        var createdAt: Date

        init(row: Row) throws {
            videoID = try row.decode("video_id")
            channelID = try row.decode("channel_id")
            model = try row.decode("model")
            byteCount = try row.decode("size")
            createdAt = try row.decode("created")
        }
    }

    private static let listing: SQL = """
        SELECT video_id, channel_id, model, length(bytes) AS size, created_at AS created FROM segments
        """

    /// The segments of a scope: of a channel, of single videos, or all.
    static func list(in scope: Scope, on db: some SQLRunner) async throws -> [Listing] {
        switch scope {
        case .everything:
            try await db.rows("\(listing) ORDER BY video_id", as: Listing.self)
        case .channel(let id):
            try await db.rows("\(listing) WHERE channel_id = \(id) ORDER BY video_id", as: Listing.self)
        case .videos(let ids):
            try await db.rows("\(listing) WHERE video_id IN \(list: ids) ORDER BY video_id", as: Listing.self)
        }
    }

    /// The segments of a channel by its id, or of the videos without a channel ('').
    static func list(channel: String, on db: some SQLRunner) async throws -> [Listing] {
        try await db.rows("\(listing) WHERE \(belonging(to: channel)) ORDER BY video_id", as: Listing.self)
    }

    private static func belonging(to channel: String) -> SQL {
        if channel.isEmpty { "channel_id IS NULL" } else { "channel_id = \(channel)" }
    }

    /// The channels whose segments a scope needs, by id; '' for the videos without one.
    static func channels(of scope: Scope, on db: some SQLRunner) async throws -> [String] {
        switch scope {
        case .channel(let id): [id.description]
        case .everything: try await db.values("SELECT scope FROM scope_versions ORDER BY scope", as: String.self)
        case .videos(let ids):
            try await db.values(
                """
                SELECT DISTINCT coalesce(CAST(channel_id AS TEXT), '') FROM segments WHERE video_id IN \(list: ids)
                ORDER BY 1
                """, as: String.self)
        }
    }

    /// Bytes of a channel's segments ('' for the videos without one).
    static func byteCount(channel: String, on db: some SQLRunner) async throws -> Int {
        try await db.value(
            "SELECT coalesce(sum(length(bytes)), 0) FROM segments WHERE \(belonging(to: channel))", as: Int.self) ?? 0
    }

    /// The segments of these videos, whatever their model.
    static func load(_ videos: [VideoID], on db: some SQLRunner) async throws -> [StoredSegment] {
        try await db.rows(
            "SELECT video_id, channel_id, model, bytes FROM segments WHERE video_id IN \(list: videos) ORDER BY video_id",
            as: StoredSegment.self)
    }

    /// Removes a segment that can't be read, so that it is built again.
    static func discard(_ video: VideoID, model: String, channel: ChannelID?, on tx: some SQLRunner) async throws {
        try await tx.execute("DELETE FROM segments WHERE video_id = \(video) AND model = \(model)")
        try await ScopeVersion.bump(channel, on: tx)
    }
}
