/// Reads values in PostgreSQL's binary format. Whatever the bytes are, it gives a value or `Malformed`.
enum PostgresBinary {
    /// The bytes are not a value of their type.
    struct Malformed: Error {}

    static func value(_ bytes: UnsafeRawBufferPointer, _ type: PostgresType) throws(Malformed) -> SQLValue {
        switch type {
        case .boolean: .boolean(try integer(bytes, UInt8.self) != 0)
        case .bytea: .blob([UInt8](bytes))
        case .int2: .integer(Int64(try integer(bytes, Int16.self)))
        case .int4: .integer(Int64(try integer(bytes, Int32.self)))
        case .int8: .integer(try integer(bytes, Int64.self))
        case .oid: .integer(Int64(try integer(bytes, UInt32.self)))
        case .float4: .real(Double(Float(bitPattern: try integer(bytes, UInt32.self))))
        case .float8: .real(Double(bitPattern: try integer(bytes, UInt64.self)))
        case .numeric: try PostgresNumeric.value(bytes)
        case .text, .varchar, .bpchar, .name, .char, .json, .unknown: .text(try text(bytes))
        case .jsonb: .text(try jsonb(bytes))
        case .uuid: .text(try uuid(bytes))
        case .timestamptz, .timestamp: try time(PostgresTime.decode(try integer(bytes, Int64.self)))
        case .date: try time(PostgresTime.decode(day: try integer(bytes, Int32.self)))
        case .void: .null
        }
    }

    /// An integer that fills the bytes, the most significant byte first.
    static func integer<I: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ type: I.Type
    ) throws(Malformed) -> I {
        guard bytes.count == MemoryLayout<I>.size else { throw Malformed() }
        return I(bigEndian: bytes.loadUnaligned(as: I.self))
    }

    static func text(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
        return text
    }

    /// The text of `jsonb` comes after a byte that tells the version of the format.
    private static func jsonb(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> String {
        guard bytes.first == 1 else { throw Malformed() }
        return try text(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
    }

    private static func uuid(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> String {
        guard bytes.count == 16 else { throw Malformed() }
        return String(unsafeUninitializedCapacity: 36) { output in
            var place = 0
            for (index, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(index) {
                    output[place] = UInt8(ascii: "-")
                    place += 1
                }
                output[place] = hexDigit(byte >> 4)
                output[place + 1] = hexDigit(byte & 15)
                place += 2
            }
            return place
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func time(_ microseconds: Int64?) throws(Malformed) -> SQLValue {
        guard let microseconds else { throw Malformed() }
        return .time(microseconds: microseconds)
    }
}
