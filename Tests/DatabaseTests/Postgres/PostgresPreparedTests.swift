import TestDatabases
import Testing

@testable import Database

@Suite(
    "Statements prepared on a PostgreSQL server",
    .enabled(if: PostgresServer.isThere, PostgresServer.missing),
    .timeLimit(.minutes(2)))
struct PostgresPreparedTests {
    @Test("a statement that comes again is prepared by name, one that comes once is not")
    func comesAgain() async throws {
        try await PostgresServer.withClients(.single()) { database, _ async throws in
            var counts: [Int] = []
            for n in 1...4 {
                #expect(try await database.value("SELECT \(n) /* marked */") == n)
                counts.append(try await self.prepared(on: database))
            }
            #expect(counts == [0, 1, 1, 1])
        }
    }

    @Test("the same text with values of another type is another statement")
    func otherTypes() async throws {
        try await PostgresServer.withClients(.single()) { database, _ async throws in
            for _ in 1...3 {
                #expect(try await database.value("SELECT \(7) /* marked */", as: Int.self) == 7)
                #expect(try await database.value("SELECT \("x") /* marked */", as: String.self) == "x")
                #expect(
                    try await database.value("SELECT \(Double.pi) /* marked */", as: Double.self) == .pi)
            }
            #expect(try await prepared(on: database) == 3)
        }
    }

    @Test("only so many are kept, and all go on giving what they should")
    func limit() async throws {
        try await PostgresServer.withClients(.single(cachedStatements: 4)) { database, _ async throws in
            for _ in 1...3 {
                for n in 0..<12 {
                    for _ in 1...2 {
                        let value = try await database.value(
                            SQL(unescaped: "SELECT \(n) /* marked */"), as: Int.self)
                        #expect(value == n)
                    }
                }
            }
            // The last one that had to go is given back together with the next.
            #expect((1...5).contains(try await prepared(on: database)))
        }
    }

    @Test("behind a transaction pooler none is prepared, and columns are looked at each time")
    func pooler() async throws {
        try await PostgresServer.withClients(.single(pooler: .transaction)) { database, other async throws in
            try await other.execute("CREATE TABLE t (n int)")
            try await other.execute("INSERT INTO t VALUES (5)")
            for _ in 1...3 { #expect(try await database.value("SELECT n FROM t /* marked */") == 5) }
            #expect(try await prepared(on: database) == 0)
            try await other.execute("ALTER TABLE t ALTER n TYPE text USING n::text")
            #expect(try await database.value("SELECT n FROM t /* marked */", as: String.self) == "5")
        }
    }

    @Test("after a change of a column's type a statement is prepared anew, and nobody notices")
    func changedType() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            try await other.execute("CREATE TABLE t (n int)")
            try await other.execute("INSERT INTO t VALUES (5)")
            for uses in 1...3 {
                for _ in 1...uses { #expect(try await database.value("SELECT n FROM t") == 5) }
                try await other.execute("ALTER TABLE t ALTER n TYPE text USING n::text")
                for _ in 1...2 {
                    #expect(try await database.value("SELECT n FROM t", as: String.self) == "5")
                }
                let both = try await database.pipeline {
                    ($0.value("SELECT n FROM t", as: String.self), $0.value("SELECT 1", as: Int.self))
                }
                #expect(try both.0.value == "5")
                try await other.execute("ALTER TABLE t ALTER n TYPE int USING n::int")
                let again = try await database.pipeline {
                    ($0.value("SELECT n FROM t", as: Int.self), $0.value("SELECT 1", as: Int.self))
                }
                #expect(try again.0.value == 5)
            }
        }
    }

    @Test(
        "inside a transaction a change of a column's type is an error, and the next transaction goes on"
    )
    func changedTypeInside() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            try await other.execute("CREATE TABLE t (n int)")
            try await other.execute("INSERT INTO t VALUES (5)")
            let read: @Sendable (Transaction) async throws -> SQLValue? = {
                try await $0.value("SELECT n FROM t")
            }
            for _ in 1...3 { #expect(try await database.transaction(read) == .integer(5)) }
            try await other.execute("ALTER TABLE t ALTER n TYPE text USING n::text")
            let error = await databaseError { _ = try await database.transaction(read) }
            #expect(error?.sqlState == "0A000")
            #expect(try await database.transaction(read) == .text("5"))
        }
    }

    @Test("statements that were given back behind our back are prepared anew", arguments: [1, 256])
    func givenBack(limit: Int) async throws {
        try await PostgresServer.withClients(.single(cachedStatements: limit)) { database, _ async throws in
            try await database.execute("CREATE TABLE t (n int)")
            try await database.execute("INSERT INTO t VALUES (0)")
            var expected = 0
            for _ in 0..<3 {
                for step in [1, 10, 100] {
                    // They write, so all run on the connection that writes.
                    let statement = SQL(unescaped: "UPDATE t SET n = n + \(step) RETURNING n")
                    for _ in 1...3 {
                        expected += step
                        #expect(try await database.value(statement) == expected)
                    }
                    try await database.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")
                }
            }
        }
    }

    @Test("inside a transaction that is an error, and the next transaction goes on", arguments: [1, 256])
    func givenBackInside(limit: Int) async throws {
        try await PostgresServer.withClients(.single(cachedStatements: limit)) { database, _ async throws in
            try await database.execute("CREATE TABLE t (n int)")
            let first: @Sendable (Transaction) async throws -> Int = {
                try await $0.execute("INSERT INTO t VALUES (1)")
            }
            let second: @Sendable (Transaction) async throws -> Int = {
                try await $0.execute("INSERT INTO t VALUES (2)")
            }
            // With room for one, the first waits to be given back when the second is prepared.
            for _ in 1...3 { _ = try await database.transaction(first) }
            for _ in 1...3 { _ = try await database.transaction(second) }
            try await database.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")
            let error = await databaseError { _ = try await database.transaction(second) }
            #expect(error?.sqlState == "26000")
            for _ in 1...3 { _ = try await database.transaction(second) }
            #expect(try await database.value("SELECT sum(n)::int FROM t") == 15)
        }
    }

    @Test("a pipeline prepares what comes again, once, and uses it from there on")
    func inPipeline() async throws {
        try await PostgresServer.withClients(.single()) { database, _ async throws in
            for round in 1...3 {
                let results = try await database.pipeline { pipeline in
                    (1...300).map { pipeline.value("SELECT \($0 * round) /* marked */", as: Int.self) }
                }
                #expect(try results.map { try $0.value } == (1...300).map { $0 * round })
                #expect(try await self.prepared(on: database) == 1)
            }
        }
    }

    @Test("a pipeline uses what it has made itself; where preparing fails nothing has happened, and all goes on")
    func madeInPipeline() async throws {
        try await PostgresServer.withClients(.single()) { database, _ async throws in
            try await database.pipeline {
                $0.execute("CREATE TABLE made (n int)")
                for n in 1...3 { $0.execute("INSERT INTO made VALUES (\(n))") }
            }
            for _ in 1...3 {
                let error = await databaseError {
                    try await database.pipeline {
                        for n in 1...3 { $0.execute("INSERT INTO made VALUES (\(n))") }
                        for _ in 1...3 { $0.execute("INSERT INTO missing VALUES (1)") }
                        for n in 1...3 { $0.execute("UPDATE made SET n = \(n) WHERE n > 100") }
                    }
                }
                #expect(error?.sqlState == "42P01")
            }
            try await database.pipeline { for n in 1...3 { $0.execute("UPDATE made SET n = \(n) WHERE n = \(n)") } }
            #expect(try await database.value("SELECT count(*)::int FROM made", as: Int.self) == 3)
        }
    }

    private func prepared(on database: Database) async throws -> Int {
        try await database.value(
            """
            SELECT count(*) FROM pg_prepared_statements
            WHERE statement LIKE '%marked%' AND statement NOT LIKE '%pg_prepared%'
            """) ?? 0
    }
}
