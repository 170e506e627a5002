public import Logging

extension Database {
    /// Connects to a PostgreSQL server, or to a pooler before one.
    ///
    /// - Parameter url: `postgres://user:password@host:port/database?sslmode=…`, or `name=value …`: every form that libpq
    ///   knows, besides `pgbouncer=true`. It is never shown.
    /// - Throws: `DatabaseError` of kind `cannotOpen` for a URL that can't be understood or a login that is refused,
    ///   `unavailable` when the server can't be reached.
    public static func postgres(
        _ url: String, logger: Logger = Logger(label: "database"), configuration: DatabaseConfiguration = .init()
    ) async throws -> Database {
        let engine = try PostgresEngine(url: url, configuration: configuration, logger: logger)
        let database = Database(engine: engine, logger: logger, configuration: configuration)
        try await database.writers.withConnection { _ in }
        return database
    }
}
