internal import GRDBSQLite

/// The row on which a statement stands.
struct SQLiteRow: RowSource {
    let handle: OpaquePointer

    func value(at index: Int) -> SQLValue {
        let index = CInt(index)
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT: return .text(text(at: index))
        case SQLITE_BLOB: return .blob([UInt8](blob(at: index)))
        default: return .null
        }
    }

    func withBytes<T>(at index: Int, _ body: (UnsafeRawBufferPointer?) throws -> T) throws -> T {
        let index = CInt(index)
        return try body(sqlite3_column_type(handle, index) == SQLITE_BLOB ? blob(at: index) : nil)
    }

    private func text(at index: CInt) -> String {
        guard let start = sqlite3_column_text(handle, index) else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func blob(at index: CInt) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
    }
}
