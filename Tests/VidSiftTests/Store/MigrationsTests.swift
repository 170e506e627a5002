import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct MigrationsTests {
    @Test("a database from a newer version is refused, and left as it is", arguments: TestEngine.allCases)
    func newer(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.components.database.execute(
            "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('099_future', 'x', now())")
        await #expect(throws: MigrationError.self) { _ = try await library.restarted() }
    }

    @Test("rules live in the schema: a ready video must have been indexed", arguments: TestEngine.allCases)
    func rules(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        await #expect(throws: DatabaseError.self) {
            try await library.components.database.execute(
                """
                INSERT INTO videos (id, source_key, source_id, title, state, created_at, updated_at)
                VALUES (\(VideoID()), 'k', 's', 't', 'ready', now(), now())
                """)
        }
    }
}
