import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import VidSift

@Suite(.enabled(if: PostgresPrograms.hasServer, PostgresPrograms.noServer), .timeLimit(.minutes(2)))
struct PostgreSQLSchemaTests {
    private static let names = PostgreSQLMigrations.all.map(\.name)
    private static let files = names.map {
        Places.package.appending(path: "Sources/VidSift/Store/Migrations/PostgreSQL/\($0).sql").path
    }

    @Test(
        "the program's start, `vidsift migrate` and psql end in the same schema",
        .enabled(if: PostgresPrograms.folder != nil, PostgresPrograms.noPrograms))
    func threeWays() async throws {
        let started = try await TestEngine.postgres.makeDatabase(.bare)
        try await Self.start(started)
        let migrated = try await TestEngine.postgres.makeDatabase(.bare)
        let said = try await PostgresPrograms.run(
            PostgresPrograms.vidsift, ["migrate"], environment: ["DATABASE_URL": #require(migrated.url)])
        let byHand = try await TestEngine.postgres.makeDatabase(.bare)
        for file in Self.files { try await PostgresPrograms.psql("-f", file, on: byHand) }
        let inTransactions = try await TestEngine.postgres.makeDatabase(.bare)
        for file in Self.files { try await PostgresPrograms.psql("-1", "-f", file, on: inTransactions) }

        #expect(said == Self.names.map { "applied \($0)\n" }.joined())
        let schema = try await PostgresPrograms.schema(of: started)
        #expect(schema.count > 1000)
        for place in [migrated, byHand, inTransactions] {
            let other = try await PostgresPrograms.schema(of: place)
            #expect(other.difference(from: schema).isEmpty)
            #expect(try await Self.recorded(in: place).map(\.name) == Self.names)
        }
    }

    @Test(
        "what was applied by hand is taken over when the program starts: it writes down the checksums",
        .enabled(if: PostgresPrograms.folder != nil, PostgresPrograms.noPrograms))
    func adopted() async throws {
        let place = try await TestEngine.postgres.makeDatabase(.bare)
        for file in Self.files.prefix(3) { try await PostgresPrograms.psql("-f", file, on: place) }
        #expect(try await Self.recorded(in: place).map(\.checksum) == ["", "", ""])

        try await Self.start(place)

        #expect(try await Self.recorded(in: place).map(\.checksum) == PostgreSQLMigrations.all.map(\.checksum))
    }

    @Test("a dry run tells what it would do, and leaves nothing")
    func dryRun() async throws {
        let place = try await TestEngine.postgres.makeDatabase(.bare)
        let database = try await place.open()
        let migrator = try LibrarySchema.migrator(for: database)

        #expect(try await migrator.dryRun(on: database) == Self.names)

        #expect(
            try await database.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", as: Int.self) == 0)
        #expect(try await migrator.run(on: database) == Self.names)
        #expect(try await migrator.dryRun(on: database) == [])
        try await database.close()
    }

    @Test("of several instances that start at once each migration is applied by one")
    func together() async throws {
        let place = try await TestEngine.postgres.makeDatabase(.bare)
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let database = try await place.open()
                    let names = try await LibrarySchema.migrator(for: database).run(on: database)
                    try await database.close()
                    return names
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == Self.names)
    }

    @Test("a server without pgvector is refused in words that help, and keeps what came before")
    func withoutVectors() async throws {
        let place = try await TestEngine.postgres.makeDatabase(.bare)
        let database = try await place.open()
        let version = try await database.value("SELECT current_setting('server_version_num')", as: String.self)
        guard Int(version ?? "") ?? 0 >= 180_000 else {
            print("not tested: only PostgreSQL 18 can hide an extension")
            return try await database.close()
        }
        let name = try #require(try await database.value("SELECT current_database()", as: String.self))
        try await database.execute("ALTER DATABASE \(unescaped: name) SET extension_control_path = '/nonexistent'")
        try await database.close()

        let again = try await place.open()
        let error = await #expect(throws: MigrationError.self) {
            try await LibrarySchema.migrator(for: again).run(on: again)
        }
        try await again.close()

        let text = try #require(error?.description)
        #expect(text.contains("002_similarity_search"))
        #expect(text.contains("does not have pgvector"))
        #expect(text.contains("apt install postgresql-18-pgvector"))
        #expect(try await Self.recorded(in: place).map(\.name) == ["001_search_function"])
    }

    @Test("row-level security is on for every table and no policy lets anyone in")
    func everyTableIsClosed() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let tables = try await database.values(
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
                as: String.self)
            let open = try await database.values(
                """
                SELECT relname::text FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity
                """, as: String.self)
            #expect(tables.count >= MovableTable.library.count + MovableTable.staying.count)
            #expect(open == [])
            #expect(try await database.value("SELECT count(*) FROM pg_policies", as: Int.self) == 0)
        }
    }

    @Test("every foreign key has an index on its side, so that a deletion looks at no whole table")
    func foreignKeysHaveIndexes() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let bare = try await database.values(
                """
                SELECT c.conrelid::regclass::text || ': ' || c.conname FROM pg_constraint c
                WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
                    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
                        AND (string_to_array(i.indkey::text, ' ')::smallint[])[1] = c.conkey[1])
                """, as: String.self)
            #expect(bare == [])
        }
    }

    @Test("functions keep the search path they were made under, and nobody may call them unasked")
    func functionsArePinned() async throws {
        try await TestEngine.postgres.withLibraryTables { database in
            let loose = try await database.values(
                """
                SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
                WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
                    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
                    AND (p.prosecdef
                        -- It names nothing without its schema.
                        OR (p.prosqlbody IS NULL AND p.proconfig IS NULL AND p.proname <> 'notify_jobs')
                        OR (p.proname <> 'seconds_from_now' AND has_function_privilege('public', p.oid, 'EXECUTE')))
                """, as: String.self)
            #expect(loose == [])
        }
    }

    // MARK: -

    private static func start(_ place: TestDatabase) async throws {
        let settings = try Settings.resolve(variables: [
            "DATABASE_URL": #require(place.url), "VIDSIFT_EMBEDDING_DIR": "/nonexistent",
        ])
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await Components.build(settings, logger: logger).close()
    }

    private struct Recorded: RowDecodable {
        let name: String
        let checksum: String

        init(row: Row) throws {
            name = try row.decode("name")
            checksum = try row.decode("checksum")
        }
    }

    private static func recorded(in place: TestDatabase) async throws -> [Recorded] {
        let database = try await place.open()
        let rows = try await database.rows(
            "SELECT name, checksum FROM schema_migrations ORDER BY name", as: Recorded.self)
        try await database.close()
        return rows
    }
}
