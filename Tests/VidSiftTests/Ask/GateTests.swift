import TestDatabases
import Testing

@testable import VidSift

@Suite struct GateTests {
    @Test(
        "the words that are asked for stand behind the question word",
        arguments: [
            ("Which brand of graphics card does he buy?", ["brand"]),
            ("How many GitHub stars did the library have?", ["github", "stars"]),
            ("At what retail price was the chew toy sold?", ["retail", "price"]),
            ("Whose idea was it?", ["idea"]),
            ("Why do birds sing?", []),
            ("What is it?", []),
            ("", []),
        ])
    func askedWords(question: String, words: [String]) {
        #expect(AskedWords.of(question) == words)
    }

    @Test("of two sentences the one that holds the question's rare word comes first", arguments: TestEngine.allCases)
    func rareWords(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees)
        let retrieval = try await library.components.retriever.retrieve(
            .init(question: "What angle do bees dance?", scope: .everything, limit: 5))
        let sentences = SentenceChoice.candidates(retrieval, question: "What angle do bees dance?")
        let quotes = SentenceChoice.quotes(from: sentences, among: sentences)
        #expect(quotes.contains { $0.sentence.text.contains("angle of the dance") })
        #expect(quotes.reduce(0) { $0 + $1.sentence.wordCount } <= SentenceChoice.maximumWords)
    }

    @Test(
        "a short sentence between two that are quoted is quoted, too: it may say the opposite",
        arguments: TestEngine.allCases)
    func bridge(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(
            SampleTalks.vtt([
                "Many books say that resonance brought down the Tacoma bridge.", "It was not so.",
                "With resonance the Tacoma bridge would have swung ever wider.",
            ]))
        let events = try await library.ask("Did resonance bring down the Tacoma bridge?")
        #expect(events.outcome?.citations.map(\.start.wholeSeconds) == [0, 6, 12])
    }
}
