public import Logging

/// A database: runs single statements, transactions and snapshots. Safe to use from any number of tasks.
///
/// Reads run side by side; writes and transactions come one at a time, in the order in which they were asked for.
public final class Database: SQLRunner, Sendable {
    let engine: any Engine
    let configuration: DatabaseConfiguration
    let readers: ConnectionPool
    let writers: ConnectionPool
    let logger: Logger
    private let knownWrites = KnownWrites()

    /// The transactions that the current task is inside of, to tell a deadlock from a wait.
    @TaskLocal static var openTransactions: [ObjectIdentifier: Transaction] = [:]

    /// Opens the SQLite file at the path, creating it if there is none. Its folder must exist.
    ///
    /// - Throws: `DatabaseError` of kind `cannotOpen`, `notADatabase`, `corrupt`, `busy`, `readOnly`, with the path.
    public static func sqlite(
        at path: String, logger: Logger = Logger(label: "database"), configuration: DatabaseConfiguration = .init()
    ) async throws -> Database {
        let engine = SQLiteEngine(path: path, configuration: configuration)
        let database = Database(engine: engine, logger: logger, configuration: configuration)
        try await database.writers.withConnection { _ in }
        return database
    }

    init(engine: any Engine, logger: Logger, configuration: DatabaseConfiguration) {
        self.engine = engine
        self.logger = logger
        self.configuration = configuration
        readers = ConnectionPool(
            name: "reading connection", limit: configuration.maximumReaders,
            maximumWaiters: configuration.maximumWaiters, timeout: configuration.waitTimeout,
            open: { try await engine.connect(.read) })
        writers = ConnectionPool(
            name: "writing connection", limit: engine.maximumWriters,
            maximumWaiters: configuration.maximumWaiters, timeout: configuration.waitTimeout,
            open: { try await engine.connect(.write) })
    }

    // MARK: - Single statements

    /// Runs one statement by itself: a read on any reading connection, a write as a transaction of its own.
    public func fetch<T: Sendable>(
        _ sql: SQL, limit: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> [T] {
        try await run(sql, wanted: limit, decode: decode).rows
    }

    /// Runs one statement by itself and says how many rows it has changed.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await run(sql, wanted: 0, decode: { _ in }).changes
    }

    private func run<T: Sendable>(
        _ sql: SQL, wanted: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        let options = RunOptions(wanted: wanted, maximumRows: configuration.maximumRows)
        if !knownWrites.contains(sql) {
            do {
                return try await readers.withConnection { try await $0.run(sql, options: options, decode: decode) }
            } catch is NeedsWriter {
                knownWrites.insert(sql)
            }
        }
        try refuseInsideTransaction("a statement that writes was sent to the database")
        return try await writers.withConnection { try await $0.run(sql, options: options, decode: decode) }
    }

    // MARK: - Transactions

    /// Runs the closure in a transaction: all of its writes happen, or none.
    ///
    /// It commits when the closure returns, and rolls back when it throws or the task is cancelled. Inside, use only
    /// the transaction that is passed in: writing through the database would wait for itself, so it throws `misuse`.
    /// Keep it short and free of network calls: other writers wait.
    public func transaction<T: Sendable>(
        _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        try refuseInsideTransaction("a transaction was begun")
        return try await writers.withConnection { try await self.transaction(.write, on: $0, body) }
    }

    /// Runs the closure on one unchanging state of the database; writing in it throws `readOnly`.
    public func read<T: Sendable>(_ body: @Sendable (Transaction) async throws -> T) async throws -> T {
        try await readers.withConnection { try await self.transaction(.read, on: $0, body) }
    }

    private func transaction<T: Sendable>(
        _ access: Access, on connection: any Connection, _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        try await connection.control(.begin(access))
        let transaction = Transaction(connection: connection, maximumRows: configuration.maximumRows)
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

    func refuseInsideTransaction(_ what: String) throws {
        guard let open = Self.openTransactions[ObjectIdentifier(self)], !open.isEnded else { return }
        throw DatabaseError(.misuse, "Inside a transaction \(what): use the transaction itself, or its savepoint.")
    }

    private func warnIfSlow(_ access: Access, since start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        guard access == .write, duration > configuration.slowTransaction else { return }
        logger.warning("a transaction held its connection for long", metadata: ["duration": "\(duration)"])
    }
}
