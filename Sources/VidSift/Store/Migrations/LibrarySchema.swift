package import Database

/// The schema that the program expects of its database.
package enum LibrarySchema {
    /// Brings a database to it.
    ///
    /// - Throws: `MigrationError`, `DatabaseError`.
    package static func migrator(for database: Database) throws -> Migrator {
        try Migrator(migrations(for: database), logger: database.logger)
    }

    /// The name of the last step.
    package static func latest(for database: Database) -> String? {
        migrations(for: database).last?.name
    }

    private static func migrations(for database: Database) -> [Migration] {
        switch database.kind {
        case .sqlite: SQLiteMigrations.all
        case .postgres: PostgreSQLMigrations.all
        }
    }
}
