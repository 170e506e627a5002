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
    /// What each commit survives, unless a pipeline wants less.
    private let durability: DatabaseConfiguration.Durability
    private let isBroken = Mutex(false)
    // Touched on the connection's queue only; SQLite's statements may not move between threads unguarded.
    private nonisolated(unsafe) let statements: SQLiteStatementCache

    init(
        queue: DatabaseQueue, access: Access, dialect: Dialect, context: SQLiteContext,
        durability: DatabaseConfiguration.Durability, cachedStatements: Int
    ) {
        self.queue = queue
        self.access = access
        self.dialect = dialect
        self.context = context
        self.durability = durability
        statements = SQLiteStatementCache(limit: cachedStatements)
    }

    var isUsable: Bool { isBroken.withLock { !$0 } }
    var isConnected: Bool { isUsable }

    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        try await stoppable(options.timeout) { try self.perform(sql, options, decode, in: $0) }
    }

    func run(_ steps: [PipelineStep], options: RunOptions) async throws {
        try await stoppable(options.timeout) { db in
            if self.access == .read { for step in steps { try self.refuseWrite(step.sql, in: db) } }
            try self.surviving(options.durability, in: db) {
                try self.atomically(in: db) { for step in steps { try self.perform(step, options, in: db) } }
            }
        }
    }

    func insert(
        _ rows: some Sequence<[SQLValue]> & Sendable, into target: InsertTarget, options: RunOptions
    ) async throws -> Int {
        guard access == .write else { throw NeedsWriter() }
        return try await stoppable(options.timeout) { db in
            try self.atomically(in: db) { try self.perform(rows, target, in: db) }
        }
    }

    func runScript(_ script: String) async throws {
        try await stoppable(RunOptions.unlimited) { try self.performScript(script, in: $0) }
    }

    func control(_ step: TransactionStep) async throws {
        try await onQueue { try self.perform(step, in: $0) }
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

    /// Runs the work on the queue, so that cancelling the task or the end of its time stops it.
    private func stoppable<T: Sendable>(
        _ timeout: Duration, _ work: @escaping @Sendable (GRDB.Database) throws -> T
    ) async throws -> T {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await onQueue { db in try self.stopping(by: flag, timeout) { try work(db) } }
        } onCancel: {
            flag.set()
        }
    }

    private func stopping<T>(by flag: CancellationFlag, _ timeout: Duration, _ work: () throws -> T) throws -> T {
        if flag.isSet { throw CancellationError() }
        let end = ContinuousClock.now + timeout
        context.setStop(by: flag, at: end)
        defer { context.forgetStop() }
        do {
            return try work()
        } catch let error as DatabaseError where [.interrupted, .busy].contains(error.kind) {
            if flag.isSet { throw CancellationError() }
            guard error.kind == .interrupted, ContinuousClock.now >= end else { throw error }
            throw DatabaseError(.timedOut, "A statement was stopped: it took longer than \(timeout).")
        }
    }

    /// Runs the work, whose own commit need not survive more than that.
    private func surviving<T>(
        _ wanted: DatabaseConfiguration.Durability, in db: GRDB.Database, _ work: () throws -> T
    ) throws -> T {
        guard access == .write, wanted == .processEnd, durability == .powerLoss, !db.isInsideTransaction else {
            return try work()
        }
        try set(.processEnd, in: db)
        defer {
            // A connection that can't be brought back would promise more than it keeps.
            do { try set(durability, in: db) } catch { isBroken.withLock { $0 = true } }
        }
        return try work()
    }

    private func set(_ durability: DatabaseConfiguration.Durability, in db: GRDB.Database) throws {
        let text = durability.pragma
        do {
            // It takes effect when it is prepared, so a prepared one can't be kept.
            try db.execute(sql: text)
        } catch {
            throw DatabaseError(wrapping: error, statement: text)
        }
    }

    /// Runs the work in the open transaction, or in one of its own.
    private func atomically<T>(in db: GRDB.Database, _ work: () throws -> T) throws -> T {
        if db.isInsideTransaction { return try work() }
        try perform(.begin(access, .serializable), in: db)
        do {
            let result = try work()
            try perform(.commit, in: db)
            return result
        } catch {
            // If that fails the connection is marked as broken; what the caller wants to know is the first error.
            try? perform(.rollback, in: db)
            throw error
        }
    }

    private func perform(_ step: PipelineStep, _ options: RunOptions, in db: GRDB.Database) throws {
        var options = options
        options.wanted = step.wanted
        step.start()
        step.finish(try perform(step.sql, options, step.take, in: db).changes)
    }

    private func perform(
        _ rows: some Sequence<[SQLValue]>, _ target: InsertTarget, in db: GRDB.Database
    ) throws -> Int {
        let places = target.columns.map { _ in "?" }.joined(separator: ", ")
        let text = "INSERT INTO \(target.quotedTable) (\(target.quotedColumns)) VALUES (\(places))"
        let statement = try statements.statement(text, in: db)
        var count = 0
        for row in rows {
            try target.check(row)
            try statement.bind(row)
            count += try statement.run(.effect) { _ in }.changes
        }
        return count
    }

    private func refuseWrite(_ sql: SQL, in db: GRDB.Database) throws {
        let statement = try statements.statement(dialect.text(of: sql), in: db)
        try statement.refuseUnlessPlain()
        guard statement.isReadOnly else { throw NeedsWriter() }
    }

    private func perform<T>(
        _ sql: SQL, _ options: RunOptions, _ decode: (Row) throws -> T, in db: GRDB.Database
    ) throws -> StatementResult<T> {
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
                _ = try statement.run(.effect) { _ in }
            }
        } catch {
            throw DatabaseError(wrapping: error, statement: nil)
        }
    }

    private func perform(_ step: TransactionStep, in db: GRDB.Database) throws {
        let text = dialect.text(of: step)
        do {
            try perform(step, text, in: db)
        } catch {
            if case .rollback = step { isBroken.withLock { $0 = true } }
            throw DatabaseError(wrapping: error, statement: text)
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
        _ = try statement.run(.effect) { _ in }
        if case .begin(.read, _) = step {
            // A deferred transaction sees the state of its first read: read at once.
            let first = try statements.statement("SELECT 1 FROM sqlite_schema LIMIT 1", in: db)
            _ = try first.run(.effect) { _ in }
        }
    }
}
