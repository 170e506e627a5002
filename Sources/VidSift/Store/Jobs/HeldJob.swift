package import Database

/// A claim on one job: the right to write about it. Every statement about running work names all three, so that a
/// worker which was silent past its lease changes nothing.
package struct HeldJob: Sendable, Hashable {
    package var id: JobID
    package var worker: String
    package var fence: Int
    package var parentID: JobID?

    package init(id: JobID, worker: String, fence: Int, parentID: JobID?) {
        self.id = id
        self.worker = worker
        self.fence = fence
        self.parentID = parentID
    }

    private var isMine: SQL { "id = \(id) AND worker = \(worker) AND fence = \(fence)" }
}

extension HeldJob {
    /// Whether it is still this worker's, and stays so until the transaction ends: to be asked first in the transaction
    /// that writes the result.
    package func isHeld(in tx: some SQLRunner) async throws -> Bool {
        try await tx.execute("UPDATE jobs SET updated_at = now() WHERE \(isMine)") > 0
    }

    /// Forgets why attempts before this one have failed: a job of a video that is done tells by its error what was not
    /// to be had.
    package func forgetError(on tx: some SQLRunner) async throws {
        try await tx.execute("UPDATE jobs SET last_error = NULL WHERE \(isMine)")
    }

    /// Ends the job in the caller's transaction, so that its effect and its end are one.
    ///
    /// - Parameter isArchived: whether a record of it is kept.
    /// - Returns: false, with nothing written, when it is somebody else's by now.
    package func complete(archived isArchived: Bool = true, on tx: some SQLRunner) async throws -> Bool {
        try await end(.completed, error: nil, archived: isArchived, on: tx)
    }

    /// Gives the job up for the reason; false when it is somebody else's by now.
    package func bury(error: String, on tx: some SQLRunner) async throws -> Bool {
        try await record(.buried, error: error, on: tx)
        return try await end(.buried, error: error, archived: true, on: tx)
    }

    /// Ends the job because somebody wished it; false when it is somebody else's by now.
    package func cancel(on tx: some SQLRunner) async throws -> Bool {
        guard try await isHeld(in: tx) else { return false }
        // Those that it has started since the wish.
        try await Job.cancelChildren(of: id, on: tx)
        try await record(.cancelled, error: nil, on: tx)
        return try await end(.cancelled, error: nil, archived: true, on: tx)
    }

    /// Lets the job go as the settlement says; false when it is somebody else's by now.
    package func letGo(_ settlement: JobSettlement, on tx: some SQLRunner) async throws -> Bool {
        // What waits for another version of the program would fill the history.
        if settlement.outcome != .putOff || settlement.error == nil {
            try await record(settlement.outcome, error: settlement.error, on: tx)
        }
        let next: SQL =
            switch settlement.next {
            case .pending: "'pending'"
            case .scheduled: "'scheduled'"
            case .whenChildrenEnd: "CASE WHEN open_children > 0 THEN 'waiting' ELSE 'pending' END"
            }
        // What was only put off says nothing about whether the work itself ends the process.
        let crashes: SQL = settlement.countsAsAttempt ? "0" : "crashes"
        return try await tx.execute(
            """
            UPDATE jobs SET state = CASE WHEN cancel_requested THEN 'pending' ELSE \(next) END, worker = NULL, lease_until = NULL, started_at = NULL,
                run_at = seconds_from_now(\(settlement.delay / .seconds(1))), crashes = \(crashes),
                attempts = attempts - \(settlement.countsAsAttempt ? 0 : 1),
                last_error = coalesce(\(settlement.error), last_error), updated_at = now()
            WHERE \(isMine)
            """) > 0
    }

    private func end(
        _ state: ArchivedJob.State, error: String?, archived isArchived: Bool, on tx: some SQLRunner
    ) async throws -> Bool {
        if isArchived { try await tx.execute(ArchivedJob.insertion(state, error: error, where: isMine)) }
        let isGone = try await tx.execute("DELETE FROM jobs WHERE \(isMine)") > 0
        if isGone, let parentID { try await Job.countChildren(-1, of: parentID, on: tx) }
        return isGone
    }

    /// Writes the attempt into the history; nothing when it is somebody else's by now.
    private func record(_ outcome: JobAttempt.Outcome, error: String?, on tx: some SQLRunner) async throws {
        try await tx.execute(JobAttempt.insertion(outcome, error: error, where: isMine))
    }
}

extension HeldJob {
    /// Ends jobs that were done, all in one round trip. Jobs with a parent take their turn one by one instead.
    ///
    /// - Returns: how many were still this worker's.
    package static func complete(_ jobs: [HeldJob], archived isArchived: Bool, on database: Database) async throws
        -> Int
    {
        var groups: [Group: [JobID]] = [:]
        for job in jobs { groups[Group(worker: job.worker, fence: job.fence), default: []].append(job.id) }
        let changes = try await database.pipeline { pipeline in
            groups.map { group, ids in
                let mine: SQL =
                    "id IN \(list: ids.paddedForOneStatement) AND worker = \(group.worker) AND fence = \(group.fence)"
                if isArchived { pipeline.execute(ArchivedJob.insertion(.completed, error: nil, where: mine)) }
                return pipeline.execute("DELETE FROM jobs WHERE \(mine)")
            }
        }
        return try changes.reduce(0) { try $0 + $1.value }
    }

    private struct Group: Hashable {
        var worker: String
        var fence: Int
    }
}

extension [JobID] {
    /// As many as a power of two, the last one again and again: few forms of a statement are prepared, not hundreds.
    var paddedForOneStatement: [JobID] {
        guard let last else { return self }
        var size = 1
        while size < count { size *= 2 }
        return self + [JobID](repeating: last, count: size - count)
    }
}

extension Job {
    /// A parent has got more children, or some have ended; with the last it goes on.
    static func countChildren(_ change: Int, of parent: JobID, on tx: some SQLRunner) async throws {
        try await tx.execute(
            """
            UPDATE jobs SET open_children = open_children + \(change), updated_at = now(),
                state = CASE WHEN state = 'waiting' AND open_children + \(change) = 0 THEN 'pending' ELSE state END
            WHERE id = \(parent)
            """)
    }
}
