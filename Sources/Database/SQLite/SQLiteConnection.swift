internal import Dispatch
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// One connection to an SQLite file. Everything runs on the serial queue that GRDB keeps for it.
final class SQLiteConnection: Connection {
    private let queue: DatabaseQueue
    private let access: Access
    private let dialect: Dialect
    private let context: SQLiteContext
    private let isBroken = Mutex(false)
    // Touched on the connection's queue only; SQLite's statements may not move between threads unguarded.
    private nonisolated(unsafe) let statements: SQLiteStatementCache

    init(
        queue: DatabaseQueue, access: Access, dialect: Dialect, context: SQLiteContext, cachedStatements: Int
    ) {
        self.queue = queue
        self.access = access
        self.dialect = dialect
        self.context = context
        statements = SQLiteStatementCache(limit: cachedStatements)
    }

    var isUsable: Bool { isBroken.withLock { !$0 } }

    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await onQueue { db in
                try self.stopping(by: flag) { try self.perform(sql, options, decode, in: db) }
            }
        } onCancel: {
            flag.set()
        }
    }

    func runScript(_ script: String) async throws {
        let flag = CancellationFlag()
        try await withTaskCancellationHandler {
            try await onQueue { db in
                try self.stopping(by: flag) { try self.performScript(script, in: db) }
            }
        } onCancel: {
            flag.set()
        }
    }

    func control(_ step: TransactionStep) async throws {
        let text = dialect.text(of: step)
        try await onQueue { db in
            do {
                try self.perform(step, text, in: db)
            } catch {
                if case .rollback = step { self.isBroken.withLock { $0 = true } }
                throw DatabaseError(wrapping: error, statement: text)
            }
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.queue.inDatabase { _ in self.statements.removeAll() }
                // What can't be closed here is closed when the queue goes.
                try? self.queue.close()
                continuation.resume()
            }
        }
    }

    // MARK: - On the queue

    private func onQueue<T: Sendable>(_ work: @escaping @Sendable (GRDB.Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(with: Result { try work(db) })
            }
        }
    }

    /// Runs the work so that the flag stops it.
    private func stopping<T>(by flag: CancellationFlag, _ work: () throws -> T) throws -> T {
        if flag.isSet { throw CancellationError() }
        context.setCancellation(flag)
        defer { context.setCancellation(nil) }
        do {
            return try work()
        } catch {
            if flag.isSet, (error as? DatabaseError).map({ [.interrupted, .busy].contains($0.kind) }) ?? false {
                throw CancellationError()
            }
            throw error
        }
    }

    private func perform<T>(
        _ sql: SQL, _ options: RunOptions, _ decode: (Row) throws -> T, in db: GRDB.Database
    ) throws -> StatementResult<T> {
        guard sql.values.count <= SQL.maximumValues else {
            throw DatabaseError(.tooLarge, "A statement binds more than \(SQL.maximumValues) values.")
        }
        let statement = try statements.statement(dialect.text(of: sql), in: db)
        if !options.isMaintenance {
            try statement.refuseUnlessPlain()
            if access == .read, !statement.isReadOnly { throw NeedsWriter() }
        }
        if !db.isInsideTransaction { context.resetTime() }
        try statement.bind(sql.values)
        return try statement.run(options, decode)
    }

    private func performScript(_ script: String, in db: GRDB.Database) throws {
        do {
            let remaining = try db.allStatements(sql: script)
            while let next = try remaining.next() {
                let statement = SQLiteStatement(next)
                try statement.refuseUnlessPlain()
                _ = try statement.run(RunOptions(wanted: 0, maximumRows: .max)) { _ in }
            }
        } catch {
            throw DatabaseError(wrapping: error, statement: nil)
        }
    }

    private func perform(_ step: TransactionStep, _ text: String, in db: GRDB.Database) throws {
        switch step {
        case .rollback where !db.isInsideTransaction:
            return
        case .begin:
            context.resetTime()
        case .commit, .release, .rollbackTo, .rollback, .savepoint:
            break
        }
        let statement = try statements.statement(text, in: db)
        _ = try statement.run(RunOptions(wanted: 0, maximumRows: 0)) { _ in }
        if case .begin(.read) = step {
            // A deferred transaction sees the state of its first read: read at once.
            let first = try statements.statement("SELECT 1 FROM sqlite_schema LIMIT 1", in: db)
            _ = try first.run(RunOptions(wanted: 0, maximumRows: .max)) { _ in }
        }
    }
}
