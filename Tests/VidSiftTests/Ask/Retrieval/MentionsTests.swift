import Database
import Logging
import TestDatabases
import Testing

@testable import VidSift

@Suite(.timeLimit(.minutes(5))) struct MentionsTests {
    @Test(
        "every sentence in which something is said is counted once, though passages overlap",
        arguments: TestEngine.allCases)
    func overlapping(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let talk = (0..<120).map { number in
            "Sentence \(number) of this long talk speaks about \(number.isMultiple(of: 10) ? "honey" : "weather") today."
        }
        try await library.add(SampleTalks.vtt(talk), named: "long.vtt")
        #expect(try await Video.list(after: nil, limit: 1, on: library.components.database)[0].passages > 10)

        let mentions = try await library.components.retriever.mentions(of: "honey", in: .everything)

        #expect(mentions.total == 12 && mentions.times == 12 && mentions.videos == 1)
        #expect(mentions.moments.map(\.sentence.start.wholeSeconds) == (0..<12).map { $0 * 60 })
        #expect(mentions.moments.allSatisfy { $0.sentence.text.contains("honey") })
        #expect(mentions.moments.allSatisfy { mentions.passages[$0.number - 1].passage == $0.passage.passage })
    }

    @Test("words are compared by their stems, all of them, inside one sentence", arguments: TestEngine.allCases)
    func stems(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees, named: "bees.en.vtt")
        let retriever = library.components.retriever
        #expect(try await retriever.mentions(of: "flower", in: .everything).total == 2)
        #expect(try await retriever.mentions(of: "dancing flowers", in: .everything).total == 2)
        #expect(try await retriever.mentions(of: "queen comb", in: .everything).total == 0)
        #expect(try await retriever.mentions(of: "the bees", in: .everything).total == 2)
        #expect(try await retriever.mentions(of: "unheard of", in: .everything).total == 0)
        #expect(try await retriever.mentions(of: "", in: .everything).total == 0)
    }

    @Test(
        "a phrase in quotation marks counts word for word, also over the end of a sentence",
        arguments: TestEngine.allCases)
    func phrases(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(
            SampleTalks.vtt([
                "Machine learning is fun, and machine learning pays.", "Learning about a machine is not the same.",
                "He built a machine.", "Learning came later.", "We speak of machine learning, you know.",
            ]), named: "talk.en.vtt")
        let retriever = library.components.retriever
        let exact = try await retriever.mentions(of: "\"machine learning\"", in: .everything)
        #expect(exact.total == 3 && exact.times == 4)
        #expect(exact.moments.map(\.sentence.start.wholeSeconds) == [0, 12, 24])
        let words = try await retriever.mentions(of: "machine learning", in: .everything)
        #expect(words.total == 3 && words.moments.map(\.sentence.start.wholeSeconds) == [0, 6, 24])
        #expect(try await retriever.mentions(of: "\"you know\"", in: .everything).total == 1)
    }

    @Test(
        "the list is bounded and shows some of every video, the counts are those of all", arguments: TestEngine.allCases
    )
    func bounded(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        for video in 0..<4 {
            let talk = (0..<(video == 0 ? 80 : 3)).map { "In talk \(video) line \($0) is about honey." }
            try await library.add(SampleTalks.vtt(talk), named: "talk\(video).vtt", channel: .named("All"))
        }
        try await library.add(SampleTalks.canals, named: "canals.vtt", channel: .named("All"))
        let mentions = try await library.components.retriever.mentions(of: "honey", in: .everything, limit: 10)
        #expect(mentions.total == 89 && mentions.videos == 4 && mentions.moments.count == 10)
        #expect(Set(mentions.moments.map(\.passage.video.id)).count == 4)
        let most = try await library.components.retriever.mentions(of: "honey", in: .everything, limit: 10_000)
        #expect(most.total == 89 && most.moments.count == Mentions.maximumListed)
        let text = mentions.parts(spansVideos: true)[0].text
        #expect(text == "89 mentions of “honey” in 4 of 5 videos. 10 of them:\n\n")
    }

    @Test("a scope that is larger than the cache gives the same counts, part by part", arguments: TestEngine.allCases)
    func parts(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        for number in 0..<8 {
            let talk = (0..<30).map { "Talk \(number) says sentence \($0) about \($0 < number ? "honey" : "wax")." }
            try await library.add(SampleTalks.vtt(talk), named: "talk\(number).vtt", channel: .named("All"))
        }
        let components = library.components
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cache = SegmentCache(database: components.database, maximumBytes: 4_096, logger: logger)
        let small = Retriever(database: components.database, cache: cache, embedder: components.embedder, pageBase: "")
        let channel = try #require(try await Channel.find("All", on: components.database))
        for scope in [Scope.everything, .channel(channel.id)] {
            let parted = try await small.mentions(of: "honey", in: scope)
            let whole = try await components.retriever.mentions(of: "honey", in: scope)
            #expect(parted.total == 28 && parted.videos == 7)
            #expect(whole.total == 28 && whole.moments.map(\.sentence.text) == parted.moments.map(\.sentence.text))
        }
        #expect(await cache.byteCount <= 4_096)
    }

    @Test("only the scope is counted in", arguments: TestEngine.allCases)
    func scope(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let bees = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        try await library.add(SampleTalks.vtt(["Some bees sting."]), named: "other.vtt", channel: .named("Other"))
        let retriever = library.components.retriever
        #expect(try await retriever.mentions(of: "sting", in: .videos([bees])).total == 0)
        #expect(try await retriever.mentions(of: "bees", in: .videos([bees])).videos == 1)
        #expect(try await retriever.mentions(of: "bees", in: .everything).videos == 2)
    }

    @Test(
        "the answer says how many there are and cites each; where there is none it says so",
        arguments: TestEngine.allCases)
    func answer(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let empty = try await library.components.retriever.mentions(of: "bees", in: .everything)
        #expect(empty.reason == .noTranscript)
        _ = try await library.accept(SampleTalks.bees, named: "bees.en.vtt")
        #expect(try await library.components.retriever.mentions(of: "bees", in: .everything).reason == .notIndexedYet)
        try await library.indexAll()

        let found = try await library.components.retriever.mentions(of: "\"honey bees\"", in: .everything)
        let parts = found.parts(spansVideos: false)
        #expect(found.reason == nil)
        #expect(
            parts.map(\.text).joined() == """
                1 mention of “honey bees”:

                “A colony of honey bees can hold fifty thousand workers in summer.” [0:00]
                """)
        #expect(parts.compactMap(\.citation).map(\.number) == [1])
        #expect(found.sources.map(\.number) == [1])

        let none = try await library.components.retriever.mentions(of: "entropy", in: .everything)
        #expect(
            none.reason == .notSaid
                && none.parts(spansVideos: false).map(\.text) == ["“entropy” is not mentioned here."])
    }

    @Test("what stands in a chapter's name and was not said is no mention")
    func chapterNames() throws {
        var builder = SegmentBuilder(language: "en")
        builder.addPassage(text: "Nothing of it.", context: "Honey", startMilliseconds: 0, endMilliseconds: 1)
        let index = SearchIndex([("v", try Segment(builder.build()))])
        #expect(index.passages(holding: QueryText("honey"), videos: nil).map(\.passages) == [[0]])
        let passage = PromptSamples.passage("Nothing of it.", title: "t").passage
        #expect(MentionFinder(QueryText("honey")).sentences(of: passage, language: "en").isEmpty)
    }
}
