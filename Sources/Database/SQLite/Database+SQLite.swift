public import Logging

extension Database {
    /// Opens the SQLite file at the path, creating it if there is none. Its folder must exist.
    ///
    /// - Throws: `DatabaseError` of kind `cannotOpen`, `notADatabase`, `corrupt`, `busy`, `readOnly`, with the path.
    public static func sqlite(
        at path: String, logger: Logger = Logger(label: "database"), configuration: DatabaseConfiguration = .init()
    ) async throws -> Database {
        let engine = SQLiteEngine(path: path, configuration: configuration)
        let database = Database(engine: engine, logger: logger, configuration: configuration)
        try await database.writers.withConnection { _ in }
        return database
    }
}
