package import Database

/// What became of the wish to cancel a job.
package enum Cancelled: Sendable, Hashable {
    /// It had not begun, and never will.
    case cancelled
    /// It is running; its worker is told.
    case requested
    /// It has ended, or there is no such job.
    case nothing
}

extension Job {
    /// Cancels a job and its children, in the caller's transaction.
    package static func cancel(_ id: JobID, on tx: some SQLRunner) async throws -> Cancelled {
        try await cancelChildren(of: id, on: tx)
        // What it is now it stays until the end of the transaction.
        _ = try await tx.value("SELECT id FROM jobs WHERE id = \(id) \(lock: .update(.waiting))", as: JobID.self)
        let waiting: SQL = "id = \(id) AND state <> 'running'"
        try await tx.execute(ArchivedJob.insertion(.cancelled, error: nil, where: waiting))
        let ended = try await tx.fetch("DELETE FROM jobs WHERE \(waiting) RETURNING parent_id", limit: nil) {
            try $0.decode("parent_id", as: JobID?.self)
        }
        if let parent = ended.first {
            if let parent { try await countChildren(-1, of: parent, on: tx) }
            return .cancelled
        }
        let isRunning =
            try await tx.execute("UPDATE jobs SET cancel_requested = \(true), updated_at = now() WHERE id = \(id)") > 0
        return isRunning ? .requested : .nothing
    }

    /// What a job and its children are now they stay until the end of the transaction: the children are locked first, as
    /// by whoever ends one and counts it off.
    package static func lockFamily(of id: JobID, on tx: some SQLRunner) async throws {
        for family: SQL in ["parent_id = \(id)", "id = \(id)"] {
            _ = try await tx.values(
                "SELECT id FROM jobs WHERE \(family) ORDER BY id \(lock: .update(.waiting))", as: JobID.self)
        }
    }

    static func cancelChildren(of id: JobID, on tx: some SQLRunner) async throws {
        for child in try await children(of: id, limit: largestFamily, on: tx) {
            _ = try await cancel(child.id, on: tx)
        }
    }

    /// Cancels what is to be done to a subject, where anything is.
    package static func cancel(_ kind: JobKind, _ subject: String, on tx: some SQLRunner) async throws {
        guard let job = try await get(kind, subject, on: tx) else { return }
        _ = try await cancel(job.id, on: tx)
    }

    /// The most children of one job.
    package static let largestFamily = 100_000
}

extension ArchivedJob {
    /// Puts a job that was given up or cancelled back to work, with all its attempts before it.
    ///
    /// - Returns: false when there is no such job, or the same work waits or runs already.
    package static func redrive(_ id: JobID, on tx: some SQLRunner) async throws -> Bool {
        guard let archived = try await get(id, on: tx), archived.state != .completed else { return false }
        // Its children may end at this very moment, and would not count themselves off.
        _ = try await tx.values(
            "SELECT id FROM jobs WHERE parent_id = \(id) ORDER BY id \(lock: .update(.waiting))", as: JobID.self)
        let added = try await tx.execute(
            """
            INSERT INTO jobs (id, kind, version, subject, payload, requester, priority, turn, state, run_at,
                max_attempts, fence, last_error, parent_id, open_children, created_at, updated_at)
            SELECT id, kind, version, subject, payload, requester, priority,
                coalesce((SELECT turn FROM jobs j WHERE j.kind = \(archived.kind) AND j.state = 'pending'
                    AND j.priority = \(archived.priority) ORDER BY turn LIMIT 1), 0),
                'pending', now(), max_attempts, fence, last_error, parent_id,
                (SELECT count(*) FROM jobs c WHERE c.parent_id = \(id)), created_at, now()
            FROM job_archive WHERE id = \(id)
            ON CONFLICT (kind, subject) DO NOTHING
            """)
        guard added > 0 else { return false }
        try await tx.execute("DELETE FROM job_archive WHERE id = \(id)")
        if let parent = archived.parentID { try await Job.countChildren(1, of: parent, on: tx) }
        return true
    }

    /// The jobs of a class that were given up, the oldest first.
    ///
    /// - Parameter reason: only those whose last error is this one.
    package static func buried(
        kind: JobKind, reason: String? = nil, limit: Int, on db: some SQLRunner
    ) async throws -> [ArchivedJob] {
        let because: SQL = if let reason { "AND last_error = \(reason)" } else { "" }
        return try await db.rows(
            """
            SELECT \(columns) FROM job_archive WHERE kind = \(kind) AND state = 'buried' \(because)
            ORDER BY finished_at, id LIMIT \(limit)
            """, as: ArchivedJob.self)
    }
}
