import Database
import Providers
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite struct SeveralQueriesTests {
    @Test("what either wording finds is there once, judged by the first", arguments: TestEngine.allCases)
    func merges(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let retriever = library.components.retriever
        let one = try await retriever.retrieve(["queen eggs"], scope: .everything, limit: 10)
        let both = try await retriever.retrieve(["queen eggs", "lift a boat"], scope: .everything, limit: 10)
        let same = try await retriever.retrieve(["queen eggs", "eggs of the queen"], scope: .everything, limit: 10)
        #expect(one.passages.map(\.video.title) == ["bees"])
        #expect(both.passages.map(\.video.title) == ["bees", "canals"])
        #expect(both.statistics == one.statistics)
        #expect(same.passages.map(\.video.title) == ["bees"])
    }

    @Test("one wording gives what the search alone gives; none gives nothing", arguments: TestEngine.allCases)
    func one(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let retriever = library.components.retriever
        let several = try await retriever.retrieve(["queen"], scope: .everything, limit: 5)
        let single = try await retriever.retrieve(.init(question: "queen", scope: .everything, limit: 5))
        #expect(several.passages.map(\.hit) == single.passages.map(\.hit) && several.statistics == single.statistics)
        #expect(try await retriever.retrieve([], scope: .everything, limit: 5).passages.isEmpty)
    }

    @Test("all wordings are embedded in one call", arguments: TestEngine.allCases)
    func oneCall(engine: TestEngine) async throws {
        let model = CallLog()
        let library = try await TestLibrary(engine: engine, embeddingModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let before = model.calls.count
        let found = try await library.components.retriever.retrieve(
            ["what do bees do", "and then"], scope: .everything, limit: 5)
        #expect(model.calls.dropFirst(before) == [["what do bees do", "and then"]])
        #expect(found.vector?.count == 2 && !found.passages.isEmpty)
    }

    @Test("a wording that finds little does not push what the first one finds from the top")
    func scale() throws {
        let weak = SearchStatistics()
        var strong = weak
        strong.keywordRange = 0...8
        var vague = weak
        vague.keywordRange = 0...0.5
        func hit(_ passage: Int, _ keyword: Float, _ score: Float) -> SearchHit {
            SearchHit(
                video: "v", passage: passage, milliseconds: passage * 1_000..<passage * 1_000 + 1_000, score: score,
                keywordScore: keyword, unitScore: nil, passageScore: nil, units: [])
        }
        let merged = SearchResult.ofSeveral(
            [
                SearchResult(hits: [hit(0, 8, 1), hit(1, 4, 0.5)], statistics: strong),
                SearchResult(hits: [hit(2, 0.5, 1), hit(1, 0.2, 0.4)], statistics: vague),
            ], limit: 3)
        #expect(merged.hits.map(\.passage) == [0, 1, 2])
        #expect(merged.hits.map(\.score) == [1, 0.5, 0.0625])
    }
}

/// An embedding model that remembers what it was given.
private final class CallLog: EmbeddingModel {
    let identity = EmbeddingModelIdentity(name: "call-log", dimensions: 2)
    let maximumTokens = 512
    private let texts = Mutex<[[String]]>([])

    var calls: [[String]] { texts.withLock { $0 } }

    func embed(_ texts: [String]) async throws -> Embeddings {
        self.texts.withLock { $0.append(texts) }
        return Embeddings(
            dimensions: 2,
            values: texts.flatMap { text -> [Float] in text.contains("bee") ? [0.8, 0.6] : [0.6, 0.8] })
    }

    func close() async {}
}
