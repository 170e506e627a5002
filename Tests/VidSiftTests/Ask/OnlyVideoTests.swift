import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct OnlyVideoTests {
    @Test("what can't be undone is not done to a name that fits several videos", arguments: TestEngine.allCases)
    func ambiguous(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let one = try await library.add(SampleTalks.bees, named: "tides.vtt", channel: .named("One")).videoID
        let two = try await library.add(SampleTalks.bees, named: "tides.vtt", channel: .named("Two")).videoID
        await #expect(throws: AskError.ambiguousVideo("tides", ids: [two.description, one.description])) {
            _ = try await Video.only("tides", on: database)
        }
        #expect(try await Video.only(one.description, on: database).id == one)
        _ = try await database.transaction { try await Video.delete(two, on: $0) }
        #expect(try await Video.only("tides", on: database).id == one)
        await #expect(throws: AskError.noSuchVideo("nope")) { _ = try await Video.only("nope", on: database) }
    }
}
