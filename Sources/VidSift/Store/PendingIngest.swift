internal import Database
internal import Foundation

/// An accepted transcript whose index is still to be made: the row that remembers stage, attempts and last error.
struct PendingIngest: Sendable {
    /// How far the work has come.
    enum Stage: String, Sendable {
        case accepted
        case embedding
        /// Given up after `attempts`; tried again when the file is added again.
        case failed
    }

    var videoID: VideoID
    var channelID: ChannelID?
    var checksum: String
    var title: String
    /// The transcript as JSON.
    var transcript: String
    var attempts: Int
}

extension PendingIngest.Stage: SQLBindable, SQLDecodable {}

extension PendingIngest: RowDecodable {
    init(row: Row) throws {
        videoID = try row.decode("video_id")
        channelID = try row.decode("channel_id")
        checksum = try row.decode("checksum")
        title = try row.decode("title")
        transcript = try row.decode("transcript")
        attempts = try row.decode("attempts")
    }
}

extension PendingIngest {
    static func get(_ id: VideoID, on db: some SQLRunner) async throws -> PendingIngest? {
        try await db.first(
            """
            SELECT i.video_id, v.channel_id, i.checksum, i.title, i.transcript, i.attempts
            FROM ingests i JOIN videos v ON v.id = i.video_id WHERE i.video_id = \(id)
            """, as: PendingIngest.self)
    }

    /// The videos whose work is due, oldest first.
    static func due(limit: Int, on db: some SQLRunner) async throws -> [VideoID] {
        try await db.values(
            """
            SELECT video_id FROM ingests WHERE stage <> \(Stage.failed) AND run_at <= now()
            ORDER BY run_at, video_id LIMIT \(limit)
            """, as: VideoID.self)
    }

    /// When the next work is due that is not due yet.
    static func nextDue(on db: some SQLRunner) async throws -> Date? {
        try await db.value(
            "SELECT run_at FROM ingests WHERE stage <> \(Stage.failed) ORDER BY run_at LIMIT 1", as: Date.self)
    }

    /// How many transcripts wait.
    static func count(on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT count(*) FROM ingests WHERE stage <> \(Stage.failed)", as: Int.self) ?? 0
    }

    /// Writes down what is to be indexed; a transcript that waited for the same video is replaced.
    static func accept(
        _ video: VideoID, checksum: String, title: String, transcript: String, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO ingests (video_id, checksum, title, transcript, stage, run_at, created_at, updated_at)
            VALUES (\(video), \(checksum), \(title), \(transcript), \(Stage.accepted), now(), now(), now())
            ON CONFLICT (video_id) DO UPDATE SET checksum = excluded.checksum, title = excluded.title,
                transcript = excluded.transcript, stage = excluded.stage, attempts = 0, last_error = NULL,
                run_at = excluded.run_at, updated_at = excluded.updated_at
            """)
    }

    /// Counts an attempt before it is made, so that one that kills the process is counted, too.
    static func begin(_ video: VideoID, on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE ingests SET stage = \(Stage.embedding), attempts = attempts + 1, updated_at = now()
            WHERE video_id = \(video)
            """)
    }

    /// Puts the work off after a passing failure.
    static func putOff(_ video: VideoID, for delay: Duration, error: String, on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), last_error = \(error),
                run_at = seconds_from_now(\(delay / .seconds(1))), updated_at = now() WHERE video_id = \(video)
            """)
    }

    /// Puts back to work all that was given up.
    static func revive(on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE videos SET state = 'pending', updated_at = now() WHERE state = 'failed'
                AND id IN (SELECT video_id FROM ingests WHERE stage = \(Stage.failed))
            """)
        try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), attempts = 0, run_at = now(), updated_at = now()
            WHERE stage = \(Stage.failed)
            """)
    }

    /// Gives the work up. An older index of the video goes on serving; a video without one has failed.
    static func bury(_ video: VideoID, error: String, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.failed), last_error = \(error), updated_at = now()
            WHERE video_id = \(video)
            """)
        try await tx.execute(
            "UPDATE videos SET state = 'failed', updated_at = now() WHERE id = \(video) AND state = 'pending'")
    }
}
