import Synchronization
import TestDatabases
import Testing

@testable import Database

@Suite("A pool of connections", .timeLimit(.minutes(2))) struct PoolTests {
    @Test(
        "connections that nobody uses are closed after a while, and are opened again when they are asked for",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func idle() async throws {
        var configuration = DatabaseConfiguration.fast
        configuration.idleTimeout = .milliseconds(50)
        try await PostgresServer.withClients(configuration) { database, other async throws in
            try await database.execute("CREATE TABLE t (n int)")
            #expect(try await database.value("SELECT 1", as: Int.self) == 1)

            try await eventually("no connection but that of the onlooker") {
                try await other.value(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_stat%'
                    """, as: Int.self) == 1  // The onlooker has one that writes, too.
            }

            try await database.execute("INSERT INTO t VALUES (1)")
            #expect(try await database.value("SELECT n FROM t", as: Int.self) == 1)
        }
    }

    @Test("a server that is away is asked by one at a time, all others are refused at once, and its return is noticed")
    func outage() async throws {
        let server = ScriptedServer()
        let pool = ConnectionPool(
            name: "connection", limit: 4, maximumWaiters: 100, timeout: .seconds(60), idleTimeout: .seconds(60),
            open: { try server.connect() })

        for _ in 0..<1_000 {
            let error = await databaseError { try await pool.withConnection { _ in } }
            #expect(error?.kind == .unavailable)
        }
        let attempts = server.attempts
        server.comeBack()
        let delay = try await eventually("a connection", within: .seconds(10)) {
            await databaseError { try await pool.withConnection { _ in } } == nil
        }

        #expect(attempts < 100)
        #expect(delay < .seconds(5))
        await pool.close()
    }
}

/// A server that is away until it comes back; counts who asks for a connection.
private final class ScriptedServer: Sendable {
    private let state = Mutex((attempts: 0, isThere: false))

    var attempts: Int { state.withLock { $0.attempts } }

    func comeBack() {
        state.withLock { $0.isThere = true }
    }

    func connect() throws -> any Connection {
        try state.withLock { state in
            state.attempts += 1
            guard state.isThere else { throw DatabaseError(.unavailable, "The server is away.") }
            return UnusedConnection()
        }
    }
}

/// A connection on which nothing is run.
private final class UnusedConnection: Connection {
    var isUsable: Bool { true }
    var isConnected: Bool { true }

    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T> {
        StatementResult(rows: [], changes: 0)
    }

    func run(_ steps: [PipelineStep], options: RunOptions) async throws {}

    func insert(
        _ rows: some Sequence<[SQLValue]> & Sendable, into target: InsertTarget, options: RunOptions
    ) async throws -> Int { 0 }

    func runScript(_ script: String) async throws {}
    func control(_ step: TransactionStep) async throws {}
    func close() async {}
}
