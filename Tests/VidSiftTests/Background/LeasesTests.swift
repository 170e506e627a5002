import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("A lease while a closure runs") struct LeasesTests {
    @Test("two instances never do the same work at once", arguments: TestEngine.allCases)
    func exclusive(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let one = leases(library)
        let two = leases(library)

        let second = try await one.withLease("work") { _ in
            try await two.withLease("work") { _ in "done twice" }
        }
        let later = try await two.withLease("work") { _ in "done" }

        #expect(second == .some(nil))
        #expect(later == "done")
    }

    @Test(
        "whoever shares a folder has the lease of whoever ended without giving it back", arguments: TestEngine.allCases)
    func folder(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        _ = try await ProcessingLock.acquire("work", holder: "dead", for: .seconds(3_600), on: database)
        let inFolder = Leases(
            database: database, lockPath: library.folder.path + "/work.lock", logger: library.components.logger)

        let elsewhere = try await leases(library).withLease("work") { _ in "done" }
        let takeovers = try await inFolder.withLease("work") { lock in
            let beside = try await inFolder.withLease("other work") { _ in "done" }
            #expect(beside == nil, "the folder is one piece of work")
            return lock.takeovers
        }

        #expect(elsewhere == nil)
        #expect(takeovers == 1)
    }

    @Test("a worker whose lease was taken from it is cancelled", arguments: TestEngine.allCases)
    func lost(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let leases = leases(library)

        await #expect(throws: LeaseLost.self) {
            try await leases.withLease("work") { lease in
                _ = try await ProcessingLock.acquire(
                    "work", holder: "another", for: .seconds(60), evenIfHeld: true, on: database)
                #expect(try await database.transaction { try await lease.isHeld(in: $0) } == false)
                // Ends when the task is cancelled, after the next renewal.
                try await Task.sleep(for: .seconds(600))
            }
        }
    }

    @Test("the lease is given back when the work fails, which is no takeover", arguments: TestEngine.allCases)
    func failed(engine: TestEngine) async throws {
        struct Broken: Error {}
        let library = try await TestLibrary(engine: engine)
        let leases = leases(library)

        await #expect(throws: Broken.self) { try await leases.withLease("work") { _ in throw Broken() } }

        #expect(try await leases.withLease("work") { $0.takeovers } == 0)
    }

    @Test("the lease is given back when the work is cancelled", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let leases = leases(library)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)

        let work = Task {
            try await leases.withLease("work") { _ in
                begin.finish()
                try await Task.sleep(for: .seconds(600))
            }
        }
        for await _ in begun {}
        work.cancel()

        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(try await leases.withLease("work") { $0.takeovers } == 0)
    }

    @Test("a database that fails is an error, not a lease that somebody holds", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let leases = leases(library)
        try await library.components.database.close()

        await #expect(throws: DatabaseError.self) { _ = try await leases.withLease("work") { _ in true } }
    }

    @Test("a table without its column is an error, too", arguments: TestEngine.allCases)
    func schema(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.components.database.execute("ALTER TABLE processing_locks DROP COLUMN takeovers")

        await #expect(throws: DatabaseError.self) { _ = try await leases(library).withLease("work") { _ in true } }
    }

    /// Of an instance of its own, as on several machines: without a folder that they share.
    private func leases(_ library: TestLibrary) -> Leases {
        Leases(database: library.components.database, lockPath: nil, logger: library.components.logger)
    }
}
