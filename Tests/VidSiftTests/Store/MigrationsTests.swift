import Captions
import Database
import Foundation
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

    @Test(
        "what an older program has accepted, begun or given up is indexed by this one, and its leases are free",
        arguments: TestEngine.allCases)
    func beforeJobs(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine, template: .beforeJobs)
        let database = library.components.database
        let before = try await Video.list(after: nil, limit: 10, on: database)
        #expect(before.count == OldLibrary.stages.count && before.allSatisfy { $0.attempts == 0 })
        #expect(before.filter { $0.state == .failed }.map(\.lastError) == ["no luck"])
        #expect(before.compactMap(\.stage) == ["accepted", "accepted", "failed"])

        try await library.components.resumeWork()
        let jobs = try await Job.list(kind: IndexVideoJob.kind, limit: 10, on: database)
        try await library.indexAll()

        #expect(Set(jobs.map(\.subject)) == Set(before.map(\.id.description)) && jobs.count == before.count)
        let after = try await Video.list(after: nil, limit: 10, on: database)
        #expect(after.map(\.state) == [.ready, .ready, .ready])
        #expect(after.allSatisfy { $0.stage == nil && $0.passages > 0 })
        let lock = try await ProcessingLock.acquire("work", holder: "two", for: .seconds(60), on: database)
        #expect(lock?.fence == 8 && lock?.takeovers == 0, "the fence goes on, and the old lease counts as given back")
    }

    @Test("what was given up stays so until the program starts again", arguments: TestEngine.allCases)
    func givenUp(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine, template: .beforeJobs)

        try await library.components.adoptOrphans()
        try await library.indexAll()

        let states = try await Video.list(after: nil, limit: 10, on: library.components.database).map(\.state)
        #expect(states == [.ready, .ready, .failed])
    }
}

/// A library as programs before the queue have left it.
private enum OldLibrary {
    static let stages = ["accepted", "embedding", "failed"]

    static func fill(_ database: Database) async throws {
        let transcript = try Transcript(captions: Array(SampleTalks.bees.utf8), fileName: "bees.vtt")
        for (number, stage) in stages.enumerated() {
            let id = VideoID()
            try await database.execute(
                """
                INSERT INTO videos (id, source_key, source_id, title, state, created_at, updated_at)
                VALUES (\(id), \("file:/\(number)"), \("s\(number)"), 'Bees',
                    \(stage == "failed" ? "failed" : "pending"), now(), now())
                """)
            try await database.execute(
                """
                INSERT INTO ingests (video_id, checksum, title, transcript, stage, attempts, crashes, last_error, run_at,
                    created_at, updated_at)
                VALUES (\(id), \("sum-\(number)"), 'Bees', \(transcript.formatted(as: .json3)), \(stage), 4, 1,
                    \(stage == "failed" ? "no luck" : nil), now(), now(), now())
                """)
        }
        try await database.execute(
            """
            INSERT INTO processing_locks (name, holder, fence, acquired_at, expires_at)
            VALUES ('work', 'one', 7, now(), now())
            """)
    }
}

extension DatabaseTemplate {
    /// The schema before there were jobs, with something in each stage.
    fileprivate static let beforeJobs = DatabaseTemplate(name: "before-jobs") { database in
        let all = database.kind == .sqlite ? SQLiteMigrations.all : PostgreSQLMigrations.all
        let old = all.prefix { !$0.name.hasSuffix("_jobs") }
        _ = try await Migrator(Array(old), logger: database.logger).run(on: database)
        try await OldLibrary.fill(database)
    }
}
