internal import CPostgres
internal import Foundation

/// A column that rows are copied into.
struct PostgresCopyColumn {
    let name: String
    let type: PostgresType
}

/// Writes rows in the binary format of `COPY`, as the types of the columns want them.
struct PostgresCopyBuffer {
    private let columns: [PostgresCopyColumn]
    private(set) var bytes: [UInt8]

    /// Eleven bytes of signature, then no flags and no extension.
    private static let header = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)

    init(_ columns: [PostgresCopyColumn]) {
        self.columns = columns
        bytes = Self.header
        bytes.reserveCapacity(PostgresLimits.copyChunk * 2)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// - Throws: `DatabaseError` of kind `misuse` for a value that its column can't hold; it names the column.
    mutating func append(_ row: [SQLValue]) throws {
        append(Int16(columns.count))
        for (value, column) in zip(row, columns) {
            if case .null = value {
                append(Int32(-1))
                continue
            }
            let start = bytes.count
            append(Int32(0))
            guard append(value, as: column.type), let length = Int32(exactly: bytes.count - start - 4) else {
                throw DatabaseError(
                    .misuse,
                    "The column \"\(column.name)\" can't be filled with \(value.kind): its type is \(column.type)."
                )
            }
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
        }
    }

    mutating func appendEnd() {
        append(Int16(-1))
    }

    /// Whether the value fits the type.
    private mutating func append(_ value: SQLValue, as type: PostgresType) -> Bool {
        switch value {
        case .null: false
        case .integer(let number): append(number, as: type)
        case .real(let number): append(number, as: type)
        case .boolean(let flag): append(flag, as: type)
        case .text(let text): append(text, as: type)
        case .blob(let blob): append(blob, as: type)
        case .time(let microseconds): append(time: microseconds, as: type)
        }
    }

    private mutating func append(_ number: Int64, as type: PostgresType) -> Bool {
        switch type {
        case .int8: append(number)
        case .int4: append(Int32(exactly: number))
        case .int2: append(Int16(exactly: number))
        case .oid: append(UInt32(exactly: number))
        case .float4, .float8: append(Double(number), as: type)
        default: false
        }
    }

    private mutating func append(_ number: Double, as type: PostgresType) -> Bool {
        switch type {
        case .float8: append(number.bitPattern)
        case .float4: append(Float(number).bitPattern)
        default: false
        }
    }

    private mutating func append(_ flag: Bool, as type: PostgresType) -> Bool {
        guard type == .boolean else { return false }
        return append(UInt8(flag ? 1 : 0))
    }

    private mutating func append(_ text: String, as type: PostgresType) -> Bool {
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .unknown:
            bytes.append(contentsOf: text.utf8)
        case .jsonb:
            bytes.append(1)
            bytes.append(contentsOf: text.utf8)
        case .uuid:
            guard let uuid = UUID(uuidString: text) else { return false }
            withUnsafeBytes(of: uuid.uuid) { bytes.append(contentsOf: $0) }
        default:
            return false
        }
        return true
    }

    private mutating func append(_ blob: [UInt8], as type: PostgresType) -> Bool {
        guard type == .bytea else { return false }
        bytes.append(contentsOf: blob)
        return true
    }

    private mutating func append(time microseconds: Int64, as type: PostgresType) -> Bool {
        let time = PostgresTime.encode(microseconds)
        switch type {
        case .timestamptz, .timestamp: return append(time)
        case .date:
            guard time != .max, time != .min else { return append(time == .max ? Int32.max : .min) }
            let (day, rest) = time.quotientAndRemainder(dividingBy: PostgresTime.microsecondsPerDay)
            return append(Int32(exactly: rest < 0 ? day - 1 : day))
        default: return false
        }
    }

    /// `false` for `nil`: a number that its column can't hold.
    @discardableResult
    private mutating func append<I: FixedWidthInteger>(_ number: I?) -> Bool {
        guard let number else { return false }
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        return true
    }
}
