internal import Logging

extension Database {
    /// Runs the closure in a transaction: all of its writes happen, or none.
    ///
    /// It commits when the closure returns, and rolls back when it throws or the task is cancelled. Inside, use only
    /// the transaction that is passed in: writing through the database would wait for itself, so it throws `misuse`.
    /// Keep it short and free of network calls: other writers wait.
    /// - Parameters:
    ///   - isolation: how far it is kept apart from those that run beside it.
    ///   - attempts: how often it is run in all when it ends with `conflict`, or, if serializable, with a row that
    ///     another has inserted meanwhile. More than one only for a closure that can be repeated: one that changes
    ///     nothing but the database.
    public func transaction<T: Sendable>(
        isolation: Isolation = .readCommitted, attempts: Int = 1, _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        try refuseInsideTransaction("a transaction was begun")
        var attempt = 1
        while true {
            do {
                return try await writers.withConnection { try await transaction(.write, isolation, on: $0, body) }
            } catch let error as DatabaseError where attempt < attempts && hasMetAnother(error, isolation) {
                try await Task.sleep(for: Self.pause(afterAttempt: attempt))
                attempt += 1
            }
        }
    }

    /// Runs the closure on one unchanging state of the database; writing in it throws `readOnly`.
    public func read<T: Sendable>(_ body: @Sendable (Transaction) async throws -> T) async throws -> T {
        try await readers.withConnection { try await transaction(.read, .repeatableRead, on: $0, body) }
    }

    // MARK: - Conflicts

    /// The longest pause after the first attempt that met another transaction; it doubles with each.
    private static let firstConflictPause = Duration.milliseconds(10)
    /// How often the pause doubles.
    private static let conflictPauseDoublings = 5

    /// A random pause: two that met once shall not meet again.
    private static func pause(afterAttempt attempt: Int) -> Duration {
        firstConflictPause * Double(1 << min(attempt - 1, conflictPauseDoublings)) * Double.random(in: 0...1)
    }

    /// Whether the transaction failed because of another that ran beside it. A serializable one that has looked for a
    /// row, and then can't insert it, has met one that was quicker.
    private func hasMetAnother(_ error: DatabaseError, _ isolation: Isolation) -> Bool {
        if error.kind == .conflict { return true }
        return error.kind == .uniqueViolation && isolation == .serializable && !engine.dialect.serialisesWrites
    }

    // MARK: - One attempt

    private func transaction<T: Sendable>(
        _ access: Access, _ isolation: Isolation, on connection: any Connection,
        _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        try await connection.control(.begin(access, isolation))
        let transaction = Transaction(connection: connection, options: options())
        let start = ContinuousClock.now
        defer { warnIfSlow(access, since: start) }
        do {
            let result = try await Self.$openTransactions.withValue(inside(transaction, access)) {
                try await body(transaction)
            }
            try transaction.finish()
            try Task.checkCancellation()
            try await connection.control(.commit)
            return result
        } catch {
            transaction.end()
            await rollBack(connection)
            throw error
        }
    }

    private func rollBack(_ connection: any Connection) async {
        do {
            try await connection.control(.rollback)
        } catch {
            logger.error("rolling back failed, the connection is replaced", metadata: ["error": "\(error)"])
        }
    }

    private func inside(_ transaction: Transaction, _ access: Access) -> [ObjectIdentifier: Transaction] {
        guard access == .write else { return Self.openTransactions }
        return Self.openTransactions.merging([ObjectIdentifier(self): transaction]) { $1 }
    }

    private func warnIfSlow(_ access: Access, since start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        guard access == .write, duration > configuration.slowTransaction else { return }
        logger.warning("a transaction held its connection for long", metadata: ["duration": "\(duration)"])
    }
}
