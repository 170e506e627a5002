package import Database

/// The worker's side of a lease: who claims, and for how long.
package struct Claimant: Sendable, Hashable {
    /// The name of this run of the program, unlike that of any other.
    package var worker: String
    package var lease: Duration

    package init(worker: String, lease: Duration) {
        self.worker = worker
        self.lease = lease
    }
}

extension Job {
    /// The most jobs that are claimed by one statement.
    package static let largestClaim = 256
    /// The most scheduled jobs that become pending by one statement.
    private static let largestPromotion = 1_000

    /// Takes the next jobs of a kind: each is this worker's until the lease ends or it lets go.
    ///
    /// One statement; its order is priority, turn, time, id.
    package static func claim(_ kind: JobKind, limit: Int, by claimant: Claimant) -> SQL {
        """
        WITH next AS MATERIALIZED (
            SELECT id FROM jobs WHERE kind = \(kind) AND state = 'pending'
            ORDER BY priority DESC, turn, run_at, id LIMIT \(min(limit, largestClaim)) \(lock: .update(.skipping))
        )
        UPDATE jobs SET state = 'running', worker = \(claimant.worker), fence = fence + 1, attempts = attempts + 1,
            lease_until = seconds_from_now(\(claimant.lease / .seconds(1))), started_at = now(), updated_at = now()
        FROM next WHERE jobs.id = next.id
        RETURNING \(columnsOfJobs)
        """
    }

    private static let columnsOfJobs: SQL = """
        jobs.id, kind, version, subject, payload, requester, priority, turn, state, run_at, attempts, crashes,
            max_attempts, fence, worker, lease_until, started_at, cancel_requested, progress_done, progress_total,
            last_error, parent_id, open_children, created_at
        """

    /// Lets those begin whose time has come.
    @discardableResult
    package static func promoteDue(on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            UPDATE jobs SET state = 'pending', updated_at = now() WHERE id IN (
                SELECT id FROM jobs WHERE state = 'scheduled' AND run_at <= now()
                ORDER BY run_at LIMIT \(largestPromotion) \(lock: .update(.skipping)))
            """)
    }

    /// Whether a claim or a promotion would find anything. Only reads, so it costs nothing to ask often.
    package static func isAnyDue(of kinds: [JobKind], on db: some SQLRunner) async throws -> Bool {
        var sum: SQL = """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'scheduled' AND run_at <= now()
                ORDER BY run_at LIMIT 1) AS found)
            """
        // Each kind by itself, in the order of the index: so one row is looked at, whatever a planner thinks.
        for kind in kinds {
            sum = """
                \(sum) + (SELECT count(*) FROM (SELECT 1 FROM jobs WHERE kind = \(kind) AND state = 'pending'
                    ORDER BY priority DESC, turn, run_at, id LIMIT 1) AS found)
                """
        }
        return try await db.value(sum, as: Int.self) ?? 0 > 0
    }
}

extension Job {
    /// Whether anything of these kinds is running or could.
    package static func isAnyOpen(of kinds: [JobKind], on db: some SQLRunner) async throws -> Bool {
        if try await isAnyDue(of: kinds, on: db) { return true }
        return try await db.value(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM jobs WHERE state = 'running' AND lease_until IS NOT NULL AND kind IN \(list: kinds)
                ORDER BY lease_until LIMIT 1) AS found
            """, as: Int.self) ?? 0 > 0
    }
}
