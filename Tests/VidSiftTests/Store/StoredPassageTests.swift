import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct StoredPassageTests {
    @Test("more passages than one statement fetches are fetched all the same", arguments: TestEngine.allCases)
    func manyKeys(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let video = try await library.add(SampleTalks.bees).videoID
        let some = try #require(try await StoredPassage.all(of: video, on: database).first)
        let count = StoredPassage.maximumPerQuery * 2 + 1
        try await database.transaction { tx in
            let passages = (1000..<1000 + count).map { ordinal in
                var passage = some
                passage.ordinal = ordinal
                return passage
            }
            try await StoredPassage.insert(passages, channel: nil, on: tx)
        }

        let keys = (1000..<1000 + count).map { (video, $0) }
        let found = try await StoredPassage.get(keys, on: database)

        #expect(found.map(\.ordinal).sorted() == keys.map(\.1))
    }
}
