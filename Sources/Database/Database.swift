package import Logging

/// A database: runs single statements, transactions and snapshots. Safe to use from any number of tasks.
///
/// Reads run side by side. Writes and transactions run side by side too where the engine allows it; on SQLite they
/// come one at a time, in the order in which they were asked for.
public final class Database: SQLRunner, Sendable {
    let engine: any Engine
    let configuration: DatabaseConfiguration
    let readers: ConnectionPool
    let writers: ConnectionPool
    package let logger: Logger
    private let knownWrites = KnownWrites()

    /// The transactions that the current task is inside of, to tell a deadlock from a wait.
    @TaskLocal static var openTransactions: [ObjectIdentifier: Transaction] = [:]

    init(engine: any Engine, logger: Logger, configuration: DatabaseConfiguration) {
        self.engine = engine
        self.logger = logger
        self.configuration = configuration
        readers = ConnectionPool(
            name: "reading connection", limit: configuration.maximumReaders,
            maximumWaiters: configuration.maximumWaiters, timeout: configuration.waitTimeout,
            idleTimeout: configuration.idleTimeout, open: { try await engine.connect(.read) })
        writers = ConnectionPool(
            name: "writing connection", limit: engine.maximumWriters,
            maximumWaiters: configuration.maximumWaiters, timeout: configuration.waitTimeout,
            idleTimeout: configuration.idleTimeout, open: { try await engine.connect(.write) })
    }

    /// Which engine it is.
    public var kind: DatabaseKind { engine.dialect.kind }

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
        try sql.check()
        let options = options(wanted: wanted)
        return try await whereItMayRun(sql.pieces, "a statement that writes") {
            try await $0.run(sql, options: options, decode: decode)
        }
    }

    // MARK: - Several at once

    /// Runs several statements together, as a transaction of their own.
    public func pipeline<Results>(_ gather: (Pipeline) throws -> Results) async throws -> Results {
        try await pipeline(surviving: .powerLoss, gather)
    }

    /// Runs several statements together, as a transaction of their own.
    ///
    /// - Parameters:
    ///   - surviving: what it survives once this returns, unless the whole database promises less.
    ///   - undoesUndecodable: whether what it wrote is undone when a row can't be decoded. Without that a server ends it
    ///     by itself, even if this process is suspended before it has read the answers.
    ///   - isKnownToWrite: spares finding that out, and remembering it, for each number of statements.
    public func pipeline<Results>(
        surviving durability: DatabaseConfiguration.Durability, undoesUndecodable: Bool = true,
        isKnownToWrite: Bool = false, _ gather: (Pipeline) throws -> Results
    ) async throws -> Results {
        let pipeline = Pipeline()
        if durability == .processEnd, let relax = engine.dialect.relaxDurability { pipeline.execute(relax) }
        let results = try gather(pipeline)
        let steps = pipeline.steps
        guard !steps.isEmpty else { return results }
        for step in steps { try step.sql.check() }
        var options = options()
        options.undoesUndecodable = undoesUndecodable
        options.durability = durability
        let run: @Sendable (any Connection) async throws -> Void = { [options] in
            try await $0.run(steps, options: options)
        }
        if isKnownToWrite {
            try await write(Self.writingPipeline, run)
        } else {
            try await whereItMayRun(steps.flatMap(\.sql.pieces), Self.writingPipeline, run)
        }
        return results
    }

    /// Inserts rows in bulk, as a transaction of their own.
    @discardableResult
    public func insert(
        into table: String, columns: [String], rows: some Sequence<[SQLValue]> & Sendable
    ) async throws -> Int {
        try refuseInsideTransaction("rows were sent to the database")
        let target = InsertTarget(table: table, columns: columns)
        return try await writers.withConnection {
            try await $0.insert(rows, into: target, options: self.options())
        }
    }

    // MARK: - Where it runs

    /// Runs the work on a connection that reads, and on one that writes if it turns out that it must.
    ///
    /// - Parameter text: what the work runs; what it was found to need is remembered under it.
    private func whereItMayRun<T: Sendable>(
        _ text: [String], _ what: String, _ work: @Sendable (any Connection) async throws -> T
    ) async throws -> T {
        if !knownWrites.contains(text) {
            do {
                return try await readers.withConnection(work)
            } catch is NeedsWriter {
                knownWrites.insert(text)
            }
        }
        return try await write(what, work)
    }

    private static let writingPipeline = "a pipeline that writes"

    private func write<T: Sendable>(
        _ what: String, _ work: @Sendable (any Connection) async throws -> T
    ) async throws -> T {
        try refuseInsideTransaction("\(what) was sent to the database")
        return try await writers.withConnection(work)
    }

    func refuseInsideTransaction(_ what: String) throws {
        guard let open = Self.openTransactions[ObjectIdentifier(self)], !open.isEnded else { return }
        throw DatabaseError(.misuse, "Inside a transaction \(what): use the transaction itself, or its savepoint.")
    }

    func options(wanted: Int? = nil) -> RunOptions {
        RunOptions(wanted: wanted, maximumRows: configuration.maximumRows, timeout: configuration.statementTimeout)
    }
}
