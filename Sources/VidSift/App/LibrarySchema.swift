package import Database

/// The schema that the program expects of its database.
package enum LibrarySchema {
    /// The steps that the database lacks. Changes nothing.
    ///
    /// - Throws: `MigrationError` where the database is newer than the program, or another.
    package static func pending(on database: Database) async throws -> [String] {
        try await Migrator(SQLiteMigrations.all).pending(on: database)
    }
}
