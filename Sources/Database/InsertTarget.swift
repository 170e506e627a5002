/// Where rows are inserted in bulk.
struct InsertTarget: Sendable {
    let table: String
    let columns: [String]

    /// Refuses a row that has not one value for each column, or a value that no engine stores.
    func check(_ row: [SQLValue]) throws {
        guard row.count == columns.count else {
            throw DatabaseError(
                .misuse, "A row to be inserted has \(row.count) values for \(columns.count) columns.",
                detail: "table \(table)")
        }
        for value in row { try value.refuseUnstorable() }
    }

    /// The name in quotes, for the text of a statement.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// The table's name in quotes.
    var quotedTable: String { Self.quoted(table) }
    /// The columns' names in quotes, with commas between them.
    var quotedColumns: String { columns.map(Self.quoted).joined(separator: ", ") }
}
