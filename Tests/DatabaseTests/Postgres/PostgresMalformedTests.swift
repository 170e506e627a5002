import Testing

@testable import Database

/// Bytes that no sound server sends. Whatever they are, they give a value or an error.
@Suite("Malformed values of PostgreSQL")
struct PostgresMalformedTests {
    private static let types: [PostgresType] = [
        .boolean, .bytea, .char, .name, .int8, .int2, .int4, .text, .oid, .json, .float4, .float8,
        .unknown, .bpchar,
        .varchar, .date, .timestamp, .timestamptz, .numeric, .void, .uuid, .jsonb,
    ]
    /// Enough that each check of a length or a digit is met many times.
    private static let attempts = 100_000

    /// How many of the byte strings are read as a value.
    private func readable(
        seed: UInt64, _ make: (inout SeededNumbers) -> [UInt8],
        _ read: (UnsafeRawBufferPointer, PostgresType) throws(PostgresBinary.Malformed) -> SQLValue
    ) -> Int {
        var numbers = SeededNumbers(seed: seed)
        var count = 0
        for attempt in 0..<Self.attempts {
            let bytes = make(&numbers)
            let type = Self.types[attempt % Self.types.count]
            if (try? bytes.withUnsafeBytes({ try read($0, type) })) != nil { count += 1 }
        }
        return count
    }

    @Test("binary: random bytes")
    func binary() {
        let count = readable(
            seed: 1,
            { numbers in
                (0..<Int.random(in: 0...20, using: &numbers)).map { _ in
                    UInt8.random(in: 0...255, using: &numbers)
                }
            }, PostgresBinary.value)
        #expect((1..<Self.attempts).contains(count))
    }

    @Test("numeric: random digits, weights and signs behind a length that fits")
    func numeric() {
        var numbers = SeededNumbers(seed: 2)
        var count = 0
        for _ in 0..<Self.attempts {
            let digits = Int.random(in: 0...6, using: &numbers)
            var fields: [UInt16] = [UInt16(digits), UInt16.random(in: 0...20, using: &numbers), 0, 0]
            if Bool.random(using: &numbers) {
                fields[1] = UInt16.random(in: 0...UInt16.max, using: &numbers)
            }
            fields[2] = [0, 0x4000, 0xC000, 0xD000, 0xF000, 0x1234].randomElement(using: &numbers) ?? 0
            fields[3] =
                Bool.random(using: &numbers) ? 0 : UInt16.random(in: 0...UInt16.max, using: &numbers)
            for _ in 0..<digits { fields.append(UInt16.random(in: 0...10_001, using: &numbers)) }
            let bytes = fields.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            if (try? bytes.withUnsafeBytes { try PostgresNumeric.value($0) }) != nil { count += 1 }
        }
        #expect((1..<Self.attempts).contains(count))
    }

    @Test("text: random bytes, and random texts of the signs that numbers and times are made of")
    func text() {
        let signs = Array("0123456789-+:. eEBCnaNifty\\x".utf8)
        let count = readable(
            seed: 3,
            { numbers in
                let isRandom = Int.random(in: 0..<4, using: &numbers) == 0
                return (0..<Int.random(in: 0...24, using: &numbers)).map { _ in
                    isRandom
                        ? UInt8.random(in: 0...255, using: &numbers) : signs.randomElement(using: &numbers) ?? 0
                }
            }, PostgresText.value)
        #expect((1..<Self.attempts).contains(count))
    }

    @Test("text: real times with a sign or two exchanged")
    func times() {
        let real = [
            "2024-02-29 13:14:15.123456+05:30", "0044-03-15 BC", "infinity", "-infinity",
            "294276-12-31 24:00:60-15:59:59",
        ].map { Array($0.utf8) }
        let signs = Array("0123456789-+:. BC".utf8)
        let count = readable(
            seed: 4,
            { numbers in
                var bytes = real.randomElement(using: &numbers) ?? []
                for _ in 0..<Int.random(in: 0...2, using: &numbers) {
                    bytes[Int.random(in: 0..<bytes.count, using: &numbers)] =
                        signs.randomElement(using: &numbers) ?? 0
                }
                return bytes
            }, PostgresText.value)
        #expect((1..<Self.attempts).contains(count))
    }

    @Test(
        "text: what is almost a value is none",
        arguments: [
            (.boolean, "true"), (.int8, "9223372036854775808"), (.int4, "1.5"), (.int4, ""),
            (.float8, "1,5"),
            (.bytea, "\\x0"), (.bytea, "00"), (.bytea, "\\x0g"), (.date, "2024-13-01"),
            (.date, "2024-01-32"),
            (.date, "2024-01"), (.timestamptz, "2024-01-01 25:00:00+00"),
            (.timestamptz, "2024-01-01 00:00:00.1234567"),
            (.timestamptz, "2024-01-01 00:00:00+"), (.timestamptz, "2024-01-01 00:00"),
            (.date, "٢٠٢٤-01-01"),
        ] as [(PostgresType, String)])
    func almost(type: PostgresType, text: String) {
        #expect(throws: PostgresBinary.Malformed.self) {
            try Array(text.utf8).withUnsafeBytes { try PostgresText.value($0, type) }
        }
    }
}
