import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct WholeVideoTests {
    @Test(
        "a short video is given whole, in reading order; what was found keeps its score", arguments: TestEngine.allCases
    )
    func short(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let talk = (0..<60).map { "Sentence \($0) of a talk of some length about \($0 == 55 ? "honey" : "weather")." }
        let id = try await library.add(SampleTalks.vtt(talk), named: "talk.vtt").videoID
        let retriever = library.components.retriever
        let found = try await retriever.retrieve(["honey"], scope: .videos([id]), limit: 3)

        let whole = try #require(try await retriever.whole(id, found: found, tokens: 8_000))

        let ordinals = whole.passages.map(\.passage.ordinal)
        #expect(ordinals == ordinals.sorted() && ordinals.count > 2)
        let said = whole.passages.map(\.passage.text).joined(separator: " ")
        #expect((0..<60).allSatisfy { said.contains("Sentence \($0) of") })
        let stored = try await StoredPassage.all(of: id, on: library.components.database)
        #expect(whole.passages.count < stored.count)
        #expect(whole.passages.contains { $0.score > 0 && $0.passage.text.contains("honey") })
        #expect(whole.statistics == found.statistics && whole.coverage == found.coverage)
        #expect(try await retriever.whole(id, found: found, tokens: 300) == nil)
        #expect(try await retriever.whole(VideoID(), found: found, tokens: 8_000) == nil)
    }

    @Test("chosen passages leave no sentence out, however they overlap")
    func cover() {
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<200 {
            var passages: [StoredPassage] = []
            let count = Int.random(in: 1...60, using: &numbers)
            var first = 0
            while first < count {
                let end = min(count, first + Int.random(in: 1...9, using: &numbers))
                passages.append(Self.passage(first..<end, ordinal: passages.count))
                if end == count { break }
                first = Int.random(in: first + 1...end, using: &numbers)
            }
            let chosen = PassageCover.of(passages)
            let starts = Set(chosen.flatMap { $0.sentences.map(\.startMilliseconds) })
            #expect(starts == Set((0..<count).map { $0 * 1_000 }))
            #expect(chosen.map(\.ordinal) == chosen.map(\.ordinal).sorted())
        }
        #expect(PassageCover.of([]).isEmpty)
    }

    private static func passage(_ sentences: Range<Int>, ordinal: Int) -> StoredPassage {
        StoredPassage(
            videoID: VideoID(), ordinal: ordinal, startMilliseconds: sentences.lowerBound * 1_000,
            endMilliseconds: sentences.upperBound * 1_000, cues: 0...0, chapter: nil, text: "",
            sentences: sentences.map {
                .init(length: 0, startMilliseconds: $0 * 1_000, endMilliseconds: $0 * 1_000 + 1_000, precision: .cue)
            })
    }
}
