package import Database

/// What became of the wish to have a video indexed again.
package enum Reindexed: Sendable, Hashable {
    case queued(JobID)
    /// Its job waits or runs.
    case alreadyQueued(JobID)
    /// It has no transcript, or is not there any more.
    case nothingToIndex
}

extension IndexVideoJob {
    /// Has a video indexed again, in the caller's transaction: a failed one by its own job, with its history.
    ///
    /// - Parameter priority: nil: that of the failed job, or the normal one.
    package static func request(
        _ video: VideoID, requester: String, priority: JobPriority?, on tx: some SQLRunner
    ) async throws -> Reindexed {
        if let job = try await Job.get(kind, video.description, on: tx) { return .alreadyQueued(job.id) }
        let hasContent = try await tx.value(
            "SELECT count(*) FROM videos v WHERE v.id = \(video) AND \(hasContent)", as: Int.self)
        guard hasContent == 1 else { return .nothingToIndex }
        try await PendingIngest.revive(video, on: tx)
        let queued = try await enqueue(video, requester: requester, priority: priority, on: tx)
        // Finds the job there, and gives it the transcript where no other one waits.
        try await StoredTranscript.acceptAgain(video, on: tx)
        return queued
    }

    private static func enqueue(
        _ video: VideoID, requester: String, priority: JobPriority?, on tx: some SQLRunner
    ) async throws -> Reindexed {
        if let ended = try await ArchivedJob.last(kind, video.description, on: tx),
            try await ArchivedJob.redrive(ended.id, on: tx)
        {
            if let priority { try await Job.reprioritise(ended.id, of: kind, to: priority, on: tx) }
            return .queued(ended.id)
        }
        let job = try NewJob(
            IndexVideoJob(video: video), requester: requester, priority: priority ?? .normal)
        switch try await job.enqueue(on: tx) {
        case .added(let id): return .queued(id)
        case .alreadyThere(let id): return .alreadyQueued(id)
        }
    }

    /// A transcript that waits or serves.
    private static let hasContent: SQL = """
        (EXISTS (SELECT 1 FROM ingests i WHERE i.video_id = v.id) OR (v.checksum IS NOT NULL
            AND EXISTS (SELECT 1 FROM transcripts t WHERE t.video_id = v.id)))
        """
}

extension Job {
    /// Gives a job that waits another priority; there it is the next one.
    fileprivate static func reprioritise(
        _ id: JobID, of kind: JobKind, to priority: JobPriority, on tx: some SQLRunner
    ) async throws {
        try await tx.execute(
            """
            UPDATE jobs SET priority = \(priority), updated_at = now(), turn = coalesce((
                SELECT turn FROM jobs j WHERE j.kind = \(kind) AND j.state = 'pending' AND j.priority = \(priority)
                ORDER BY turn LIMIT 1), 0)
            WHERE id = \(id)
            """)
    }

    /// How many jobs of a kind are in a state.
    static func count(
        of kind: JobKind, _ state: JobState, atMost limit: Int, on db: some SQLRunner
    ) async throws -> Int {
        try await db.value(
            """
            SELECT count(*) FROM (SELECT 1 FROM jobs WHERE kind = \(kind) AND state = \(state) LIMIT \(limit)) AS found
            """, as: Int.self) ?? 0
    }

    /// How many jobs of a kind could begin now if there were places.
    package static func countDue(of kind: JobKind, atMost limit: Int, on db: some SQLRunner) async throws -> Int {
        try await db.value(
            """
            SELECT count(*) FROM (SELECT 1 FROM jobs WHERE kind = \(kind)
                AND (state = 'pending' OR (state = 'scheduled' AND run_at <= now())) LIMIT \(limit)) AS due
            """, as: Int.self) ?? 0
    }
}

extension CronRun {
    /// How many of the runs that are kept stand where.
    package static func countByState(on db: some SQLRunner) async throws -> [State: Int] {
        let rows = try await db.rows(
            "SELECT state, count(*) AS runs FROM cron_runs GROUP BY state", as: StateCount.self)
        return Dictionary(rows.map { ($0.state, $0.runs) }, uniquingKeysWith: +)
    }

    private struct StateCount: RowDecodable {
        let state: State
        let runs: Int

        init(row: Row) throws {
            state = try row.decode("state")
            runs = try row.decode("runs")
        }
    }
}
