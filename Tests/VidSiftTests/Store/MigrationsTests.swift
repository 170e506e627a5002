import Database
import Testing

@testable import VidSift

@Suite struct MigrationsTests {
    @Test("a database from a newer version is refused, and left as it is")
    func newer() async throws {
        let folder = TemporaryFolder()
        do {
            let library = try await TestLibrary(in: folder)
            try await library.components.database.execute(
                "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES ('099_future', 'x', now())")
            try await library.components.close()
        }
        await #expect(throws: MigrationError.self) { _ = try await TestLibrary(in: folder) }
    }

    @Test("rules live in the schema: a ready video must have been indexed")
    func rules() async throws {
        let library = try await TestLibrary()
        await #expect(throws: DatabaseError.self) {
            try await library.components.database.execute(
                """
                INSERT INTO videos (id, source_key, source_id, title, state, created_at, updated_at)
                VALUES (\(VideoID()), 'k', 's', 't', 'ready', now(), now())
                """)
        }
    }
}
