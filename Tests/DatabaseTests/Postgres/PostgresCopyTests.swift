import TestDatabases
import Testing

@testable import Database

@Suite(
    "Filling PostgreSQL's columns in bulk",
    .enabled(if: PostgresServer.isThere, PostgresServer.missing))
struct PostgresCopyTests {
    private static let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"

    /// A type, what is put into it, and what is read from it.
    private static let fitting: [(String, SQLValue, SQLValue)] = [
        ("int2", .integer(-32_768), .integer(-32_768)),
        ("int4", .integer(2_147_483_647), .integer(2_147_483_647)),
        ("int8", .integer(.min), .integer(.min)),
        ("oid", .integer(4_294_967_295), .integer(4_294_967_295)),
        ("float4", .real(1.5), .real(1.5)), ("float4", .integer(2), .real(2)),
        ("float8", .real(0.1), .real(0.1)),
        ("float8", .integer(3), .real(3)), ("bool", .boolean(true), .boolean(true)),
        ("text", .text(""), .text("")),
        ("varchar(3)", .text("abc"), .text("abc")), ("char(3)", .text("a"), .text("a  ")),
        ("name", .text("a name"), .text("a name")), ("json", .text("[1,  2]"), .text("[1,  2]")),
        ("jsonb", .text("[1,  2]"), .text("[1, 2]")), ("uuid", .text(uuid.uppercased()), .text(uuid)),
        ("bytea", .blob([0, 255]), .blob([0, 255])), ("bytea", .blob([]), .blob([])),
        ("timestamptz", .time(microseconds: -1), .time(microseconds: -1)),
        ("timestamptz", .time(microseconds: .max), .time(microseconds: .max)),
        ("timestamp", .time(microseconds: .min), .time(microseconds: .min)),
        (
            "date", .time(microseconds: 946_684_800_000_000 - 1), .time(microseconds: 946_598_400_000_000)
        ),
        ("date", .time(microseconds: .max), .time(microseconds: .max)), ("int4", .null, .null),
    ]

    @Test("every type takes what it can hold")
    func fits() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for (type, value, expected) in Self.fitting {
                try await database.execute("DROP TABLE IF EXISTS t")
                try await database.execute("CREATE TABLE t (c \(unescaped: type))")
                #expect(try await database.insert(into: "t", columns: ["c"], rows: [[value]]) as Int == 1)
                #expect(try await database.value("SELECT c FROM t", as: SQLValue.self) == expected, "\(type)")
            }
        }
    }

    @Test("a value that its column can't hold is refused by the column's name, and nothing was inserted")
    func doesNotFit() async throws {
        let bad: [(String, SQLValue)] = [
            ("int2", .integer(32_768)), ("int4", .integer(1 << 31)), ("oid", .integer(-1)),
            ("int4", .text("1")),
            ("int4", .real(1)), ("text", .integer(1)), ("text", .blob([1])), ("bytea", .text("x")),
            ("bool", .integer(1)),
            ("uuid", .text("no uuid")), ("timestamptz", .integer(1)), ("date", .text("2024-01-01")),
            ("float8", .text("1")),
        ]
        try await TestEngine.postgres.withDatabase { database async throws in
            for (type, value) in bad {
                try await database.execute("DROP TABLE IF EXISTS t")
                try await database.execute("CREATE TABLE t (\"the column\" \(unescaped: type))")
                let error = await databaseError {
                    try await database.insert(into: "t", columns: ["the column"], rows: [[.null], [value]])
                }
                #expect(error?.kind == .misuse, "\(type)")
                #expect(error?.description.contains("\"the column\"") == true)
                #expect(try await database.value("SELECT count(*) FROM t") == 0)
            }
        }
    }

    @Test("what only the server finds wrong is told, and nothing was inserted")
    func refusedByServer() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (c varchar(3), j jsonb, n int CHECK (n > 0))")
            let bad: [([SQLValue], String)] = [
                ([.text("Kuckuck"), .null, .null], "22001"), ([.null, .text("{Kuckuck"), .null], "22P02"),
                ([.null, .null, .integer(-5)], "23514"),
            ]
            for (row, state) in bad {
                let error = await databaseError {
                    try await database.insert(into: "t", columns: ["c", "j", "n"], rows: [row])
                }
                #expect(error?.sqlState == state)
                #expect(error?.debugDescription.contains("Kuckuck") == false)
                #expect(try await database.value("SELECT count(*) FROM t") == 0)
            }
        }
    }

    @Test("a type that can't be filled in bulk is told, and how large rows may be does not matter")
    func otherTypes() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            try await database.execute("CREATE TABLE t (i interval, b bytea)")
            let error = await databaseError {
                try await database.insert(into: "t", columns: ["i"], rows: [[.text("1 day")]])
            }
            #expect(error?.kind == .misuse)
            #expect(error?.description.contains("\"i\"") == true)
            let large = [UInt8](repeating: 7, count: 20_000_000)
            #expect(
                try await database.insert(into: "t", columns: ["b"], rows: [[.blob(large)]]) as Int == 1)
            #expect(try await database.value("SELECT octet_length(b) FROM t") == large.count)
        }
    }

    @Test("the rows fit the types that the columns have just now")
    func changedType() async throws {
        try await PostgresServer.withClients(.single()) { database, other async throws in
            try await database.execute("CREATE TABLE t (c int8)")
            try await database.insert(into: "t", columns: ["c"], rows: [[.integer(1)]])
            // As many bytes, and another meaning.
            try await other.execute("ALTER TABLE t ALTER c TYPE float8")
            try await database.insert(into: "t", columns: ["c"], rows: [[.integer(2)]])
            #expect(try await database.values("SELECT c FROM t ORDER BY c") == [1.0, 2.0])
        }
    }
}
