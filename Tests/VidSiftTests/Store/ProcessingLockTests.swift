import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("A lease on a piece of work") struct ProcessingLockTests {
    @Test("one holder at a time, and the fence grows with each", arguments: TestEngine.allCases)
    func exclusive(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database

        let first = try #require(try await acquire("work", "one", on: database))
        #expect(try await acquire("work", "two", on: database) == nil)
        #expect(try await acquire("other work", "two", on: database) != nil)
        try await first.release(on: database)
        let second = try #require(try await acquire("work", "two", on: database))

        #expect(second.fence == first.fence + 1)
    }

    @Test(
        "an expired lease goes to the next one, and the old holder can do nothing more", arguments: TestEngine.allCases)
    func expired(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database

        let late = try #require(try await acquire("work", "one", for: .zero, on: database))
        let next = try #require(try await acquire("work", "two", on: database))

        #expect(try await late.renew(for: .seconds(60), on: database) == false)
        #expect(try await database.transaction { try await late.isHeld(in: $0) } == false)
        try await late.release(on: database)
        #expect(try await database.transaction { try await next.isHeld(in: $0) })
        #expect(try await acquire("work", "three", on: database) == nil)
    }

    @Test("a lease that expired and that nobody took is still renewed", arguments: TestEngine.allCases)
    func late(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database

        let lease = try #require(try await acquire("work", "one", for: .zero, on: database))

        #expect(try await lease.renew(for: .seconds(60), on: database))
        #expect(try await acquire("work", "two", on: database) == nil)
    }

    @Test("of many who ask at once one gets it", arguments: TestEngine.allCases)
    func crowd(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database

        let leases = try await withThrowingTaskGroup(of: ProcessingLock?.self) { group in
            for number in 0..<20 {
                group.addTask { try await acquire("work", "holder \(number)", on: database) }
            }
            return try await group.reduce(into: []) { if let lease = $1 { $0.append(lease) } }
        }

        #expect(leases.count == 1)
    }

    @Test("a database that fails is an error, not a lock that somebody holds", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.components.database.close()

        await #expect(throws: DatabaseError.self) {
            _ = try await acquire("work", "one", on: library.components.database)
        }
    }
}

private func acquire(
    _ name: String, _ holder: String, for time: Duration = .seconds(60), on database: Database
) async throws -> ProcessingLock? {
    try await ProcessingLock.acquire(name, holder: holder, for: time, on: database)
}
