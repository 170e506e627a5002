internal import Crypto
internal import Database

/// A row on its way, with what tells whether another is the same.
struct MovedRow: Sendable {
    var values: [SQLValue]
    var mark: RowMark

    init(_ row: Row, of table: MovableTable) throws {
        values = try table.columns.indices.map { try Self.value(at: $0, of: row, table.columns[$0].kind) }
        mark = RowMark(values, of: table)
    }

    /// The value with the type of its meaning: an engine may store a time or a truth as a number.
    private static func value(at place: Int, of row: Row, _ kind: MovableTable.Kind) throws -> SQLValue {
        let value: SQLValue = try row.decode(at: place)
        switch (kind, value) {
        case (.time, .integer(let number)): return .time(microseconds: number)
        case (.truth, .integer(let number)): return .boolean(number != 0)
        case (.time, .time), (.truth, .boolean), (.integer, .integer), (.bytes, .blob), (_, .null): return value
        case (.id, .text), (.text, .text), (.json, .text): return value
        default: throw SQLMismatch(expected: "a value of the kind \(kind)", found: value)
        }
    }
}

/// What is kept of a row to compare it: its key, its checksum and its size.
struct RowMark: Sendable, Hashable {
    /// The key's values as bytes, which sort as the numbers and ids do.
    var key: [UInt8]
    /// SHA-256 of all values.
    var digest: [UInt8]
    /// Bytes of all values, with eight for a number.
    var size: Int

    init(_ values: [SQLValue], of table: MovableTable) {
        var encoder = RowEncoder()
        for value in values { encoder.append(value) }
        digest = Array(SHA256.hash(data: encoder.bytes))
        size = encoder.size
        encoder = RowEncoder()
        for place in table.keyPlaces { encoder.append(values[place]) }
        key = encoder.bytes
    }
}

/// Writes values as bytes that are the same whichever engine they came from: a letter for the type, then a number in
/// eight bytes (the highest first, so that negative ones come before), or a length in eight bytes and that many.
private struct RowEncoder {
    private(set) var bytes: [UInt8] = []
    private(set) var size = 0

    mutating func append(_ value: SQLValue) {
        switch value {
        case .null: bytes.append(UInt8(ascii: "0"))
        case .integer(let number): append("i", number)
        case .time(let microseconds): append("t", microseconds)
        case .boolean(let truth): append("b", truth ? 1 : 0)
        case .real(let number): append("r", Int64(bitPattern: number.bitPattern))
        case .text(let text): append("s", text.utf8)
        case .blob(let blob): append("x", blob)
        }
    }

    private mutating func append(_ type: Unicode.Scalar, _ number: Int64) {
        bytes.append(UInt8(ascii: type))
        append(UInt64(bitPattern: number) ^ 1 << 63)
        size += 8
    }

    private mutating func append(_ type: Unicode.Scalar, _ content: some Collection<UInt8>) {
        bytes.append(UInt8(ascii: type))
        append(UInt64(content.count))
        bytes.append(contentsOf: content)
        size += content.count
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
