import Database
import TestDatabases
import Testing

/// The server that the tests of the driver use.
enum PostgresServer {
    static let isThere = TestEngine.allCases.contains(.postgres)
    static let missing: Comment =
        "VIDSIFT_TEST_POSTGRES is not set: scripts/test starts a server and sets it"

    /// Runs the closure with a database of its own and two clients of it: one that is tested, and one that looks on.
    static func withClients(
        _ configuration: DatabaseConfiguration = .fast,
        _ body: (_ database: Database, _ other: Database) async throws -> Void
    ) async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        defer { withExtendedLifetime(place) {} }
        let database = try await place.open(configuration)
        let other = try await place.open()
        do {
            try await body(database, other)
        } catch {
            // The test's own error says more than a failure to close.
            try? await database.close()
            try? await other.close()
            throw error
        }
        try await database.close()
        try await other.close()
    }

    /// How many statements other clients are running in this database.
    static func running(_ other: Database) async throws -> Int {
        try await other.value(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
            """) ?? 0
    }

    /// The number of the server's process behind the connection that reads.
    static func process(of database: Database) async throws -> Int? {
        try await database.value("SELECT pg_backend_pid()", as: Int.self)
    }
}

extension DatabaseConfiguration {
    /// One connection of each kind, so that what is done on one is seen by the next.
    static func single(
        statementTimeout: Duration = .seconds(30), pooler: Pooler = .automatic,
        cachedStatements: Int = 256
    ) -> DatabaseConfiguration {
        DatabaseConfiguration(
            durability: .processEnd, maximumReaders: 1, maximumWriters: 1, waitTimeout: .seconds(600),
            statementTimeout: statementTimeout, pooler: pooler, cachedStatements: cachedStatements)
    }
}
