import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Inserting in bulk", .timeLimit(.minutes(2)))
struct BulkInsertTests {
    @Test(
        "values of every type arrive as they are, and so do missing ones",
        arguments: TestEngine.allCases)
    func types(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute(
                """
                CREATE TABLE "a table" (n BIGINT, r DOUBLE PRECISION, f BOOLEAN, "a ""text" TEXT, b BYTEA,
                    t TIMESTAMPTZ)
                """)
            let time = Date(timeIntervalSince1970: 1_700_000_000.123_456)
            let columns = ["n", "r", "f", "a \"text", "b", "t"]
            let full: [SQLValue] = [
                .integer(.min), .real(0.1), .boolean(true), .text("naïve 🌍\n\t\\N"), .blob([0, 255]),
                time.sqlValue,
            ]
            let blank: [SQLValue] = [
                .integer(0), .real(-0.5), .boolean(false), .text(""), .blob([]), .time(microseconds: -1),
            ]
            let none = [SQLValue](repeating: .null, count: 6)
            let count = try await database.insert(
                into: "a table", columns: columns, rows: [full, none, blank])
            #expect(count == 3)
            let rows = try await database.rows("SELECT * FROM \"a table\"", as: Everything.self)
            let first = Everything(
                n: .min, r: 0.1, f: true, text: "naïve 🌍\n\t\\N", b: [0, 255], t: time)
            let last = Everything(
                n: 0, r: -0.5, f: false, text: "", b: [], t: Date(timeIntervalSince1970: -0.000_001))
            #expect(rows == [first, Everything(), last])
        }
    }

    @Test("no row and some columns are enough", arguments: TestEngine.allCases)
    func someColumns(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (a INTEGER DEFAULT 5, b INTEGER)")
            #expect(try await database.insert(into: "t", columns: ["b"], rows: []) as Int == 0)
            #expect(
                try await database.insert(into: "t", columns: ["b"], rows: [[.integer(1)]]) as Int == 1)
            #expect(try await database.value("SELECT a + b FROM t") == 6)
        }
    }

    @Test("a row that can't be inserted undoes all, and says why", arguments: TestEngine.allCases)
    func allOrNone(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT NOT NULL)")
            let good: [[SQLValue]] = (0..<500).map { [.integer($0), .text("text")] }
            let bad: [([SQLValue], DatabaseError.Kind)] = [
                ([.integer(600)], .misuse), ([.integer(600), .text("x"), .null], .misuse),
                ([.integer(600), .text("nul \0")], .unstorableText),
                ([.integer(7), .text("x")], .uniqueViolation),
                ([.integer(600), .null], .notNullViolation),
            ]
            for (row, kind) in bad {
                let error = await databaseError {
                    try await database.insert(
                        into: "t", columns: ["n", "s"],
                        rows: good + [row] + good.map { [.integer(700), $0[1]] })
                }
                #expect(error?.kind == kind)
                #expect(try await database.value("SELECT count(*) FROM t") == 0)
            }
            #expect(try await database.insert(into: "t", columns: ["n", "s"], rows: good) as Int == 500)
        }
    }

    @Test("a table or a column that is not there is told", arguments: TestEngine.allCases)
    func missing(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            for (table, column) in [("u", "n"), ("t", "m")] {
                let error = await databaseError {
                    try await database.insert(into: table, columns: [column], rows: [[.integer(1)]])
                }
                #expect(error?.kind == .other)
            }
            #expect(
                try await database.insert(into: "t", columns: ["n"], rows: [[.integer(1)]]) as Int == 1)
        }
    }

    @Test("a hundred thousand rows arrive, each once", arguments: TestEngine.allCases)
    func many(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (n INTEGER, s TEXT)")
            let rows = GeneratedRows { n in n < 100_000 ? [.integer(Int64(n)), .text("row \(n)")] : nil }
            #expect(
                try await database.insert(into: "t", columns: ["n", "s"], rows: rows) as Int == 100_000)
            #expect(try await database.value("SELECT count(DISTINCT s) FROM t") == 100_000)
            #expect(try await database.value("SELECT CAST(sum(n) AS BIGINT) FROM t") == 4_999_950_000)
        }
    }

    @Test("cancelling the task stops it, and nothing was inserted", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        try await engine.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (n INTEGER, s TEXT)")
            let started = Gate()
            let endless = GeneratedRows { n in
                if n == 10_000 { started.open() }
                return [.integer(1), .text("and so on")]
            }
            let task = Task { try await database.insert(into: "t", columns: ["n", "s"], rows: endless) }
            await started.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            #expect(
                try await database.insert(into: "t", columns: ["n"], rows: [[.integer(1)]]) as Int == 1)
        }
    }

    @Test(
        "inside a transaction it is a part of that, and its failure ends it",
        arguments: TestEngine.allCases)
    func inside(engine: TestEngine) async throws {
        try await withNumbers(engine) { database async throws in
            try await database.transaction { tx in
                try await tx.execute("INSERT INTO t VALUES (1)")
                try await tx.insert(into: "t", columns: ["n"], rows: [[.integer(2)], [.integer(3)]])
            }
            let error = await databaseError {
                try await database.transaction { tx in
                    try await tx.execute("INSERT INTO t VALUES (4)")
                    _ = try? await tx.insert(into: "t", columns: ["n"], rows: [[.integer(5)], [.integer(1)]])
                    _ = try? await tx.execute("INSERT INTO t VALUES (6)")
                }
            }
            #expect(error?.kind == .uniqueViolation)
            #expect(try await database.values("SELECT n FROM t ORDER BY n") == [1, 2, 3])
            let snapshot = await databaseError {
                try await database.read {
                    _ = try await $0.insert(into: "t", columns: ["n"], rows: [[.integer(9)]])
                }
            }
            #expect(snapshot?.kind == .readOnly)
        }
    }
}

/// A row of all types, of which each may be missing.
private struct Everything: RowDecodable, Equatable {
    var n: Int64?
    var r: Double?
    var f: Bool?
    var text: String?
    var b: [UInt8]?
    var t: Date?
}

extension Everything {
    init(row: Row) throws {
        n = try row.decode("n")
        r = try row.decode("r")
        f = try row.decode("f")
        text = try row.decode("a \"text")
        b = try row.decode("b")
        t = try row.decode("t")
    }
}
