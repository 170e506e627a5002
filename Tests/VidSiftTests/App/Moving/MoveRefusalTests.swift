import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import VidSift

@Suite("Moves that are refused", .timeLimit(.minutes(2))) struct MoveRefusalTests {
    @Test("a target with rows of its own is left as it is", arguments: TestEngine.allCases)
    func foreignRows(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        try await two.add(SampleTalks.canals, channel: .named("Water"))
        let before = try await LibraryRows.all(of: two)

        let reason = await refusal { _ = try await one.move(to: two) }

        #expect(reason.contains("The target is not empty: it holds 1 channels, 1 videos that the source has not"))
        #expect(try await LibraryRows.all(of: two) == before)
    }

    @Test("conversations that the target alone has are kept, whatever else is equal", arguments: TestEngine.allCases)
    func foreignConversation(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        _ = try await one.move(to: two)
        _ = try await two.ask(FullLibrary.question)

        let reason = await refusal { _ = try await one.move(to: two) }

        #expect(
            reason.contains("it holds 2 chat messages, 1 chat sessions, 1 runs that the source has not"), "\(reason)")
    }

    @Test("a library is not copied into itself", arguments: TestEngine.allCases)
    func itself(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: engine)
        let before = try await LibraryRows.all(of: one)

        let reason = await refusal { _ = try await one.move(to: one) }

        #expect(reason == "Source and target are the same library. Nothing was changed.")
        #expect(try await LibraryRows.all(of: one) == before)
    }

    @Test("a target in which somebody works is not written into", arguments: TestEngine.allCases)
    func inUse(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        let leases = Leases(
            database: two.components.database, lockPath: try two.components.settings.storage.ingestLockPath,
            logger: two.components.logger)

        let reason = try await leases.withLease("something") { _ in
            await refusal { _ = try await one.move(to: two) }
        }

        #expect(
            reason?.contains("Somebody else writes into the target: end `vidsift serve`") == true, "\(reason ?? "")")
        #expect(try await LibraryRows.all(of: two).values.allSatisfy(\.isEmpty))
        #expect(try await one.move(to: two).allSatisfy { $0.isEqual })
    }

    @Test("a folder that is served is not written into")
    func served() async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary()
        let lock = try two.components.settings.storage.lockForServing()

        let reason = await refusal { _ = try await one.move(to: two) }
        lock?.release()

        #expect(reason.contains("another `vidsift serve` is using the folder"), "\(reason)")
    }

    @Test("a copy that another has replaced writes nothing more", arguments: TestEngine.allCases)
    func takenOver(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        let database = two.components.database
        let lock = try #require(
            try await ProcessingLock.acquire("move:library", holder: "a", for: .seconds(60), on: database))
        _ = try await ProcessingLock.acquire(
            "move:library", holder: "b", for: .seconds(60), evenIfHeld: true, on: database)

        let reason = await refusal {
            _ = try await LibraryCopy(source: one.components.database, target: database, lock: lock).run()
        }

        #expect(reason.contains("Another copy into the target has begun meanwhile"), "\(reason)")
        #expect(try await LibraryRows.all(of: two).values.allSatisfy(\.isEmpty))
    }

    @Test("where there is no library nothing is made, neither at the source nor at the target")
    func noLibrary() async throws {
        let folder = TemporaryFolder()
        let (source, target) = (folder.path + "/none", folder.path + "/target")

        let reason = await refusal {
            _ = try await LibraryMove(
                from: LibraryPlace(source), to: LibraryPlace(target), logger: Logger(label: "test")
            ).copy()
        }

        #expect(reason == "There is no library in \(source).")
        #expect(!FileManager.default.fileExists(atPath: source) && !FileManager.default.fileExists(atPath: target))
    }

    @Test(
        "an older source is told what it lacks and stays as it is; a newer one is unknown",
        arguments: TestEngine.allCases)
    func schema(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await TestLibrary()
        let database = one.components.database
        let latest = try #require(LibrarySchema.latest(for: database))
        try await database.execute("DELETE FROM schema_migrations WHERE name = \(latest)")

        let older = await refusal { _ = try await one.move(to: two) }
        let isRecorded = try await database.value(
            "SELECT count(*) FROM schema_migrations WHERE name = \(latest)", as: Int.self)
        try await database.execute(
            "INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (\(latest), '', now()), ('999', 'x', now())"
        )
        let newer = await refusal { _ = try await one.move(to: two) }

        #expect(older.contains("is older than this program (it lacks \(latest)): `vidsift migrate`"), "\(older)")
        #expect(isRecorded == 0)
        #expect(newer.contains("newer"), "\(newer)")
    }

    @Test("a target that alters what it is given is found out", arguments: TestEngine.allCases)
    func altering(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        let database = two.components.database
        if engine == .postgres {
            try await database.execute(
                """
                CREATE FUNCTION alter_title() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.title := NEW.title || ' '; RETURN NEW; END $$
                """)
            try await database.execute(
                "CREATE TRIGGER altering BEFORE INSERT ON videos FOR EACH ROW EXECUTE FUNCTION alter_title()")
        } else {
            try await database.execute(
                """
                CREATE TRIGGER altering AFTER INSERT ON videos
                BEGIN UPDATE videos SET title = title || ' ' WHERE id = NEW.id; END
                """)
        }

        let outcomes = try await one.move(to: two)

        #expect(outcomes.filter { !$0.isEqual }.map(\.source.name) == ["videos"])
    }

    @Test("a row that the target can't take is told with its table, and can be mended", arguments: TestEngine.allCases)
    func notTaken(engine: TestEngine) async throws {
        let one = try await FullLibrary.make(on: .sqlite)
        let two = try await TestLibrary(engine: engine)
        let database = two.components.database
        try await database.execute("CREATE UNIQUE INDEX one_state ON videos (state)")

        let reason = await refusal { _ = try await one.move(to: two) }
        try await database.execute("DROP INDEX one_state")

        #expect(reason.hasPrefix("A row of videos could not be moved: "), "\(reason)")
        #expect(try await one.move(to: two).allSatisfy { $0.isEqual })
    }
}
