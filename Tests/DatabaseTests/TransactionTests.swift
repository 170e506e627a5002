import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Transactions")
struct TransactionTests {
    @Test("of concurrent increments none is lost, though those that meet are repeated", arguments: TestEngine.allCases)
    func increments(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE counter (n INTEGER NOT NULL)")
            try await database.execute("INSERT INTO counter VALUES (0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        try await database.transaction(isolation: .serializable, attempts: 1_000) { tx in
                            let n = try #require(try await tx.value("SELECT n FROM counter", as: Int.self))
                            await Task.yield()
                            try await tx.execute("UPDATE counter SET n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.value("SELECT n FROM counter") == 300)
        }
    }

    @Test("what throws is rolled back, and the error is the one thrown", arguments: TestEngine.allCases)
    func rollback(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            await #expect(throws: Stop.self) {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    throw Stop()
                }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            try await database.transaction { _ = try await $0.execute("INSERT INTO t VALUES (2)") }
            #expect(try await database.values("SELECT n FROM t") == [2])
        }
    }

    @Test(
        "a cancelled task rolls back, though its closure returns as if nothing had happened",
        arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let (inside, insideNow) = AsyncStream.makeStream(of: Void.self)
            let (onward, goOn) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    insideNow.yield()
                    for await _ in onward { break }
                }
            }
            for await _ in inside { break }
            task.cancel()
            goOn.yield()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("used after its end, it throws", arguments: TestEngine.allCases)
    func afterItsEnd(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let leaked = try await database.transaction { $0 }
            let error = await databaseError { try await leaked.execute("INSERT INTO t VALUES (1)") }
            #expect(error?.kind == .misuse)
            #expect(error?.description.contains("after its end") == true)
        }
    }

    @Test("after a failed statement it can't go on or commit", arguments: TestEngine.allCases)
    func failedStatement(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            let error = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (1)")
                    _ = try? await tx.execute("INSERT INTO t VALUES (1)")
                    let second = await databaseError { try await tx.execute("INSERT INTO t VALUES (2)") }
                    #expect(second?.kind == .uniqueViolation)
                }
            }
            #expect(error?.kind == .uniqueViolation)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("a savepoint undoes its own part alone", arguments: TestEngine.allCases)
    func savepoint(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                let error = await databaseError {
                    try await tx.savepoint { part in
                        try await part.execute("INSERT INTO t VALUES (2)")
                        let outer = await databaseError { try await tx.execute("INSERT INTO t VALUES (3)") }
                        #expect(outer?.kind == .misuse)
                        try await part.execute("INSERT INTO t VALUES (1)")
                    }
                }
                #expect(error?.kind == .uniqueViolation)
                try await tx.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (4)") }
            }
            #expect(try await database.values("SELECT n FROM t ORDER BY n") == [1, 4])
        }
    }

    @Test(
        "a write through the database inside a transaction fails at once instead of waiting for itself",
        arguments: TestEngine.allCases)
    func nested(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.transaction { _ in
                let inner = await databaseError { try await database.transaction { _ in } }
                let write = await databaseError { try await database.execute("INSERT INTO t VALUES (1)") }
                let close = await databaseError { try await database.close() }
                #expect([inner?.kind, write?.kind, close?.kind] == [.misuse, .misuse, .misuse])
            }
            try await database.execute("INSERT INTO t VALUES (1)")
        }
    }

    @Test("a foreign key that is checked at the commit rolls back", arguments: TestEngine.allCases)
    func deferredForeignKey(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.execute(
                "CREATE TABLE c (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED)")
            let error = await databaseError {
                try await database.transaction { _ = try await $0.execute("INSERT INTO c VALUES (9)") }
            }
            #expect(error?.kind == .foreignKeyViolation)
            #expect(try await database.value("SELECT count(*) FROM c") == 0)
            try await database.transaction { _ = try await $0.execute("INSERT INTO t VALUES (9)") }
        }
    }

    @Test("a snapshot sees the state of its beginning and can't write", arguments: TestEngine.allCases)
    func snapshot(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.read { snapshot in
                try await database.execute("INSERT INTO t VALUES (1)")
                let seen = try await snapshot.value("SELECT count(*) FROM t", as: Int.self)
                #expect(seen == 0)
                let error = await databaseError { try await snapshot.execute("INSERT INTO t VALUES (2)") }
                #expect(error?.kind == .readOnly)
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 1)
        }
    }

    @Test("readers go on while a transaction is open, and see nothing of it", arguments: TestEngine.allCases)
    func readersGoOn(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                let outside = try await database.value("SELECT count(*) FROM t", as: Int.self)
                let inside = try await tx.value("SELECT count(*) FROM t", as: Int.self)
                #expect(outside == 0)
                #expect(inside == 1)
            }
        }
    }
}

struct Stop: Error {}

/// Runs the closure with a database that has an empty table `t` of unique numbers `n`.
func withNumbers<T>(
    _ engine: TestEngine, _ configuration: DatabaseConfiguration = .fast, _ body: (Database) async throws -> T
) async throws -> T {
    try await engine.withDatabase(configuration) { database async throws in
        try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
        return try await body(database)
    }
}
