import Database
import Foundation
import TestDatabases
import Testing

@Suite("Statements and rows")
struct StatementTests {
    @Test("every type comes back as it went in", arguments: TestEngine.allCases)
    func roundTrip(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let sample = Sample(
                integer: .max, real: 0.1, flag: true, text: "naïve 🌍 '); DROP TABLE x; --", empty: "", uuid: UUID(),
                date: Date(timeIntervalSince1970: 1_700_000_000.123_456), bytes: [0, 255, 7], noBytes: [], missing: nil,
                colour: .green)
            let read = try await database.first(
                """
                SELECT \(sample.integer) AS integer, \(sample.real) AS real, \(sample.flag) AS flag,
                    \(sample.text) AS text, \(sample.empty) AS empty, \(sample.uuid) AS uuid, \(sample.date) AS date,
                    \(sample.bytes) AS bytes, \(sample.noBytes) AS no_bytes, \(sample.missing) AS missing,
                    \(sample.colour) AS colour
                """, as: Sample.self)
            #expect(read == sample)
        }
    }

    @Test("a list binds each of its values, with or without parentheses of its own", arguments: TestEngine.allCases)
    func lists(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (n INTEGER)")
            for n in 1...4 { try await database.execute("INSERT INTO t VALUES (\(n))") }
            #expect(try await database.values("SELECT n FROM t WHERE n IN \(list: [2, 4, 9]) ORDER BY n") == [2, 4])
            #expect(try await database.values("SELECT n FROM t WHERE n IN (\(list: [1, 3])) ORDER BY n") == [1, 3])
            #expect(try await database.values("SELECT n FROM t WHERE n IN \(list: [Int]())") == [Int]())
        }
    }

    @Test("a part of a statement keeps its values in place", arguments: TestEngine.allCases)
    func parts(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let part: SQL = "\(20) + \(3)"
            let column = "answer"
            let value = try await database.value("SELECT \(100) + \(part) AS \(unescaped: column)", as: Int.self)
            #expect(value == 123)
        }
    }

    @Test("INSERT … RETURNING is a write and gives its rows", arguments: TestEngine.allCases)
    func returning(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)")
            let ids = try await database.values(
                "INSERT INTO t VALUES (1, 7), (2, 8), (3, 9) RETURNING id", as: Int.self)
            let first = try await database.value("INSERT INTO t VALUES (4, 7), (5, 7) RETURNING id", as: Int.self)
            #expect(ids == [1, 2, 3])
            #expect(first == 4)
            #expect(try await database.value("SELECT count(*) FROM t") == 5)
        }
    }

    @Test("execute says how many rows were changed", arguments: TestEngine.allCases)
    func changes(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            var counts: [Int] = []
            let statements: [SQL] = [
                "CREATE TABLE t (n INTEGER)", "INSERT INTO t VALUES (1), (2), (3)", "UPDATE t SET n = 0 WHERE n > 1",
                "DELETE FROM t WHERE n = 9", "SELECT n FROM t",
            ]
            for statement in statements { counts.append(try await database.execute(statement)) }
            #expect(counts == [0, 3, 2, 0, 0])
        }
    }

    @Test("a decoding error names the column, what was expected and what was found", arguments: TestEngine.allCases)
    func decodingErrors(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let wrong = await databaseError { _ = try await database.rows("SELECT 'secret' AS n", as: Number.self) }
            #expect(wrong?.kind == .decoding)
            #expect(wrong?.description.contains("\"n\": expected an integer, found a text") == true)
            #expect(wrong?.debugDescription.contains("secret") == false)
            let missing = await databaseError { _ = try await database.rows("SELECT 1 AS m", as: Number.self) }
            #expect(missing?.description.contains("no column \"n\": the row has m") == true)
            let none = await databaseError { _ = try await database.rows("SELECT NULL AS n", as: Number.self) }
            #expect(none?.description.contains("found NULL") == true)
        }
    }

    @Test("after a change of the schema the columns are looked up anew", arguments: TestEngine.allCases)
    func schemaChange(engine: TestEngine) async throws {
        try await engine.withDatabase(DatabaseConfiguration(durability: .processEnd, maximumReaders: 1)) {
            database async throws in
            try await database.execute("CREATE TABLE t (other TEXT)")
            try await database.execute("INSERT INTO t VALUES ('x')")
            #expect(try await database.rows("SELECT * FROM t", as: Names.self).map(\.names) == [["other"]])
            try await database.execute("ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 7")
            #expect(try await database.rows("SELECT * FROM t", as: Names.self).map(\.names) == [["other", "n"]])
            #expect(try await database.rows("SELECT * FROM t", as: Number.self).map(\.n) == [7])
        }
    }

    @Test("a large blob is lent without a copy and decoded whole", arguments: TestEngine.allCases)
    func blobs(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await database.execute("CREATE TABLE t (b BYTEA)")
            try await database.execute("INSERT INTO t VALUES (\(bytes))")
            #expect(try await database.value("SELECT b FROM t", as: [UInt8].self) == bytes)
            let sums = try await database.fetch("SELECT b FROM t", limit: nil) { row in
                try row.withBytes("b") { $0.reduce(0) { $0 &+ Int($1) } }
            }
            #expect(sums == [bytes.reduce(0) { $0 + Int($1) }])
        }
    }

    @Test("more rows than the limit are an error, never cut off silently", arguments: TestEngine.allCases)
    func rowLimit(engine: TestEngine) async throws {
        try await engine.withDatabase(DatabaseConfiguration(durability: .processEnd, maximumRows: 3)) {
            database async throws in
            let all = try await database.values("VALUES (1), (2), (3)", as: Int.self)
            #expect(all == [1, 2, 3])
            let error = await databaseError { _ = try await database.values("VALUES (1), (2), (3), (4)", as: Int.self) }
            #expect(error?.kind == .tooLarge)
        }
    }

    @Test("a statement that changes the connection is refused", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            for text in ["BEGIN", engine == .sqlite ? " pragma foreign_keys = OFF" : " set work_mem = 64"] {
                let error = await databaseError { try await database.execute(SQL(unescaped: text)) }
                #expect(error?.kind == .misuse)
            }
        }
    }

    @Test("two statements in one are refused", arguments: TestEngine.allCases)
    func twoStatements(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let error = await databaseError { try await database.execute("SELECT 1; SELECT 2") }
            #expect(error != nil)
        }
    }

    @Test("now() is the time in microseconds, the same throughout a transaction", arguments: TestEngine.allCases)
    func time(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            let before = Date()
            let (first, second, later) = try await database.transaction { tx in
                let first = try await tx.value("SELECT now()", as: Date.self)
                let second = try await tx.value("SELECT now()", as: Date.self)
                let later = try await tx.value("SELECT seconds_from_now(1.5)", as: Date.self)
                return (try #require(first), try #require(second), try #require(later))
            }
            let after = try #require(try await database.value("SELECT now()", as: Date.self))
            #expect(first == second)
            #expect(abs(later.timeIntervalSince(first) - 1.5) < 0.000_01)
            #expect(first.timeIntervalSince(before) > -0.001)
            #expect(after > first)
        }
    }
}

/// One value of each type.
private struct Sample: RowDecodable, Equatable {
    enum Colour: String, SQLBindable, SQLDecodable { case red, green }

    var integer: Int
    var real: Double
    var flag: Bool
    var text: String
    var empty: String
    var uuid: UUID
    var date: Date
    var bytes: [UInt8]
    var noBytes: [UInt8]
    var missing: String?
    var colour: Colour
}

extension Sample {
    init(row: Row) throws {
        integer = try row.decode("integer")
        real = try row.decode("real")
        flag = try row.decode("flag")
        text = try row.decode("text")
        empty = try row.decode("empty")
        uuid = try row.decode("uuid")
        date = try row.decode("date")
        bytes = try row.decode("bytes")
        noBytes = try row.decode("no_bytes")
        missing = try row.decode("missing")
        colour = try row.decode("colour")
    }
}

private struct Number: RowDecodable {
    let n: Int
    init(row: Row) throws { n = try row.decode("n") }
}

private struct Names: RowDecodable {
    let names: [String]
    init(row: Row) throws { names = row.columnNames }
}
