import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("The right to a piece of work") struct WorkRightsTests {
    @Test("two instances never do the same work at once", arguments: TestEngine.allCases)
    func exclusive(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let one = rights(library)
        let two = rights(library)

        let second = try await one.withRight(to: "work") { _ in
            try await two.withRight(to: "work") { _ in "done twice" }
        }
        let later = try await two.withRight(to: "work") { _ in "done" }

        #expect(second == .some(nil))
        #expect(later == "done")
    }

    @Test("a worker whose lease was taken from it is cancelled", arguments: TestEngine.allCases)
    func lost(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let rights = rights(library)

        await #expect(throws: LeaseLost.self) {
            try await rights.withRight(to: "work") { lease in
                _ = try await ProcessingLock.acquire(
                    "work", holder: "another", for: .seconds(60), evenIfHeld: true, on: database)
                #expect(try await database.transaction { try await lease.isHeld(in: $0) } == false)
                // Ends when the task is cancelled, after the next renewal.
                try await Task.sleep(for: .seconds(600))
            }
        }
    }

    @Test("the right is given back when the work fails", arguments: TestEngine.allCases)
    func failed(engine: TestEngine) async throws {
        struct Broken: Error {}
        let library = try await TestLibrary(engine: engine)
        let rights = rights(library)

        await #expect(throws: Broken.self) { try await rights.withRight(to: "work") { _ in throw Broken() } }

        #expect(try await rights.withRight(to: "work") { _ in true } == true)
    }

    @Test("an index that comes after its lease was lost is not written", arguments: TestEngine.allCases)
    func zombie(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let index = try #require(library.components.jobs.handlers[.indexVideo])
        let job = Job(kind: .indexVideo, subject: id.description)

        let late = try #require(
            try await ProcessingLock.acquire(job.lockName, holder: "one", for: .zero, on: database))
        _ = try await ProcessingLock.acquire(job.lockName, holder: "two", for: .seconds(60), on: database)
        _ = try await index(job, late)

        #expect(try await Video.get(id, on: database)?.state == .pending)
        #expect(try await StoredPassage.all(of: id, on: database).isEmpty)
    }

    /// Of an instance of its own, as on several machines: without a folder that they share.
    private func rights(_ library: TestLibrary) -> WorkRights {
        WorkRights(database: library.components.database, lockPath: nil, logger: library.components.logger)
    }
}
