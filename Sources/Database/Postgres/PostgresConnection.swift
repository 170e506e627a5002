/// One connection to a PostgreSQL server: an actor on a thread of its own, which waits for the server as long as a
/// statement runs.
actor PostgresConnection: Connection {
    private let thread = ConnectionThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let access: Access
    private let dialect: Dialect
    private let wake: PostgresWake
    private let socket = PostgresSocket()
    /// `nil` after `close`.
    private var session: PostgresSession?

    /// Connects.
    ///
    /// - Parameter cachedStatements: how many statements are prepared by name; 0 behind a pooler that may give each
    ///   transaction another connection.
    init(
        _ server: PostgresConnectionParameters, access: Access, dialect: Dialect, cachedStatements: Int
    ) async throws {
        self.access = access
        self.dialect = dialect
        wake = try PostgresWake()
        session = nil
        session = try await wake.stoppable { flag in
            let handle = try server.connect(wake: wake, flag: flag)
            return PostgresSession(
                handle, socket: socket, wake: wake,
                statements: PostgresStatements(limit: cachedStatements, dialect: dialect))
        }
    }

    nonisolated var isUsable: Bool { socket.isOpen }
    nonisolated var isConnected: Bool { socket.isAlive }

    func close() {
        session = nil
    }

    /// Whether something stands between this program and the server that passes statements on: the server's own
    /// process has another number than the one that logged us in.
    func isBehindPooler() async throws -> Bool {
        try await wake.stoppable { flag in
            var watch = PostgresWatch(timeout: PostgresLimits.controlTimeout, flag: flag)
            return try openSession().isBehindPooler(&watch)
        }
    }

    // MARK: - Statements

    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        try await wake.stoppable { flag in
            let session = try openSession()
            let statement = try self.statement(sql, options, session)
            var watch = PostgresWatch(timeout: options.timeout, flag: flag)
            return try reading { try session.run(statement, sql.values, options, decode, &watch) }
        }
    }

    func run(_ steps: [PipelineStep], options: RunOptions) async throws {
        try await wake.stoppable { flag in
            let session = try openSession()
            let statements = try steps.map { try statement($0.sql, options, session) }
            var watch = PostgresWatch(timeout: options.timeout, flag: flag)
            try reading { try session.run(steps, statements, options, &watch) }
        }
    }

    func insert(
        _ rows: some Sequence<[SQLValue]> & Sendable, into target: InsertTarget, options: RunOptions
    ) async throws -> Int {
        guard access == .write else { throw NeedsWriter() }
        return try await wake.stoppable { flag in
            var watch = PostgresWatch(timeout: options.timeout, flag: flag)
            return try openSession().insert(rows, into: target, &watch)
        }
    }

    func runScript(_ script: String) async throws {
        try await wake.stoppable { flag in
            try PostgresStatementWords.refuseUnlessPlain(script: script)
            var watch = PostgresWatch(timeout: PostgresLimits.scriptTimeout, flag: flag)
            try openSession().execute(script, &watch)
        }
    }

    func control(_ step: TransactionStep) throws {
        let session = try openSession()
        if case .rollback = step {
            // The server has rolled back already, or does so when it notices that the connection is lost.
            guard !session.isBroken, session.isInTransaction else { return }
        }
        var watch = PostgresWatch(timeout: PostgresLimits.controlTimeout)
        var text = dialect.text(of: step)
        if case .begin(let access, _) = step {
            try session.closeUnused(&watch)
            // A snapshot is of the moment of its first statement: that shall be its beginning.
            if access == .read { text += "; SELECT 1" }
        }
        do {
            try session.execute(text, &watch)
        } catch {
            switch step {
            // It may be in a transaction that nobody ends.
            case .begin, .rollback: session.markBroken()
            case .commit, .savepoint, .release, .rollbackTo: break
            }
            throw error
        }
        if case .commit = step { try session.checkCommitted() }
    }

    // MARK: - What is the same for all

    /// The statement as it is known here; refuses what may not be run, or not on this connection.
    private func statement(
        _ sql: SQL, _ options: RunOptions, _ session: PostgresSession
    ) throws -> PostgresStatements.Statement {
        let statement = session.statements.statement(sql)
        guard !options.isMaintenance else { return statement }
        try statement.words.refuseUnlessPlain()
        if access == .read, statement.words.writes { throw NeedsWriter() }
        return statement
    }

    /// A function may write although no word of the statement says so: the server tells, where it refuses.
    private func reading<T>(_ work: () throws -> T) throws -> T {
        do {
            return try work()
        } catch let error as DatabaseError where error.kind == .readOnly && access == .read {
            throw NeedsWriter()
        }
    }

    private func openSession() throws -> PostgresSession {
        guard let session else { throw DatabaseError(.closed, "The connection has been closed.") }
        return session
    }
}
