package import Database

/// What people and clients do with the queue: look, cancel, hurry, put back to work.
package struct JobQueue: Sendable {
    package let database: Database
    let bindings: [JobKind: JobBinding]
    let bell: JobBell

    package init(database: Database, bindings: [JobBinding], bell: JobBell) {
        self.database = database
        self.bindings = Dictionary(bindings.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
        self.bell = bell
    }

    /// Has the workers look: to be called when a transaction that enqueued something has committed.
    package func wake() {
        bell.announce()
    }

    /// A job wherever it is.
    package enum Found: Sendable, Hashable {
        case open(Job)
        case ended(ArchivedJob)
    }

    package func find(_ id: JobID) async throws -> Found? {
        if let job = try await Job.get(id, on: database) { return .open(job) }
        if let ended = try await ArchivedJob.get(id, on: database) { return .ended(ended) }
        // It may have moved between the two looks: only ever from the one to the other and back.
        return try await Job.get(id, on: database).map(Found.open)
    }

    /// Cancels a job with its children.
    package func cancel(_ id: JobID) async throws -> Cancelled {
        let result = try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await Job.lockFamily(of: id, on: tx)
            let family =
                [try await Job.get(id, on: tx)] + (try await Job.children(of: id, limit: Job.largestFamily, on: tx))
            // What runs is its worker's business.
            for case let job? in family where job.state != .running {
                try await bindings[job.kind]?.onBuried(job, Self.cancelledReason, tx)
            }
            return try await Job.cancel(id, on: tx)
        }
        wake()
        return result
    }

    /// What is said of work that somebody cancelled.
    static let cancelledReason = "it was cancelled"

    /// What became of the wish to try a job again.
    package enum Retried: Sendable, Hashable {
        /// It begins as soon as there is a place.
        case queued
        /// It waits for a place or runs already, or the same work does.
        case already
        /// It was done; there is nothing to repeat.
        case completed
        case unknown
    }

    /// Has a job tried again: one that waits for its time at once, one that was given up or cancelled anew.
    package func retry(_ id: JobID) async throws -> Retried {
        let result = try await unlessInTheWay(.already) { tx -> Retried in
            if try await Job.hurry(id, on: tx) { return .queued }
            if try await Job.get(id, on: tx) != nil { return .already }
            guard let ended = try await ArchivedJob.get(id, on: tx) else { return .unknown }
            if ended.state == .completed { return .completed }
            try await redrive(ended, on: tx)
            return .queued
        }
        wake()
        return result
    }

    /// The most jobs of a class that are put back to work at a time.
    package static let largestRedrive = 1_000

    /// Puts the given-up jobs of a class back to work.
    ///
    /// - Parameter reason: only those whose last error is this one.
    /// - Returns: how many.
    package func redrive(kind: JobKind, reason: String? = nil) async throws -> Int {
        let buried = try await ArchivedJob.buried(
            kind: kind, reason: reason, limit: Self.largestRedrive, on: database)
        var count = 0
        for job in buried {
            let isRedriven = try await unlessInTheWay(false) { tx in
                try await redrive(job, on: tx)
                return true
            }
            if isRedriven { count += 1 }
        }
        wake()
        return count
    }

    private func redrive(_ job: ArchivedJob, on tx: Transaction) async throws {
        try await bindings[job.kind]?.onRedriven(job, tx)
        guard try await ArchivedJob.redrive(job.id, on: tx) else { throw SameWorkInTheWay() }
    }

    /// Runs the transaction; where the same work waits or runs already, nothing of it happens.
    private func unlessInTheWay<T: Sendable>(
        _ otherwise: T, _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        do {
            return try await database.transaction(attempts: Job.conflictAttempts, body)
        } catch is SameWorkInTheWay {
            return otherwise
        }
    }

    private struct SameWorkInTheWay: Error {}
}
