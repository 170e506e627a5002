internal import Database
internal import Foundation

/// An accepted transcript whose index is still to be made. The work itself is a job; this row keeps what is too large
/// for one.
struct PendingIngest: Sendable {
    /// Whether it is still being tried.
    enum Stage: String, Sendable {
        case accepted
        /// Given up; tried again when the file is added again, and at the next start of a server.
        case failed
    }

    var videoID: VideoID
    var channelID: ChannelID?
    var checksum: String
    var title: String
    /// The transcript as JSON.
    var transcript: String
}

extension PendingIngest.Stage: SQLBindable, SQLDecodable {}

extension PendingIngest: RowDecodable {
    init(row: Row) throws {
        videoID = try row.decode("video_id")
        channelID = try row.decode("channel_id")
        checksum = try row.decode("checksum")
        title = try row.decode("title")
        transcript = try row.decode("transcript")
    }
}

/// Build the index of a video whose transcript was accepted.
package struct IndexVideoJob: JobPayload, Hashable {
    package static let kind = JobKind(rawValue: "index_video")
    package static let version = 1

    package var video: VideoID
    package var subject: String { video.description }

    package init(video: VideoID) {
        self.video = video
    }
}

extension PendingIngest {
    static func get(_ id: VideoID, on db: some SQLRunner) async throws -> PendingIngest? {
        try await db.first(
            """
            SELECT i.video_id, v.channel_id, i.checksum, i.title, i.transcript
            FROM ingests i JOIN videos v ON v.id = i.video_id WHERE i.video_id = \(id)
            """, as: PendingIngest.self)
    }

    /// What is accepted for a video; nil where nothing is.
    static func checksum(of id: VideoID, on db: some SQLRunner) async throws -> String? {
        try await db.value("SELECT checksum FROM ingests WHERE video_id = \(id)", as: String.self)
    }

    /// How many transcripts wait.
    static func count(on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT count(*) FROM ingests WHERE stage <> \(Stage.failed)", as: Int.self) ?? 0
    }

    /// Writes down what is to be indexed, and the job that does it; a transcript that waited for the same video is
    /// replaced. A job that is running already finds the new transcript at its end.
    ///
    /// - Returns: the job's id.
    @discardableResult
    static func accept(
        _ video: VideoID, checksum: String, title: String, transcript: String, requester: String,
        priority: JobPriority = .normal, parentID: JobID? = nil, on tx: some SQLRunner
    ) async throws -> JobID {
        try await tx.execute(
            """
            INSERT INTO ingests (video_id, checksum, title, transcript, stage, created_at, updated_at)
            VALUES (\(video), \(checksum), \(title), \(transcript), \(Stage.accepted), now(), now())
            ON CONFLICT (video_id) DO UPDATE SET checksum = excluded.checksum, title = excluded.title,
                transcript = excluded.transcript, stage = excluded.stage, last_error = NULL,
                updated_at = excluded.updated_at
            """)
        let job = try NewJob(
            IndexVideoJob(video: video), requester: requester, priority: priority, parentID: parentID)
        let enqueued = try await job.enqueue(on: tx)
        // What failed with other content says nothing about this.
        if !enqueued.isNew { try await Job.startOver(enqueued.id, on: tx) }
        return enqueued.id
    }

    /// Writes down the jobs of accepted transcripts that have none: after a move from another database, or from a
    /// version of the program that had no jobs.
    ///
    /// - Returns: how many were missing.
    static func adoptOrphans(limit: Int = 1_000, on tx: some SQLRunner) async throws -> Int {
        let orphans = try await tx.values(
            """
            SELECT i.video_id FROM ingests i WHERE i.stage = 'accepted' AND NOT EXISTS (
                SELECT 1 FROM jobs j WHERE j.kind = \(IndexVideoJob.kind) AND j.subject = CAST(i.video_id AS TEXT))
            ORDER BY i.created_at, i.video_id LIMIT \(limit)
            """, as: VideoID.self)
        return try await NewJob.enqueue(orphans.map { try NewJob(IndexVideoJob(video: $0), priority: .low) }, on: tx)
    }

    /// Puts what was given up back among what is being tried; `adoptOrphans` or a redrive gives it its job.
    static func revive(_ video: VideoID? = nil, on tx: some SQLRunner) async throws {
        let which: SQL = if let video { "AND video_id = \(video)" } else { "" }
        let same: SQL = if let video { "AND id = \(video)" } else { "" }
        try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.accepted), last_error = NULL, updated_at = now()
            WHERE stage = \(Stage.failed) \(which)
            """)
        try await tx.execute(
            """
            UPDATE videos SET state = 'pending', updated_at = now()
            WHERE state = 'failed' \(same) AND id IN (SELECT video_id FROM ingests WHERE stage = \(Stage.accepted))
            """)
    }

    /// Gives the work up, in the transaction that buries its job. An older index of the video goes on serving; a video
    /// without one has failed. Content that was accepted since the attempt began is not touched.
    static func bury(_ video: VideoID, error: String, since start: Date?, on tx: some SQLRunner) async throws {
        let buried = try await tx.execute(
            """
            UPDATE ingests SET stage = \(Stage.failed), last_error = \(error), updated_at = now()
            WHERE video_id = \(video) AND updated_at <= \(start ?? .distantFuture)
            """)
        guard buried > 0 else { return }
        try await tx.execute(
            "UPDATE videos SET state = 'failed', updated_at = now() WHERE id = \(video) AND state = 'pending'")
    }
}
