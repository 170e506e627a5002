internal import GRDB
internal import GRDBSQLite

/// A prepared statement: binds values, steps through the rows, says what it has changed.
///
/// It steps through SQLite's own interface: no row is copied into an intermediate form.
final class SQLiteStatement {
    private static let refusedWords: Set<String> = [
        "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "PRAGMA",
    ]

    private let statement: GRDB.Statement
    private let handle: OpaquePointer
    private let connection: OpaquePointer?
    /// The word that keeps it from being run as a statement.
    private let refusedWord: String?
    private var columns: ColumnIndex
    private var timesPrepared: CInt = 0

    init(_ statement: GRDB.Statement) {
        self.statement = statement
        handle = statement.sqliteStatement
        connection = sqlite3_db_handle(handle)
        columns = ColumnIndex(names: statement.columnNames)
        let word = statement.sql.prefix { $0.isLetter }.uppercased()
        refusedWord = Self.refusedWords.contains(word) ? word : nil
    }

    var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// Statements that change the connection itself would change it for whoever uses it next.
    func refuseUnlessPlain() throws {
        guard let refusedWord else { return }
        throw DatabaseError(.misuse, "\(refusedWord) can't be run as a statement: it belongs to the database layer.")
    }

    func bind(_ values: [SQLValue]) throws {
        let expected = Int(sqlite3_bind_parameter_count(handle))
        guard expected == values.count else {
            throw DatabaseError(
                .misuse, "A statement has \(expected) placeholders for \(values.count) values.", detail: statement.sql)
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, at: CInt(index + 1))
            guard code == SQLITE_OK else { throw failure() }
        }
    }

    private func bind(_ value: SQLValue, at index: CInt) -> CInt {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let number), .time(let number):
            return sqlite3_bind_int64(handle, index, number)
        case .boolean(let truth):
            return sqlite3_bind_int64(handle, index, truth ? 1 : 0)
        case .real(let number):
            return sqlite3_bind_double(handle, index, number)
        case .text(""):
            return sqlite3_bind_text64(handle, index, "", 0, copied, UInt8(SQLITE_UTF8))
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    sqlite3_bind_text64(
                        handle, index, characters.baseAddress, UInt64(characters.count), copied,
                        UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes) where bytes.isEmpty:
            return sqlite3_bind_zeroblob(handle, index, 0)
        case .blob(let bytes):
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), copied)
            }
        }
    }

    /// Runs to the end, or until enough rows are there; a statement that writes always runs to its end.
    func run<T>(_ options: RunOptions, _ decode: (Row) throws -> T) throws -> StatementResult<T> {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        let before = sqlite3_total_changes(connection)
        let rows = try step(options, decode)
        let hasChanged = sqlite3_total_changes(connection) != before
        return StatementResult(rows: rows, changes: hasChanged ? Int(sqlite3_changes(connection)) : 0)
    }

    private func step<T>(_ options: RunOptions, _ decode: (Row) throws -> T) throws -> [T] {
        var rows: [T] = []
        let wanted = options.wanted ?? .max
        let runsToEnd = !isReadOnly
        var row: Row?
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw failure() }
            guard rows.count < wanted else {
                if runsToEnd { continue }
                return rows
            }
            guard rows.count < options.maximumRows else {
                throw DatabaseError(.tooLarge, "A result has more than \(options.maximumRows) rows.")
            }
            let current = row ?? currentRow()
            row = current
            columns.startRow()
            rows.append(try decode(current))
        }
    }

    /// The view of the row that `step` stands on; it moves along. The columns are looked up anew after a change of
    /// the schema, which makes SQLite prepare the statement again by itself.
    private func currentRow() -> Row {
        let times = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0)
        if times != timesPrepared {
            timesPrepared = times
            columns = ColumnIndex(
                names: (0..<sqlite3_column_count(handle)).map { index in
                    sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
                })
        }
        return Row(source: SQLiteRow(handle: handle), columns: columns)
    }

    private func failure() -> DatabaseError {
        DatabaseError(
            code: sqlite3_extended_errcode(connection),
            message: sqlite3_errmsg(connection).map { String(cString: $0) } ?? "", statement: statement.sql)
    }
}

/// Tells SQLite to copy what is bound, because Swift's memory may move afterwards.
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
