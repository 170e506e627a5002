internal import CPostgres

/// The columns of a result: their names, types and formats, read once for a statement.
final class PostgresColumns {
    let index: ColumnIndex
    fileprivate let types: [Oid]
    fileprivate let isBinary: [Bool]

    init(_ result: OpaquePointer) {
        let places = 0..<PQnfields(result)
        index = ColumnIndex(names: places.map { PQfname(result, $0).map { String(cString: $0) } ?? "" })
        types = places.map { PQftype(result, $0) }
        isBinary = places.map { PQfformat(result, $0) == 1 }
    }

    var count: CInt { CInt(types.count) }
}

/// One row of a result.
struct PostgresRow: RowSource {
    let result: OpaquePointer
    let columns: PostgresColumns
    let row: CInt

    func value(at index: Int) throws -> SQLValue {
        guard let bytes = bytes(at: index) else { return .null }
        guard let type = PostgresType(rawValue: columns.types[index]) else { throw unreadable(index) }
        do {
            return columns.isBinary[index]
                ? try PostgresBinary.value(bytes, type) : try PostgresText.value(bytes, type)
        } catch {
            throw DatabaseError.decoding("column \"\(columns.index.names[index])\" holds a malformed \(type)")
        }
    }

    func withBytes<T>(at index: Int, _ body: (UnsafeRawBufferPointer?) throws -> T) throws -> T {
        guard columns.types[index] == PostgresType.bytea.rawValue, let bytes = bytes(at: index) else {
            return try body(nil)
        }
        if columns.isBinary[index] { return try body(bytes) }
        guard case .blob(let blob) = try value(at: index) else { return try body(nil) }
        return try blob.withUnsafeBytes(body)
    }

    /// The bytes of a value, `nil` for `NULL`.
    private func bytes(at index: Int) -> UnsafeRawBufferPointer? {
        let column = CInt(index)
        guard PQgetisnull(result, row, column) == 0 else { return nil }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    }

    private func unreadable(_ index: Int) -> DatabaseError {
        .decoding(
            "column \"\(columns.index.names[index])\" has the type with OID \(columns.types[index]), "
                + "which is not read: cast it in the statement, as in \(columns.index.names[index])::text")
    }
}
