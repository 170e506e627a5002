import TestDatabases
import Testing

@testable import Database

@Suite(
    "Transactions of PostgreSQL", .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresTransactionTests {
    @Test(
        "it runs in the isolation that was asked for",
        arguments: [
            (.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
            (.serializable, "serializable"),
        ] as [(Isolation, String)])
    func isolation(isolation: Isolation, name: String) async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            let settings = try await database.transaction(isolation: isolation) {
                try await self.settings(of: $0)
            }
            #expect(settings == [name, "off"])
            #expect(
                try await database.read { try await self.settings(of: $0) } == ["repeatable read", "on"])
        }
    }

    private func settings(of transaction: Transaction) async throws -> [String?] {
        [
            try await transaction.value("SHOW transaction_isolation", as: String.self),
            try await transaction.value("SHOW transaction_read_only", as: String.self),
        ]
    }

    @Test(
        "read committed sees what others commit meanwhile, the others do not",
        arguments: Isolation.allCases)
    func visibility(isolation: Isolation) async throws {
        try await withCounter { database, other async throws in
            let seen = try await database.transaction(isolation: isolation) { tx in
                let before = try await tx.value("SELECT n FROM t", as: Int.self)
                try await other.execute("UPDATE t SET n = 7")
                return [before, try await tx.value("SELECT n FROM t", as: Int.self)]
            }
            #expect(seen == (isolation == .readCommitted ? [0, 7] : [0, 0]))
        }
    }

    // MARK: - Conflicts

    @Test("one that met another is run again, and only as often as it may", arguments: [1, 2, 5])
    func conflict(attempts: Int) async throws {
        try await withCounter { database, other async throws in
            let runs = Count()
            let error = await databaseError {
                try await database.transaction(isolation: .repeatableRead, attempts: attempts) { tx in
                    let n = try #require(try await tx.value("SELECT n FROM t", as: Int.self))
                    // The last attempt of five is let alone.
                    if runs.add() < 5 { try await other.execute("UPDATE t SET n = n + 100") }
                    try await tx.execute("UPDATE t SET n = \(n + 1)")
                }
            }
            #expect(runs.value == attempts)
            #expect(error?.kind == (attempts == 5 ? nil : .conflict))
            #expect(error?.sqlState == (attempts == 5 ? nil : "40001"))
            #expect(try await database.value("SELECT n FROM t") == (attempts == 5 ? 401 : attempts * 100))
        }
    }

    @Test("what is found out at the commit alone is run again as well")
    func writeSkew() async throws {
        try await withCounter { database, other async throws in
            try await database.execute("INSERT INTO t VALUES (0)")
            let runs = Count()
            let sum: SQL = "SELECT CAST(sum(n) AS int) FROM t"
            try await database.transaction(isolation: .serializable, attempts: 3) { tx in
                let n = try #require(try await tx.value(sum, as: Int.self))
                if runs.add() == 1 {
                    try await other.transaction(isolation: .serializable) { tx in
                        let n = try #require(try await tx.value(sum, as: Int.self))
                        try await tx.execute("INSERT INTO t VALUES (\(n + 1))")
                    }
                }
                try await tx.execute("INSERT INTO t VALUES (\(n + 1))")
            }
            #expect(runs.value == 2)
            #expect(try await database.values("SELECT n FROM t ORDER BY n") == [0, 0, 1, 2])
        }
    }

    @Test("a serializable one that meets a row which was not there when it looked is run again")
    func insertedMeanwhile() async throws {
        try await withNumbers(.postgres) { database async throws in
            let runs = Count()
            // Inside a transaction of this database another of the same would be refused: it comes from elsewhere.
            let inserting = Task {
                try await database.transaction(isolation: .serializable, attempts: 2) { tx in
                    let known = try await tx.value("SELECT count(*) FROM t WHERE n = 1", as: Int.self)
                    if runs.add() == 1 {
                        try await Task.detached { _ = try await database.execute("INSERT INTO t VALUES (1)") }
                            .value
                    }
                    if known == 0 { try await tx.execute("INSERT INTO t VALUES (1)") }
                }
            }
            try await inserting.value
            #expect(runs.value == 2)
            #expect(try await database.values("SELECT n FROM t") == [1])
        }
    }

    @Test("what failed for another reason is not run again")
    func notRunAgain() async throws {
        try await withNumbers(.postgres) { database async throws in
            try await database.execute("INSERT INTO t VALUES (1)")
            let runs = Count()
            let error = await databaseError {
                try await database.transaction(attempts: 5) { tx in
                    runs.add()
                    try await tx.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect(error?.kind == .uniqueViolation)
            await #expect(throws: Stop.self) {
                try await database.transaction(isolation: .serializable, attempts: 5) { _ in
                    runs.add()
                    throw Stop()
                }
            }
            #expect(runs.value == 2)
        }
    }

    @Test("of two that wait for each other one is undone, and run again if it may", arguments: [1, 3])
    func deadlock(attempts: Int) async throws {
        try await PostgresServer.withClients { database, _ async throws in
            try await database.execute("CREATE TABLE t (id int PRIMARY KEY, n int)")
            try await database.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
            let gates = [Gate(), Gate()]
            let tasks = [(1, 2), (2, 1)].map { own, others in
                Task {
                    try await database.transaction(attempts: attempts) { tx in
                        try await tx.execute("SET LOCAL deadlock_timeout = '20ms'")
                        try await tx.execute("UPDATE t SET n = n + 1 WHERE id = \(own)")
                        gates[own - 1].open()
                        await gates[others - 1].wait()
                        try await tx.execute("UPDATE t SET n = n + 1 WHERE id = \(others)")
                    }
                }
            }
            var failures: [DatabaseError?] = []
            for task in tasks {
                let error = await databaseError { try await task.value }
                if error != nil { failures.append(error) }
            }
            #expect(failures.map { $0?.sqlState } == (attempts == 1 ? ["40P01"] : []))
            #expect(failures.map { $0?.kind } == (attempts == 1 ? [.conflict] : []))
            let expected = attempts == 1 ? 1 : 2
            #expect(try await database.values("SELECT n FROM t ORDER BY id") == [expected, expected])
        }
    }

    // MARK: - Parts

    @Test("savepoints inside savepoints: each undoes its own part, or all that is inside")
    func nested() async throws {
        try await withNumbers(.postgres) { database async throws in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                try await tx.savepoint { outer in
                    try await outer.execute("INSERT INTO t VALUES (2)")
                    await #expect(throws: Stop.self) {
                        try await outer.savepoint { inner in
                            try await inner.execute("INSERT INTO t VALUES (3)")
                            try await inner.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (4)") }
                            throw Stop()
                        }
                    }
                    let error = await databaseError {
                        try await outer.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (1)") }
                    }
                    #expect(error?.kind == .uniqueViolation)
                    try await outer.execute("INSERT INTO t VALUES (5)")
                }
                try await tx.execute("INSERT INTO t VALUES (6)")
            }
            #expect(try await database.values("SELECT n FROM t ORDER BY n") == [1, 2, 5, 6])
        }
    }

    @Test("a failure that nobody looked at can't be committed")
    func failedUnnoticed() async throws {
        try await withNumbers(.postgres) { database async throws in
            let error = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    // Past the transaction's own eyes.
                    _ = try? await tx.connection.run("SELECT 1 / 0", options: .effect) { _ in }
                }
            }
            #expect(error?.description.contains("was rolled back") == true)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            try await database.transaction { _ = try await $0.execute("INSERT INTO t VALUES (1)") }
        }
    }

    /// A table `t` with one row whose `n` is 0, for two clients.
    private func withCounter(_ body: (_ database: Database, _ other: Database) async throws -> Void)
        async throws
    {
        try await PostgresServer.withClients { database, other async throws in
            try await database.execute("CREATE TABLE t (n int)")
            try await database.execute("INSERT INTO t VALUES (0)")
            try await body(database, other)
        }
    }
}
