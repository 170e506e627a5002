/// A type made of one row of a result.
public protocol RowDecodable: Sendable {
    /// Takes what it needs from the row. The row is gone when the initialiser returns.
    init(row: Row) throws
}

/// One row of a result, valid only while it is being decoded.
public struct Row {
    let source: any RowSource
    let columns: ColumnIndex

    /// The names of the columns, from left to right.
    public var columnNames: [String] { columns.names }

    /// The value of a column.
    /// - Throws: `DatabaseError` of kind `decoding`, naming the column, what was expected and what was found.
    public func decode<T: SQLDecodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        try decode(at: try columns.index(of: column), as: type)
    }

    /// The value of a column by its place, from 0.
    public func decode<T: SQLDecodable>(at index: Int, as type: T.Type = T.self) throws -> T {
        do {
            return try T.decode(try value(at: index))
        } catch let mismatch as SQLMismatch {
            throw DatabaseError.decoding(
                "column \"\(columns.names[index])\": expected \(mismatch.expected), found \(mismatch.found)")
        }
    }

    /// Lends the bytes of a column without copying them: they are gone when the closure returns.
    public func withBytes<T>(_ column: String, _ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        let index = try columns.index(of: column)
        return try source.withBytes(at: index) { bytes in
            guard let bytes else {
                throw DatabaseError.decoding(
                    "column \"\(column)\": expected bytes, found \(try source.value(at: index).kind)")
            }
            return try body(bytes)
        }
    }

    private func value(at index: Int) throws -> SQLValue {
        guard columns.names.indices.contains(index) else {
            throw DatabaseError.decoding("no column at \(index): the row has \(columns.names.count)")
        }
        return try source.value(at: index)
    }
}

/// Where a row's values lie in an engine.
protocol RowSource {
    /// - Throws: `DatabaseError` of kind `decoding` for what can't be read.
    func value(at index: Int) throws -> SQLValue
    /// Lends the bytes of a blob, `nil` where the column holds none.
    func withBytes<T>(at index: Int, _ body: (UnsafeRawBufferPointer?) throws -> T) throws -> T
}

/// Finds columns by name: once for a statement, not once for a row.
///
/// A decoder asks for the same columns in the same order for each row, so the answers are remembered in that order.
final class ColumnIndex {
    /// How many look-ups of one row are remembered.
    private static let rememberedLookups = 64

    let names: [String]
    private lazy var places = Dictionary(
        names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    private var remembered: [(name: String, place: Int)] = []
    private var next = 0

    init(names: [String]) {
        self.names = names
    }

    func startRow() {
        next = 0
    }

    func index(of column: String) throws -> Int {
        if next < remembered.count, remembered[next].name == column {
            defer { next += 1 }
            return remembered[next].place
        }
        guard let place = places[column] else {
            throw DatabaseError.decoding("no column \"\(column)\": the row has \(names.joined(separator: ", "))")
        }
        remember(column, place)
        return place
    }

    private func remember(_ column: String, _ place: Int) {
        if next < remembered.count {
            remembered[next] = (column, place)
            next += 1
        } else if next < Self.rememberedLookups {
            remembered.append((column, place))
            next += 1
        }
    }
}
