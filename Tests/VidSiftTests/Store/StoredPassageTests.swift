import Database
import Testing

@testable import VidSift

@Suite struct StoredPassageTests {
    @Test("more passages than one statement fetches are fetched all the same")
    func manyKeys() async throws {
        let library = try await TestLibrary()
        let database = library.components.database
        let video = try await library.add(SampleTalks.bees).videoID
        let some = try #require(try await StoredPassage.all(of: video, on: database).first)
        let count = StoredPassage.maximumPerQuery * 2 + 1
        try await database.transaction { tx in
            for ordinal in 1000..<1000 + count {
                var passage = some
                passage.ordinal = ordinal
                try await passage.insert(channel: nil, on: tx)
            }
        }

        let keys = (1000..<1000 + count).map { (video, $0) }
        let found = try await StoredPassage.get(keys, on: database)

        #expect(found.map(\.ordinal).sorted() == keys.map(\.1))
    }
}
