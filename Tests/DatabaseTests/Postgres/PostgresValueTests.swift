import TestDatabases
import Testing

@testable import Database

@Suite("Values of PostgreSQL")
struct PostgresValueTests {
    /// A value as the server writes it, its type, and what it is here.
    struct Sample: Sendable, CustomTestStringConvertible {
        var literal: String
        var type: PostgresType
        var value: SQLValue

        init(_ literal: String, _ type: PostgresType, _ value: SQLValue) {
            (self.literal, self.type, self.value) = (literal, type, value)
        }

        var testDescription: String { literal }
    }

    private static let samples: [Sample] = numbers + numerics + texts + times

    private static let numbers: [Sample] = [
        Sample("true", .boolean, .boolean(true)), Sample("false", .boolean, .boolean(false)),
        Sample("(-32768)::int2", .int2, .integer(-32_768)),
        Sample("2147483647::int4", .int4, .integer(2_147_483_647)),
        Sample("(-2147483648)::int4", .int4, .integer(-2_147_483_648)),
        Sample("9223372036854775807::int8", .int8, .integer(.max)),
        Sample("(-9223372036854775808)::int8", .int8, .integer(.min)),
        Sample("4294967295::oid", .oid, .integer(4_294_967_295)),
        Sample("1.5::float4", .float4, .real(1.5)),
        Sample("'-infinity'::float4", .float4, .real(-.infinity)),
        Sample("'NaN'::float4", .float4, .real(.nan)), Sample("'NaN'::float8", .float8, .real(.nan)),
        Sample("'infinity'::float8", .float8, .real(.infinity)),
        Sample("'-0'::float8", .float8, .real(-0.0)),
        Sample("5e-324::float8", .float8, .real(.leastNonzeroMagnitude)), Sample("0.1::float8", .float8, .real(0.1)),
        Sample("1.7976931348623157e308::float8", .float8, .real(.greatestFiniteMagnitude)),
    ]

    private static let numerics: [Sample] = [
        Sample("'0'::numeric", .numeric, .integer(0)),
        Sample("'1e6'::numeric", .numeric, .integer(1_000_000)),
        Sample("'9223372036854775807'::numeric", .numeric, .integer(.max)),
        Sample("'-9223372036854775808'::numeric", .numeric, .integer(.min)),
        Sample("'9223372036854775808'::numeric", .numeric, .real(9_223_372_036_854_775_808)),
        Sample("'12345678901234567890'::numeric", .numeric, .real(12_345_678_901_234_567_168)),
        Sample("(SELECT sum(n) FROM (VALUES (1::int8), (2)) AS t (n))", .numeric, .integer(3)),
        Sample("1.00::numeric", .numeric, .real(1)), Sample("0.1::numeric", .numeric, .real(0.1)),
        Sample("'-123456.789'::numeric", .numeric, .real(-123_456.789)),
        Sample("0.000001234::numeric", .numeric, .real(0.000_001_234)),
        Sample("'1e400'::numeric", .numeric, .real(.infinity)),
        Sample("'1e-400'::numeric", .numeric, .real(0)),
        Sample("'NaN'::numeric", .numeric, .real(.nan)),
        Sample("'Infinity'::numeric", .numeric, .real(.infinity)),
        Sample("'-Infinity'::numeric", .numeric, .real(-.infinity)),
    ]

    private static let texts: [Sample] = [
        Sample("'naïve 🌍'::text", .text, .text("naïve 🌍")), Sample("''::text", .text, .text("")),
        Sample("'of no type'", .text, .text("of no type")),
        Sample("'abc'::varchar(3)", .varchar, .text("abc")),
        Sample("'ab'::char(4)", .bpchar, .text("ab  ")),
        Sample("'a name'::name", .name, .text("a name")),
        Sample("'x'::\"char\"", .char, .text("x")), Sample("'[1,  2]'::json", .json, .text("[1,  2]")),
        Sample("'{\"b\":1, \"a\":\"ü\"}'::jsonb", .jsonb, .text("{\"a\": \"ü\", \"b\": 1}")),
        Sample(
            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", .uuid,
            .text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
        Sample("'\\x00ff10'::bytea", .bytea, .blob([0, 255, 16])),
        Sample("''::bytea", .bytea, .blob([])),
        Sample("pg_sleep(0)", .void, .null),
    ]

    private static let times: [Sample] = [
        Sample("'1970-01-01'::date", .date, .time(microseconds: 0)),
        Sample("'9999-12-31'::date", .date, .time(microseconds: 253_402_214_400_000_000)),
        Sample("'0044-03-15 BC'::date", .date, .time(microseconds: -63_517_824_000_000_000)),
        Sample("'infinity'::date", .date, .time(microseconds: .max)),
        Sample("'-infinity'::date", .date, .time(microseconds: .min)),
        Sample(
            "'2024-02-29 13:14:15.123456+05:30'::timestamptz", .timestamptz,
            .time(microseconds: 1_709_192_655_123_456)),
        Sample("'1969-12-31 23:59:59.999999+00'::timestamptz", .timestamptz, .time(microseconds: -1)),
        Sample(
            "'4714-11-24 00:00:00+00 BC'::timestamptz", .timestamptz,
            .time(microseconds: -210_866_803_200_000_000)),
        Sample(
            "'0001-12-31 23:59:59.5+00 BC'::timestamptz", .timestamptz,
            .time(microseconds: -62_135_596_800_500_000)),
        Sample("'infinity'::timestamptz", .timestamptz, .time(microseconds: .max)),
        Sample("'-infinity'::timestamptz", .timestamptz, .time(microseconds: .min)),
        Sample("'1970-01-02 00:00:00.5'::timestamp", .timestamp, .time(microseconds: 86_400_500_000)),
        Sample(
            "'0044-03-15 00:00 BC'::timestamp", .timestamp, .time(microseconds: -63_517_824_000_000_000)),
    ]

    @Test(
        "every type is read as the server sends it, in binary and as text in any time zone",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func everyType() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for zone in ["UTC", "Asia/Kolkata", "America/New_York"] {
                try await database.transaction { tx in
                    try await tx.execute("SET LOCAL TimeZone = '\(unescaped: zone)'")
                    for sample in Self.samples {
                        let binary = try await tx.value(
                            "SELECT \(unescaped: sample.literal)", as: SQLValue.self)
                        #expect("\(binary ?? .text("no row"))" == "\(sample.value)", "\(sample.literal)")
                        let written = try await tx.value(
                            "SELECT format('%s', \(unescaped: sample.literal))", as: String.self)
                        let text = try #require(written)
                        let read = try Array(text.utf8).withUnsafeBytes {
                            try PostgresText.value($0, sample.type)
                        }
                        #expect("\(read)" == "\(sample.value)", "\(sample.literal), written as \(text)")
                    }
                }
            }
        }
    }

    @Test("NULL of any type is NULL", .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func nulls() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for type in [
                "bool", "int4", "numeric", "text", "bytea", "uuid", "jsonb", "timestamptz", "date",
                "interval",
            ] {
                let value = try await database.value("SELECT NULL::\(unescaped: type)", as: SQLValue.self)
                #expect(value == .null)
            }
        }
    }

    @Test(
        "a type that is not read is named, and how to read it all the same",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing),
        arguments: ["'1 day'::interval", "ARRAY[1, 2]", "'12:00'::time", "point '(1, 2)'"])
    func unreadTypes(literal: String) async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            let error = await databaseError {
                _ = try await database.value("SELECT \(unescaped: literal) AS strange", as: SQLValue.self)
            }
            #expect(error?.kind == .decoding)
            #expect(error?.description.contains("strange::text") == true)
            let text = try await database.value("SELECT (\(unescaped: literal))::text", as: String.self)
            #expect(text?.isEmpty == false)
        }
    }

    @Test(
        "a time beyond our range is no time",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func beyond() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            for literal in ["timestamptz '294276-12-31 23:59:59+00'", "date '5874897-12-31'"] {
                let error = await databaseError {
                    _ = try await database.value("SELECT \(unescaped: literal)", as: SQLValue.self)
                }
                #expect(error?.kind == .decoding)
            }
        }
    }

    @Test(
        "what is bound becomes what the statement makes of it",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func bound() async throws {
        try await TestEngine.postgres.withDatabase { database async throws in
            let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
            let row = try await database.first(
                """
                SELECT \(uuid)::uuid AS uuid, \("[1]")::jsonb AS json, \("42")::int AS number,
                    \("x")::char(3) AS padded,
                    \(7) + 1 AS sum, \(SQLValue.null)::int AS missing, \(SQLValue.time(microseconds: .max)) AS never,
                    \(SQLValue.time(microseconds: .min)) AS ever, \(Double.infinity) AS endless
                """, as: Values.self)
            #expect(
                row?.values == [
                    .text(uuid), .text("[1]"), .integer(42), .text("x  "), .integer(8), .null,
                    .time(microseconds: .max), .time(microseconds: .min), .real(.infinity),
                ])
        }
    }
}

/// All values of a row.
private struct Values: RowDecodable {
    let values: [SQLValue]
    init(row: Row) throws { values = try row.columnNames.indices.map { try row.decode(at: $0) } }
}
