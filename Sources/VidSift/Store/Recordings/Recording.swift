internal import Database
internal import Foundation

/// A recording that was added as a file and is to be listened to. The work itself is a job; its sound is in
/// `SoundPiece`s.
struct Recording: Sendable, Hashable {
    /// Whether it is still being tried.
    enum Stage: String, Sendable, SQLBindable, SQLDecodable {
        case accepted
        /// Given up: its sound is gone. It is tried again when the file is added again.
        case failed
    }

    var videoID: VideoID
    /// SHA-256 of the file and of what was said about it, hexadecimal.
    var checksum: String
    var title: String
    /// As somebody said.
    var language: String?
    /// Of its sound, in all pieces.
    var bytes: Int
    var stage: Stage
    var lastError: String?

    /// Attempts that fail in vain after which it is given up: with the pauses between them some three days. The file may
    /// be gone by then, so it is not given up in a night.
    static let maximumAttempts = 20
}

extension Recording: RowDecodable {
    init(row: Row) throws {
        videoID = try row.decode("video_id")
        checksum = try row.decode("checksum")
        title = try row.decode("title")
        language = try row.decode("language")
        bytes = try row.decode("bytes")
        stage = try row.decode("stage")
        lastError = try row.decode("last_error")
    }
}

extension Recording {
    static func get(_ video: VideoID, on db: some SQLRunner) async throws -> Recording? {
        try await db.first(
            """
            SELECT video_id, checksum, title, language, bytes, stage, last_error FROM recordings
            WHERE video_id = \(video)
            """, as: Recording.self)
    }

    /// Whether it is still this file that is to be listened to; it stays so until the transaction ends.
    func isWanted(in tx: some SQLRunner) async throws -> Bool {
        let checksum = try await tx.value(
            """
            SELECT checksum FROM recordings WHERE video_id = \(videoID) AND stage = \(Stage.accepted)
            \(lock: .update(.waiting))
            """, as: String.self)
        return checksum == self.checksum
    }

    /// Writes down what is to be listened to, without its sound, and the job that does it; a recording that waited for
    /// the same video goes with its sound. A job that is running already finds the new one at its end.
    ///
    /// - Returns: the job's id.
    func accept(requester: String, priority: JobPriority, on tx: some SQLRunner) async throws -> JobID {
        try await Self.remove(videoID, on: tx)
        try await tx.execute(
            """
            INSERT INTO recordings (video_id, checksum, title, language, bytes, stage, created_at, updated_at)
            VALUES (\(videoID), \(checksum), \(title), \(language), \(bytes), \(stage), now(), now())
            """)
        try await tx.execute(
            "UPDATE videos SET state = 'pending', updated_at = now() WHERE id = \(videoID) AND state = 'failed'")
        let enqueued = try await Self.job(videoID, requester: requester, priority: priority).enqueue(on: tx)
        // What failed with another file says nothing about this one.
        if !enqueued.isNew { try await Job.startOver(enqueued.id, on: tx) }
        return enqueued.id
    }

    /// Removes what is kept of a video's recording: its row, its sound, and what was heard so far.
    static func remove(_ video: VideoID, on tx: some SQLRunner) async throws {
        try await tx.execute("DELETE FROM recordings WHERE video_id = \(video)")
        try await TranscribedPart.removeAll(of: video, on: tx)
    }

    /// Gives the work up, in the transaction that buries its job, and removes the sound. An older index of the video goes
    /// on serving; a video without one has failed. A file that was accepted since the attempt began is not touched.
    static func bury(_ video: VideoID, error: String, since start: Date?, on tx: some SQLRunner) async throws {
        let buried = try await tx.execute(
            """
            UPDATE recordings SET stage = \(Stage.failed), last_error = \(error), updated_at = now()
            WHERE video_id = \(video) AND stage = \(Stage.accepted) AND updated_at <= \(start ?? .distantFuture)
            """)
        guard buried > 0 else { return }
        try await SoundPiece.removeAll(of: video, on: tx)
        try await TranscribedPart.removeAll(of: video, on: tx)
        try await tx.execute(
            """
            UPDATE videos SET state = 'failed', updated_at = now()
            WHERE id = \(video) AND state = 'pending' AND NOT EXISTS (SELECT 1 FROM ingests WHERE video_id = \(video))
            """)
    }

    /// Writes down the jobs of accepted recordings that have none: after a move from another database.
    ///
    /// - Returns: how many were missing.
    static func adoptOrphans(limit: Int = 1_000, on tx: some SQLRunner) async throws -> Int {
        let orphans = try await tx.values(
            """
            SELECT r.video_id FROM recordings r WHERE r.stage = 'accepted' AND NOT EXISTS (
                SELECT 1 FROM jobs j WHERE j.kind = \(TranscribeVideoJob.kind)
                    AND j.subject = CAST(r.video_id AS TEXT))
            ORDER BY r.created_at, r.video_id LIMIT \(limit)
            """, as: VideoID.self)
        return try await NewJob.enqueue(orphans.map { try job($0, priority: .low) }, on: tx)
    }

    /// The job of a recording that waits to be listened to, made where there is none; nil where no recording waits.
    static func request(
        _ video: VideoID, requester: String, priority: JobPriority?, on tx: some SQLRunner
    ) async throws -> Enqueued? {
        let stage = try await tx.value(
            "SELECT stage FROM recordings WHERE video_id = \(video) \(lock: .update(.waiting))", as: Stage.self)
        guard stage == .accepted else { return nil }
        return try await job(video, requester: requester, priority: priority ?? .normal).enqueue(on: tx)
    }

    private static func job(_ video: VideoID, requester: String = "", priority: JobPriority) throws -> NewJob {
        try NewJob(
            TranscribeVideoJob(video: video), requester: requester, priority: priority,
            maximumAttempts: maximumAttempts)
    }
}
