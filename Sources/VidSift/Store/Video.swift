package import Database
package import Foundation

/// One recording: what is known of it and how far it is indexed.
package struct Video: Sendable, Hashable, Identifiable {
    /// How far a video has come.
    package enum State: String, Sendable, Codable {
        /// Accepted, not searchable yet.
        case pending
        /// Searchable.
        case ready
        /// Not searchable, and why is in `lastError`.
        case failed
    }

    package var id: VideoID
    package var youtubeID: String?
    package var channelID: ChannelID?
    /// The short name people use: the file's stem.
    package var sourceID: String
    package var title: String
    package var language: String?
    package var durationMilliseconds: Int
    package var state: State
    package var passages: Int
    package var createdAt: Date
    package var indexedAt: Date?
    /// What is being done, where something is.
    package var stage: String?
    package var attempts: Int
    package var lastError: String?
    /// How much of the index is made, while it is being made.
    package var progress: JobProgress?
}

extension Video: RowDecodable {
    package init(row: Row) throws {
        id = try row.decode("id")
        youtubeID = try row.decode("youtube_id")
        channelID = try row.decode("channel_id")
        sourceID = try row.decode("source_id")
        title = try row.decode("title")
        language = try row.decode("language")
        durationMilliseconds = try row.decode("duration_ms")
        state = try row.decode("state")
        passages = try row.decode("passages")
        createdAt = try row.decode("created_at")
        indexedAt = try row.decode("indexed_at")
        stage = try row.decode("stage")
        attempts = try row.decode("attempts")
        lastError = try row.decode("last_error")
        let done: Int? = try row.decode("progress_done")
        let total: Int? = try row.decode("progress_total")
        progress = done.flatMap { done in total.map { JobProgress(done: done, total: $0) } }
    }
}

extension Video.State: SQLBindable, SQLDecodable {}

/// Which videos a question or a list is about.
package enum Scope: Sendable, Hashable {
    case everything
    case channel(ChannelID)
    /// One or several videos, searched inside what they belong to.
    case videos([VideoID])
}

extension Video {
    private static let selection: SQL = """
        SELECT v.id, v.youtube_id, v.channel_id, v.source_id, v.title, v.language, v.duration_ms, v.state, v.passages,
            v.created_at, v.indexed_at, coalesce(j.attempts, 0) AS attempts,
            CASE WHEN j.state = 'running' THEN CASE j.kind WHEN \(IndexVideoJob.kind) THEN 'embedding'
                    WHEN \(TranscribeVideoJob.kind) THEN 'transcribing' ELSE 'fetching' END
                WHEN i.video_id IS NULL AND v.state = 'pending' AND f.outcome = 'later' THEN 'later'
                ELSE coalesce(i.stage, r.stage) END AS stage,
            coalesce(i.last_error, r.last_error, CASE WHEN v.state <> 'ready' THEN f.reason END, j.last_error) AS last_error,
            j.progress_done, j.progress_total
        FROM videos v LEFT JOIN ingests i ON i.video_id = v.id LEFT JOIN video_fetches f ON f.video_id = v.id
            LEFT JOIN recordings r ON r.video_id = v.id
            LEFT JOIN jobs j ON j.subject = CAST(v.id AS TEXT)
                AND ((i.video_id IS NOT NULL AND j.kind = \(IndexVideoJob.kind))
                    OR (i.video_id IS NULL AND r.video_id IS NULL AND f.outcome = 'wanted'
                        AND j.kind IN (\(FetchVideoJob.kind), \(TranscribeVideoJob.kind)))
                    OR (i.video_id IS NULL AND r.video_id IS NOT NULL AND j.kind = \(TranscribeVideoJob.kind)))
        """

    /// The video that a person means by an id, a YouTube id, or a file's stem; the newest where several fit.
    package static func find(_ reference: String, on db: some SQLRunner) async throws -> Video? {
        let id = VideoID(reference)
        return try await db.first(
            """
            \(selection) WHERE v.id = \(id) OR v.youtube_id = \(reference) OR v.source_id = \(reference)
            ORDER BY CASE WHEN v.id = \(id) THEN 0 WHEN v.youtube_id = \(reference) THEN 1 ELSE 2 END,
                v.id DESC
            LIMIT 1
            """, as: Video.self)
    }

    /// The videos that fit a reference best, the newest first; more than one where a file's stem is in several channels.
    static func candidates(_ reference: String, limit: Int, on db: some SQLRunner) async throws -> [Video] {
        if let found = try await find(reference, on: db), found.sourceID != reference { return [found] }
        return try await db.rows(
            "\(selection) WHERE v.source_id = \(reference) ORDER BY v.id DESC LIMIT \(limit)", as: Video.self)
    }

    package static func get(_ id: VideoID, on db: some SQLRunner) async throws -> Video? {
        try await db.first("\(selection) WHERE v.id = \(id)", as: Video.self)
    }

    package static func get(_ ids: [VideoID], on db: some SQLRunner) async throws -> [VideoID: Video] {
        let rows = try await db.rows("\(selection) WHERE v.id IN \(list: ids)", as: Video.self)
        return Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A page of videos in the order they were added, after the one named by `cursor`.
    package static func list(
        in channel: ChannelID? = nil, after cursor: VideoID?, limit: Int, on db: some SQLRunner
    ) async throws -> [Video] {
        let after = cursor ?? .lowest
        guard let channel else {
            return try await db.rows("\(selection) WHERE v.id > \(after) ORDER BY v.id LIMIT \(limit)", as: Video.self)
        }
        return try await db.rows(
            "\(selection) WHERE v.channel_id = \(channel) AND v.id > \(after) ORDER BY v.id LIMIT \(limit)",
            as: Video.self)
    }

    /// Removes the video with its transcript, passages and segments; false when there was none. The list of its channel
    /// does not bring it back.
    ///
    /// What waits to be listened to or for its index goes first: whoever writes these takes his locks in the same order.
    package static func delete(_ id: VideoID, on tx: some SQLRunner) async throws -> Bool {
        for table in ["recordings", "ingests"] {
            try await tx.execute("DELETE FROM \(unescaped: table) WHERE video_id = \(id)")
        }
        for kind in [FetchVideoJob.kind, TranscribeVideoJob.kind, AwaitVideoJob.kind, IndexVideoJob.kind] {
            try await Job.cancel(kind, id.description, on: tx)
        }
        try await DeletedVideo.remember(id, on: tx)
        let scopes = try await tx.rows(
            "DELETE FROM videos WHERE id = \(id) RETURNING channel_id", as: ScopeOfVideo.self)
        guard let scope = scopes.first else { return false }
        try await ScopeVersion.bump(scope.channelID, on: tx)
        return true
    }

    /// What an answer over a scope could have seen.
    package static func coverage(of scope: Scope, on db: some SQLRunner) async throws -> Coverage {
        let counts: SQL = """
            SELECT count(*) AS in_scope, count(*) FILTER (WHERE state = 'ready') AS ready,
                count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'failed') AS failed
            FROM videos
            """
        let found =
            switch scope {
            case .everything: try await db.first(counts, as: Coverage.self)
            case .channel(let id): try await db.first("\(counts) WHERE channel_id = \(id)", as: Coverage.self)
            case .videos(let ids): try await db.first("\(counts) WHERE id IN \(list: ids)", as: Coverage.self)
            }
        return found ?? Coverage(inScope: 0, searched: 0, withoutTranscript: 0, pending: 0)
    }
}

/// How much of a scope an answer could see.
package struct Coverage: Sendable, Hashable {
    package var inScope: Int
    package var searched: Int
    package var withoutTranscript: Int
    package var pending: Int
}

extension Coverage: RowDecodable {
    package init(row: Row) throws {
        inScope = try row.decode("in_scope")
        searched = try row.decode("ready")
        withoutTranscript = try row.decode("failed")
        pending = try row.decode("pending")
    }
}

private struct ScopeOfVideo: RowDecodable {
    let channelID: ChannelID?
    init(row: Row) throws { channelID = try row.decode("channel_id") }
}
