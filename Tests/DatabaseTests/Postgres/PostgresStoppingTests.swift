import TestDatabases
import Testing

@testable import Database

@Suite(
    "Stopping statements of PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresStoppingTests {
    private static let long: SQL = "SELECT pg_sleep(60)"
    /// Far less than a statement takes here, far more than stopping it.
    private static let soon = Duration.seconds(10)

    @Test("a statement that takes too long is stopped, on the server as well, and the connection goes on")
    func timeLimit() async throws {
        try await PostgresServer.withClients(.single(statementTimeout: .milliseconds(100))) {
            database, other in
            let process = try await PostgresServer.process(of: database)
            let start = ContinuousClock.now
            let error = await databaseError { try await database.execute(Self.long) }
            #expect(error?.kind == .timedOut)
            #expect(error?.isRetryable == true)
            #expect(error?.description.contains("0.1 seconds") == true)
            #expect(ContinuousClock.now - start < Self.soon)
            #expect(try await PostgresServer.running(other) == 0)
            #expect(try await PostgresServer.process(of: database) == process)
        }
    }

    @Test("cancelling the task stops the statement, on the server as well, and the connection goes on")
    func cancelled() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            let process = try await PostgresServer.process(of: database)
            try await whileRunning(other, { try await database.execute(Self.long) }) { $0.cancel() }
            #expect(try await PostgresServer.running(other) == 0)
            #expect(try await PostgresServer.process(of: database) == process)
        }
    }

    @Test("a transaction whose task is cancelled in a statement is undone")
    func cancelledTransaction() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            try await database.execute("CREATE TABLE t (n int)")
            try await whileRunning(other) {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    // What it says does not matter: it is not the end of the transaction that is swallowed here.
                    _ = try? await tx.execute(Self.long)
                }
            } stop: {
                $0.cancel()
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            #expect(try await PostgresServer.running(other) == 0)
        }
    }

    @Test("the wait for a row that another has locked ends with the task")
    func cancelledLock() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            try await other.execute("CREATE TABLE t (n int)")
            try await other.execute("INSERT INTO t VALUES (1)")
            try await other.transaction { tx in
                try await tx.execute("UPDATE t SET n = 2")
                let task = Task { try await database.execute("UPDATE t SET n = 3") }
                try await eventually("the statement waits") {
                    try await tx.value("SELECT count(*) FROM pg_locks WHERE NOT granted", as: Int.self) != 0
                }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            try await database.execute("UPDATE t SET n = n + 10")
            #expect(try await database.value("SELECT n FROM t") == 12)
        }
    }

    @Test("a pipeline is stopped by its time and by its task, wherever it is", arguments: [0, 1, 2])
    func pipeline(place: Int) async throws {
        try await PostgresServer.withClients(.single(statementTimeout: .milliseconds(300))) {
            database, other in
            var statements: [SQL] = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"]
            statements.insert(Self.long, at: place)
            try await other.execute("CREATE TABLE t (n int)")
            let work: @Sendable () async throws -> Void = { [statements] in
                _ = try await database.pipeline { pipeline in
                    for sql in statements { pipeline.execute(sql) }
                }
            }
            let error = await databaseError { try await work() }
            #expect(error?.kind == .timedOut)
            let task = Task { try await work() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await PostgresServer.running(other) == 0)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("an administrator may stop a statement: it was interrupted, and can be tried again")
    func interrupted() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            let task = Task { try await database.execute(Self.long) }
            try await eventually("the statement runs") { try await PostgresServer.running(other) == 1 }
            try await other.execute(
                """
                SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
                """)
            let error = await databaseError { _ = try await task.value }
            #expect(error?.kind == .interrupted)
            #expect(error?.sqlState == "57014")
            #expect(error?.isRetryable == true)
            #expect(try await database.value("SELECT 5") == 5)
        }
    }

    @Test("a request to stop never meets the statement that comes next")
    func neverTheNext() async throws {
        try await PostgresServer.withClients(.single()) { database, _ async throws in
            var numbers = SeededNumbers(seed: 6)
            let process = try await PostgresServer.process(of: database)
            for n in 0..<100 {
                let microseconds = Int.random(in: 0...3_000, using: &numbers)
                let stopped = Task { try await database.execute("SELECT pg_sleep(0.002)") }
                try await Task.sleep(for: .microseconds(microseconds))
                stopped.cancel()
                // Waits for the same connection.
                #expect(try await database.value("SELECT \(n) FROM pg_sleep(0.001)") == n)
                do { _ = try await stopped.value } catch is CancellationError {}
            }
            #expect(try await PostgresServer.process(of: database) == process)
        }
    }

    /// Runs the work in a task, stops it once the server runs it, and waits for its end.
    private func whileRunning(
        _ other: Database, _ work: @escaping @Sendable () async throws -> some Sendable,
        stop: (Task<Void, any Error>) -> Void
    ) async throws {
        let task = Task { _ = try await work() }
        try await eventually("the statement runs") {
            try await other.value(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%'
                    AND pid <> pg_backend_pid()
                """, as: Int.self) == 1
        }
        let start = ContinuousClock.now
        stop(task)
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < Self.soon)
    }
}
