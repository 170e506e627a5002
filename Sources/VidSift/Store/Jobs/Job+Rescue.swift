package import Database

/// A running job as its worker sees it at a heartbeat.
package struct RenewedJob: Sendable, Hashable, RowDecodable {
    package var id: JobID
    package var fence: Int
    package var isCancelRequested: Bool

    package init(id: JobID, fence: Int, isCancelRequested: Bool) {
        self.id = id
        self.fence = fence
        self.isCancelRequested = isCancelRequested
    }

    package init(row: Row) throws {
        id = try row.decode("id")
        fence = try row.decode("fence")
        isCancelRequested = try row.decode("cancel_requested")
    }
}

extension Job {
    /// Puts off the end of the leases on jobs of this worker. A row that a transaction of its own handler has locked is
    /// passed over: nobody else can take it meanwhile.
    package static func renewal(of ids: [JobID], for claimant: Claimant) -> SQL {
        """
        WITH mine AS MATERIALIZED (
            SELECT id FROM jobs WHERE \(held(ids, by: claimant)) \(lock: .update(.skipping))
        )
        UPDATE jobs SET lease_until = seconds_from_now(\(claimant.lease / .seconds(1)))
        FROM mine WHERE jobs.id = mine.id
        """
    }

    /// The jobs that are still this worker's. What is not in the answer is lost.
    package static func stillHeld(_ ids: [JobID], by claimant: Claimant) -> SQL {
        "SELECT id, fence, cancel_requested FROM jobs WHERE \(held(ids, by: claimant))"
    }

    private static func held(_ ids: [JobID], by claimant: Claimant) -> SQL {
        "id IN \(list: ids.paddedForOneStatement) AND worker = \(claimant.worker) AND state = 'running'"
    }

    /// Writes down how much of a job is done.
    package static func progressUpdate(_ progress: JobProgress, of job: HeldJob) -> SQL {
        """
        UPDATE jobs SET progress_done = \(progress.done), progress_total = \(progress.total)
        WHERE id = \(job.id) AND worker = \(job.worker) AND fence = \(job.fence)
        """
    }

    /// Which leases are taken from their workers.
    package enum Abandoned: Sendable {
        /// Those that are over by the database's clock.
        case expired
        /// The same, while the worker that asks is itself seen by the database: a rescue that a stall has held up finds
        /// nothing, for its asker was not heard either.
        case expiredSeenBy(WorkerID, within: Duration)
        /// Those that were over long before: no worker has looked after them.
        case expiredLongAgo
        /// All that others hold: whoever asks knows that they are gone.
        case heldByOthers(than: String)

        fileprivate var condition: SQL {
            switch self {
            case .expired: "state = 'running' AND lease_until <= now()"
            case .expiredSeenBy(let worker, let time):
                """
                state = 'running' AND lease_until <= now() AND EXISTS (SELECT 1 FROM workers w
                    WHERE w.id = \(worker) AND w.seen_at > seconds_from_now(\(-(time / .seconds(1)))))
                """
            case .expiredLongAgo: "state = 'running' AND lease_until <= seconds_from_now(-30)"
            case .heldByOthers(let worker): "state = 'running' AND worker <> \(worker)"
            }
        }
    }

    /// The most jobs that are rescued by one transaction.
    private static let largestRescue = 500

    /// Puts the jobs of workers that are gone back to work. Those that were to be cancelled are cancelled by whoever takes
    /// them: he knows what else ends with them.
    ///
    /// - Parameter rescuer: the worker that asks: where it lost a job of its own, nothing has crashed.
    /// - Returns: how many were rescued.
    package static func rescue(
        _ abandoned: Abandoned, by rescuer: String, on database: Database
    ) async throws -> Int {
        let isAny = try await database.value(
            "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE \(abandoned.condition) LIMIT 1) AS found", as: Int.self)
        guard isAny != 0 else { return 0 }
        return try await database.transaction(attempts: conflictAttempts) {
            try await rescue(abandoned, by: rescuer, in: $0)
        }
    }

    /// How often a transaction is tried that met another at the same rows.
    package static let conflictAttempts = 5

    private static func rescue(_ abandoned: Abandoned, by rescuer: String, in tx: Transaction) async throws -> Int {
        let lost = try await tx.rows(
            """
            SELECT \(columns) FROM jobs WHERE \(abandoned.condition)
            ORDER BY lease_until LIMIT \(largestRescue) \(lock: .update(.skipping))
            """, as: Job.self)
        guard !lost.isEmpty else { return 0 }
        try await tx.execute(
            JobAttempt.insertion(
                .lost, error: "the worker fell silent", where: "id IN \(list: lost.map(\.id).paddedForOneStatement)"))
        // Crashes have a limit of their own: they are no attempts that the job itself has failed.
        let crash: SQL = "CASE WHEN worker = \(rescuer) THEN 0 ELSE 1 END"
        try await tx.execute(
            """
            UPDATE jobs SET state = 'pending', lease_until = NULL, started_at = NULL,
                crashes = crashes + \(crash), attempts = attempts - \(crash), worker = NULL,
                last_error = 'the worker fell silent', run_at = now(), updated_at = now()
            WHERE id IN \(list: lost.map(\.id).paddedForOneStatement)
            """)
        return lost.count
    }

    /// Lets parents go on that wait for nobody: a repair, which finds nothing unless rows were changed by hand.
    static func wakeForgottenParents(on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            """
            UPDATE jobs SET state = 'pending', open_children = 0, updated_at = now()
            WHERE state = 'waiting' AND NOT EXISTS (SELECT 1 FROM jobs c WHERE c.parent_id = jobs.id)
            """)
    }
}
