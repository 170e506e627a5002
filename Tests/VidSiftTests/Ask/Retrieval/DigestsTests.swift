import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite struct DigestsTests {
    @Test(
        "every video of a scope is there, as far as there is room; the coverage says how many",
        arguments: TestEngine.allCases)
    func broad(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        for number in 0..<6 {
            let talk = (0..<40).map { "Talk \(number) says in sentence \($0) what subject \(number) is about." }
            try await library.add(SampleTalks.vtt(talk), named: "talk\(number).vtt", channel: .named("All"))
        }
        _ = try await library.accept(SampleTalks.canals, named: "canals.vtt", channel: .named("All"))
        let retriever = library.components.retriever

        let all = try await retriever.broad(scope: .everything, limit: 12, videos: 12)
        #expect(all.passages.count == 12 && Set(all.passages.map(\.video.id)).count == 6)
        #expect(all.coverage.searched == 6 && all.coverage.inScope == 7 && all.coverage.pending == 1)
        let places = all.passages.map { ($0.video.id, $0.passage.ordinal) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })

        let some = try await retriever.broad(scope: .everything, limit: 3, videos: 3)
        #expect(some.passages.count == 3 && some.coverage.searched == 3)
        let many = try await retriever.broad(scope: .everything, limit: 3, videos: 5)
        #expect(many.passages.count == 5 && many.coverage.searched == 5)
    }

    @Test("nothing stands for an empty scope", arguments: TestEngine.allCases)
    func empty(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let found = try await library.components.retriever.broad(scope: .everything, limit: 10, videos: 10)
        #expect(found.passages.isEmpty && found.coverage.searched == 0)
    }
}

@Suite struct DigestChoiceTests {
    private static let passages = (0..<6).flatMap { number in
        let first = PromptSamples.passage("Talk \(number) " + String(repeating: "word ", count: 50), title: "T")
        return (0..<3).map { ordinal in
            var passage = first
            passage.passage.ordinal = ordinal
            passage.hit.score = ordinal == 1 ? 1 : 0.5
            return passage
        }
    }

    @Test("the best passage of each video comes before the second one of any")
    func rounds() {
        let cost = PassageFence.tokens(of: Self.passages[0])
        let cut = DigestChoice.fitting(Self.passages, tokens: cost * 8)
        #expect(cut.videos.count == 6 && cut.count == 8)
        #expect(DigestChoice.best(ofEach: Self.passages).allSatisfy { $0.passage.ordinal == 1 })
        #expect(DigestChoice.fitting(Self.passages, tokens: .max).count == 18)
    }

    @Test("where not even these fit, some videos are left out at even distances")
    func evenly() {
        let cost = PassageFence.tokens(of: Self.passages[0])
        let cut = DigestChoice.fitting(Self.passages, tokens: cost * 3)
        #expect(cut.map(\.video.id) == [0, 6, 12].map { Self.passages[$0].video.id })
        #expect(DigestChoice.fitting(Self.passages, tokens: 5).isEmpty)
        #expect(DigestChoice.fitting(Self.passages, tokens: -5).isEmpty)
    }
}
