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
    /// Attempts in a row that did not come to an end of any kind.
    var crashes: Int
    var lastError: String?
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
        crashes = try row.decode("crashes")
        lastError = try row.decode("last_error")
    }
}

extension PendingIngest {
    static func get(_ id: VideoID, on db: some SQLRunner) async throws -> PendingIngest? {
        try await db.first(
            """
            SELECT i.video_id, v.channel_id, i.checksum, i.title, i.transcript, i.attempts, i.crashes,
                i.last_error
            FROM ingests i JOIN videos v ON v.id = i.video_id WHERE i.video_id = \(id)
            """, as: PendingIngest.self)
    }

    /// What is accepted for a video; nil where nothing is.
    static func checksum(of id: VideoID, on db: some SQLRunner) async throws -> String? {
        try await db.value("SELECT checksum FROM ingests WHERE video_id = \(id)", as: String.self)
    }

    /// The videos whose work is due, oldest first.
    ///
    /// - Parameters:
    ///   - prefix: what the name of a lock on a video begins with.
    ///   - evenIfHeld: also those that are locked.
    static func due(
        lockPrefix prefix: String, evenIfHeld: Bool, limit: Int, on db: some SQLRunner
    ) async throws -> [VideoID] {
        try await db.values(
            """
            SELECT i.video_id FROM ingests i WHERE i.stage <> \(Stage.failed) AND i.run_at <= now()
                AND (\(evenIfHeld) OR NOT EXISTS (SELECT 1 FROM processing_locks l
                    WHERE l.name = \(prefix) || CAST(i.video_id AS TEXT) AND l.expires_at > now()))
            ORDER BY i.run_at, i.video_id LIMIT \(limit)
            """, as: VideoID.self)
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
                transcript = excluded.transcript, stage = excluded.stage, attempts = 0, crashes = 0, last_error = NULL,
                run_at = excluded.run_at, updated_at = excluded.updated_at
            """)
    }

    /// Counts an attempt before it is made, so that one that ends its process is counted, too.
    func begin(on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE ingests SET stage = \(Stage.embedding), attempts = attempts + 1, crashes = crashes + 1,
                updated_at = now() WHERE video_id = \(videoID) AND checksum = \(checksum)
            """)
    }

    /// Takes the attempt back: it was stopped on purpose.
    func forgive(on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), attempts = attempts - 1, crashes = 0, updated_at = now()
            WHERE video_id = \(videoID) AND checksum = \(checksum) AND attempts > 0
            """)
    }

    /// Puts the work off after a passing failure; content that was accepted meanwhile is not touched.
    func putOff(for delay: Duration, error: String, on db: some SQLRunner) async throws {
        try await db.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), last_error = \(error), crashes = 0,
                run_at = seconds_from_now(\(delay / .seconds(1))), updated_at = now()
            WHERE video_id = \(videoID) AND checksum = \(checksum)
            """)
    }

    /// Puts back to work all that was given up.
    static func revive(on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), attempts = 0, crashes = 0, run_at = now(), updated_at = now()
            WHERE stage = \(Stage.failed)
            """)
        try await tx.execute(
            """
            UPDATE videos SET state = 'pending', updated_at = now()
            WHERE state = 'failed' AND id IN (SELECT video_id FROM ingests)
            """)
    }

    /// Gives the work up. An older index of the video goes on serving; a video without one has failed. Content that was
    /// accepted meanwhile is not touched.
    func bury(error: String, on tx: some SQLRunner) async throws {
        let buried = try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.failed), last_error = \(error), updated_at = now()
            WHERE video_id = \(videoID) AND checksum = \(checksum)
            """)
        guard buried > 0 else { return }
        try await tx.execute(
            "UPDATE videos SET state = 'failed', updated_at = now() WHERE id = \(videoID) AND state = 'pending'")
    }
}
