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

        let all = try await retriever.broad(scope: .everything, limit: 12)
        #expect(all.passages.count == 12 && Set(all.passages.map(\.video.id)).count == 6)
        #expect(all.coverage.searched == 6 && all.coverage.inScope == 7 && all.coverage.pending == 1)
        let places = all.passages.map { ($0.video.id, $0.passage.ordinal) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })

        let some = try await retriever.broad(scope: .everything, limit: 3)
        #expect(some.passages.count == 3 && some.coverage.searched == 3)
        let cost = PassageFence.tokens(of: all.passages[0])
        let cut = try await retriever.broad(scope: .everything, limit: 12, tokens: cost * 7)
        #expect(Set(cut.passages.map(\.video.id)).count == 6 && cut.passages.count < 12)
        #expect(try await retriever.broad(scope: .everything, limit: 12, tokens: 5).passages.isEmpty)
    }

    @Test("nothing stands for an empty scope", arguments: TestEngine.allCases)
    func empty(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let found = try await library.components.retriever.broad(scope: .everything, limit: 10)
        #expect(found.passages.isEmpty && found.coverage.searched == 0)
    }
}
