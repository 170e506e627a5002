import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("The sessions of a visitor who signs in") struct SessionAdoptionTests {
    @Test("they are his afterwards with messages and runs, and nobody else's", arguments: TestEngine.allCases)
    func adopted(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let instance = RunInstance(library, script: Scripts.wordsWithCitations)
        let mine = try await instance.start("Why?", owner: "visitor:1")
        let other = try await instance.start("Who?", owner: "visitor:2")
        for run in [mine, other] { _ = try await instance.read(run) }

        let count = try await database.transaction {
            try await ChatSession.adopt(from: "visitor:1", to: "user", on: $0)
        }

        #expect(count == 1)
        #expect(try await ChatSession.recent(owner: "user", limit: 10, on: database).map(\.id) == [mine.session])
        #expect(try await ChatSession.recent(owner: "visitor:1", limit: 10, on: database).isEmpty)
        #expect(try await ChatSession.recent(owner: "visitor:2", limit: 10, on: database).map(\.id) == [other.session])
        #expect(try await instance.host.follow(mine.id, owner: "user", after: 0).rest().outcome != nil)
        await #expect(throws: RunError.noSuchRun) { try await instance.read(mine) }
        #expect(try await instance.read(other).outcome != nil)
        #expect(try await instance.messages(mine).count == 2)
    }

    @Test("a run that goes on can be read by its new owner", arguments: TestEngine.allCases)
    func running(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(library, script: Scripts.waiting(at: gate))
        let run = try await instance.start("Why?", owner: "visitor")
        _ = try await instance.database.transaction {
            try await ChatSession.adopt(from: "visitor", to: "user", on: $0)
        }
        let follower = try await instance.host.follow(run.id, owner: "user", after: 0)
        gate.open()
        #expect(try await follower.rest().text == "one two three")
    }
}
