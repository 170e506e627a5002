import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("What of a library moves") struct MovableTableTests {
    @Test(
        "every table of the schema moves with all its columns, or is named as one that stays",
        arguments: TestEngine.allCases)
    func everything(engine: TestEngine) async throws {
        try await engine.withLibraryTables { database in
            let tables = Dictionary(grouping: try await SchemaColumn.all(of: database), by: \.table)
            let moving = Dictionary(uniqueKeysWithValues: MovableTable.library.map { ($0.name, $0) })

            for (name, columns) in tables where moving[name] == nil {
                #expect(Self.stays(name), "\(name) (\(columns.map(\.name))) neither moves nor stays")
            }
            for table in MovableTable.library {
                let columns = try #require(tables[table.name], "the schema has no \(table.name)")
                #expect(Set(columns.map(\.name)) == Set(table.columnNames), "the columns of \(table.name)")
                #expect(Set(columns.filter(\.isKey).map(\.name)) == Set(table.key), "the key of \(table.name)")
                for column in table.columns {
                    let type = columns.first { $0.name == column.name }?.type
                    #expect(Self.types[column.kind]?.contains(type ?? "") == true, "\(table.name).\(column.name)")
                }
            }
        }
    }

    @Test("a table comes after those that it refers to", arguments: TestEngine.allCases)
    func order(engine: TestEngine) async throws {
        try await engine.withLibraryTables { database in
            let places = Dictionary(
                uniqueKeysWithValues: MovableTable.library.enumerated().map { ($0.element.name, $0.offset) })
            let references = try await SchemaReference.all(of: database)

            #expect(references.contains { $0.table == "passages" && $0.referred == "videos" })
            for reference in references {
                guard let place = places[reference.table] else { continue }
                let referred = try #require(places[reference.referred], "\(reference)")
                #expect(referred < place, "\(reference)")
            }
        }
    }

    private static func stays(_ table: String) -> Bool {
        MovableTable.staying.keys.contains { name in
            name.hasSuffix("*") ? table.hasPrefix(name.dropLast()) : table == name
        }
    }

    /// What the engines keep a kind as.
    private static let types: [MovableTable.Kind: Set<String>] = [
        .id: ["TEXT", "uuid"], .text: ["TEXT", "text"], .integer: ["INTEGER", "bigint"],
        .truth: ["INTEGER", "boolean"], .time: ["INTEGER", "timestamp with time zone"], .bytes: ["BLOB", "bytea"],
        // Not `jsonb`: that would write the text anew.
        .json: ["TEXT", "json"],
    ]
}

/// A column as the engine's own catalogue describes it.
private struct SchemaColumn: RowDecodable {
    var table: String
    var name: String
    var type: String
    var isKey: Bool

    init(row: Row) throws {
        table = try row.decode("table_name")
        name = try row.decode("name")
        type = try row.decode("type")
        isKey = try row.decode("is_key")
    }

    static func all(of database: Database) async throws -> [SchemaColumn] {
        switch database.kind {
        case .sqlite:
            try await database.rows(
                """
                SELECT m.name AS table_name, i.name AS name, i.type AS type, i.pk > 0 AS is_key
                FROM sqlite_schema m JOIN pragma_table_info(m.name) i
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
                """)
        case .postgres:
            try await database.rows(
                """
                SELECT c.relname::text AS table_name, a.attname::text AS name,
                    format_type(a.atttypid, NULL)::text AS type, EXISTS (SELECT 1 FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS is_key
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
                """)
        }
    }
}

/// A foreign key.
private struct SchemaReference: RowDecodable {
    var table: String
    var referred: String

    init(row: Row) throws {
        table = try row.decode("table_name")
        referred = try row.decode("referred")
    }

    static func all(of database: Database) async throws -> [SchemaReference] {
        switch database.kind {
        case .sqlite:
            try await database.rows(
                """
                SELECT m.name AS table_name, f."table" AS referred
                FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
                """)
        case .postgres:
            try await database.rows(
                """
                SELECT conrelid::regclass::text AS table_name, confrelid::regclass::text AS referred
                FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
                """)
        }
    }
}
