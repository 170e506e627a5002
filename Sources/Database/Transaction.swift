internal import Synchronization

/// One open transaction or snapshot. It is usable only inside the closure it was passed to.
///
/// A statement that fails ends it: what follows throws the same error, and nothing is committed. To go on after a
/// failure, put what may fail into a `savepoint`. (One engine would forgive, the other would not: so neither does.)
public final class Transaction: SQLRunner, Sendable {
    private enum State {
        case active
        /// A savepoint inside this one is open.
        case suspended
        case failed(any Error)
        case ended
    }

    let connection: any Connection
    private let options: RunOptions
    private let depth: Int
    private let state = Mutex(State.active)

    /// - Parameter options: what goes for each statement in it.
    init(connection: any Connection, options: RunOptions, depth: Int = 0) {
        self.connection = connection
        self.options = options
        self.depth = depth
    }

    /// Runs one statement inside the transaction.
    public func fetch<T: Sendable>(
        _ sql: SQL, limit: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> [T] {
        try await run(sql, wanted: limit, decode: decode).rows
    }

    /// Runs one statement inside the transaction and says how many rows it has changed.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await run(sql, wanted: 0, decode: { _ in }).changes
    }

    /// Runs several statements together, inside the transaction. Whatever fails in it ends the transaction.
    public func pipeline<Results>(_ gather: (Pipeline) throws -> Results) async throws -> Results {
        let pipeline = Pipeline()
        let results = try gather(pipeline)
        try check()
        for step in pipeline.steps { try step.sql.check() }
        try await failing(always: true) { try await self.connection.run(pipeline.steps, options: self.options) }
        return results
    }

    /// Inserts rows in bulk, inside the transaction. Whatever fails in it ends the transaction.
    @discardableResult
    public func insert(
        into table: String, columns: [String], rows: some Sequence<[SQLValue]> & Sendable
    ) async throws -> Int {
        try check()
        let target = InsertTarget(table: table, columns: columns)
        return try await failing(always: true) {
            try await self.connection.insert(rows, into: target, options: self.options)
        }
    }

    /// Runs the closure as a part that can fail by itself: when it throws, its writes alone are undone.
    ///
    /// This transaction can't be used until the closure is done.
    public func savepoint<T: Sendable>(_ body: @Sendable (Transaction) async throws -> T) async throws -> T {
        try suspend()
        let inner = Transaction(connection: connection, options: options, depth: depth + 1)
        do {
            try await connection.control(.savepoint(depth: inner.depth))
            let result = try await body(inner)
            try inner.finish()
            try await connection.control(.release(depth: inner.depth))
            resume()
            return result
        } catch {
            inner.end()
            await undo(inner)
            throw error
        }
    }

    /// Runs the statements of a migration.
    func runScript(_ script: String) async throws {
        try check()
        try await failing { try await self.connection.runScript(script) }
    }

    /// Whether the closure it was passed to is over.
    var isEnded: Bool {
        state.withLock { if case .ended = $0 { true } else { false } }
    }

    /// Ends it in success, or throws the error that ended it before.
    func finish() throws {
        try check()
        end()
    }

    func end() {
        state.withLock { $0 = .ended }
    }

    // MARK: - State

    private func run<T: Sendable>(
        _ sql: SQL, wanted: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        try check()
        try sql.check()
        var options = options
        options.wanted = wanted
        return try await failing { [options] in try await self.connection.run(sql, options: options, decode: decode) }
    }

    private func check() throws {
        try state.withLock { state in
            switch state {
            case .active: return
            case .suspended:
                throw DatabaseError(.misuse, "A transaction was used while a savepoint in it is open.")
            case .failed(let error): throw error
            case .ended: throw DatabaseError(.misuse, "A transaction was used after its end.")
            }
        }
    }

    private func suspend() throws {
        try check()
        state.withLock { $0 = .suspended }
    }

    private func resume() {
        state.withLock { if case .suspended = $0 { $0 = .active } }
    }

    /// Undoes a savepoint. If the engine has undone the whole transaction already, this one has failed too.
    private func undo(_ inner: Transaction) async {
        do {
            try await connection.control(.rollbackTo(depth: inner.depth))
            try await connection.control(.release(depth: inner.depth))
            resume()
        } catch {
            state.withLock { $0 = .failed(error) }
        }
    }

    /// - Parameter always: whether any error ends the transaction, because part of the work may be done.
    private func failing<T>(always: Bool = false, _ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch is NeedsWriter {
            throw DatabaseError(.readOnly, "A snapshot can't be written to.")
        } catch {
            if always || Self.endsTransaction(error) {
                state.withLock { if case .active = $0 { $0 = .failed(error) } }
            }
            throw error
        }
    }

    /// A row that the program can't read is no fault of the transaction.
    private static func endsTransaction(_ error: any Error) -> Bool {
        if let error = error as? DatabaseError { return ![.decoding, .misuse, .tooLarge].contains(error.kind) }
        return error is CancellationError
    }
}
