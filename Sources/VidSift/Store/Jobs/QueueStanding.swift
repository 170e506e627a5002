package import Database
package import Foundation

/// How many jobs of a kind stand where.
package struct QueueCounts: Sendable, Hashable {
    package var scheduled = 0
    package var pending = 0
    package var running = 0
    package var waiting = 0
    package var completed = 0
    package var buried = 0
    package var cancelled = 0
}

/// The queue as a whole.
package struct QueueStanding: Sendable, Hashable {
    package var kinds: [JobKind: QueueCounts]
    /// How long ago the oldest job that waits for a place was put there; nil where none waits.
    package var oldestPending: Date?
    /// The database's time when this was read.
    package var readAt: Date
    /// Jobs that were done in the last minutes.
    package var recentlyCompleted: Int
    package static let recent = Duration.seconds(300)

    package var oldestPendingAge: Duration {
        oldestPending.map { .seconds(max(0, readAt.timeIntervalSince($0))) } ?? .zero
    }
}

extension QueueStanding {
    /// - Throws: `DatabaseError`.
    package static func get(on db: some SQLRunner) async throws -> QueueStanding {
        let (open, ended, oldest, completed, now) = try await db.pipeline { pipeline in
            (
                pipeline.rows("SELECT kind, state, count(*) AS jobs FROM jobs GROUP BY kind, state", as: Count.self),
                pipeline.rows(
                    "SELECT kind, state, count(*) AS jobs FROM job_archive GROUP BY kind, state", as: Count.self),
                pipeline.value("SELECT min(run_at) FROM jobs WHERE state = 'pending'", as: Date?.self),
                pipeline.value(
                    """
                    SELECT count(*) FROM job_archive WHERE state = 'completed'
                        AND finished_at > seconds_from_now(\(-(recent / .seconds(1))))
                    """, as: Int.self),
                pipeline.value("SELECT now()", as: Date.self)
            )
        }
        var kinds: [JobKind: QueueCounts] = [:]
        for count in try open.value + ended.value { kinds[count.kind, default: QueueCounts()].add(count) }
        return QueueStanding(
            kinds: kinds, oldestPending: try oldest.value ?? nil, readAt: try now.value ?? Date(),
            recentlyCompleted: try completed.value ?? 0)
    }

    fileprivate struct Count: RowDecodable {
        let kind: JobKind
        let state: String
        let jobs: Int

        init(row: Row) throws {
            kind = try row.decode("kind")
            state = try row.decode("state")
            jobs = try row.decode("jobs")
        }
    }
}

extension QueueCounts {
    fileprivate mutating func add(_ count: QueueStanding.Count) {
        switch (JobState(rawValue: count.state), ArchivedJob.State(rawValue: count.state)) {
        case (.scheduled, _): scheduled += count.jobs
        case (.pending, _): pending += count.jobs
        case (.running, _): running += count.jobs
        case (.waiting, _): waiting += count.jobs
        case (_, .completed): completed += count.jobs
        case (_, .buried): buried += count.jobs
        case (_, .cancelled): cancelled += count.jobs
        case (nil, nil): break
        }
    }
}

extension Job {
    /// The place among those of its kind that wait for a worker, from 1; 0 when it does not wait for one.
    package func position(on db: some SQLRunner) async throws -> Int {
        guard state == .pending else { return 0 }
        let before = try await db.value(
            """
            SELECT count(*) FROM jobs j JOIN jobs me ON me.id = \(id)
            WHERE j.kind = \(kind) AND j.state = 'pending' AND (j.priority > me.priority OR (j.priority = me.priority
                AND (j.turn < me.turn OR (j.turn = me.turn
                    AND (j.run_at < me.run_at OR (j.run_at = me.run_at AND j.id < me.id))))))
            """, as: Int.self)
        return (before ?? 0) + 1
    }

    /// How many finished jobs tell how long one takes.
    private static let measuredJobs = 50

    /// How long the last jobs of a kind took, on average; nil where none was done yet.
    package static func usualDuration(of kind: JobKind, on db: some SQLRunner) async throws -> Duration? {
        let durations = try await db.fetch(
            """
            SELECT started_at, finished_at FROM job_archive WHERE kind = \(kind) AND state = 'completed'
            ORDER BY finished_at DESC LIMIT \(measuredJobs)
            """, limit: nil
        ) { row in
            let finished: Date = try row.decode("finished_at")
            let started: Date? = try row.decode("started_at")
            return started.map { max(0, finished.timeIntervalSince($0)) } ?? 0
        }
        guard !durations.isEmpty else { return nil }
        return .seconds(durations.reduce(0, +) / Double(durations.count))
    }
}
