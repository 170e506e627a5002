import Captions
import Database
import Foundation
import Logging
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite(.timeLimit(.minutes(5))) struct VideoSummariesTests {
    private static let written =
        "The talk is about honey bees. Scouts dance to tell where flowers are, and in winter the bees keep warm in a ball."
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func summaries(
        _ library: TestLibrary, _ model: (any ChatModel)? = nil, callLimit: Duration = .seconds(60)
    ) -> VideoSummaries {
        VideoSummaries(database: library.components.database, model: model, callLimit: callLimit, logger: silent)
    }

    private func bees(_ library: TestLibrary, _ text: String = SampleTalks.bees) async throws -> Video {
        let id = try await library.add(text, named: "bees.en.vtt").videoID
        return try #require(try await Video.get(id, on: library.components.database))
    }

    private func rows(_ library: TestLibrary) async throws -> Int {
        try await library.components.database.value("SELECT count(*) FROM summaries", as: Int.self) ?? 0
    }

    @Test(
        "without a model the summary is made of the speaker's own sentences, in their order, and kept",
        arguments: TestEngine.allCases)
    func extractive(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try await bees(library)

        let summary = try await summaries(library).summary(of: video)

        let sentences = summary.body.split(separator: ".").map { $0.trimmingCharacters(in: .whitespaces) + "." }
        let said = try #require(try await StoredPassage.all(of: video.id, on: library.components.database).first).text
        #expect(sentences.count == 3 && sentences.allSatisfy(said.contains))
        let places = sentences.compactMap { said.range(of: $0)?.lowerBound }
        #expect(places == places.sorted())
        #expect(summary.model == "" && summary.chapters.map(\.start) == [0])
        #expect(try await summaries(library).summary(of: video) == summary)
        #expect(try await rows(library) == 1)
    }

    @Test(
        "the model is asked once for a transcript, however many ask on however many instances",
        arguments: TestEngine.allCases)
    func once(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let other = try await library.anotherInstance()
        let video = try await bees(library)
        let model = ScriptedChatModel { prompt, say in
            let isTitles = prompt.messages[0].content.contains("Give each chapter a title")
            try await say(isTitles ? "1. The life of bees" : Self.written)
            return ChatEnd(reason: .stop)
        }
        let all = try await withThrowingTaskGroup(of: VideoSummary.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try await summaries(number.isMultiple(of: 2) ? library : other, model).summary(of: video)
                }
            }
            return try await group.reduce(into: Set<VideoSummary>()) { $0.insert($1) }
        }
        let summary = try #require(all.first)
        #expect(all.count == 1 && summary.body == Self.written && summary.model == "scripted")
        #expect(summary.chapters == [.init(start: 0, title: "The life of bees")])
        #expect(model.prompts.count == 2)
        #expect(try await summaries(library, model).summary(of: video) == summary)
        #expect(model.prompts.count == 2)
    }

    @Test("another transcript, and another model, make another summary", arguments: TestEngine.allCases)
    func anew(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var video = try await bees(library)
        let first = try await summaries(library).summary(of: video)
        let changed = SampleTalks.vtt([
            "Wasps build their nests of paper, chewed from old wood.", "They eat other insects.",
        ])
        video = try await bees(library, changed)
        let second = try await summaries(library).summary(of: video)
        #expect(second.body.contains("paper") && first.transcript != second.transcript)
        let model = ScriptedChatModel(saying: ["Wasps build nests of paper from chewed wood and eat other insects."])
        #expect(try await summaries(library, model).summary(of: video).model == "scripted")
        #expect(try await rows(library) == 1)
        _ = try await library.components.database.transaction { [video] in try await Video.delete(video.id, on: $0) }
        #expect(try await rows(library) == 0)
    }

    @Test(
        "a model that fails, hangs or talks nonsense is replaced by the speaker's sentences, and asked again later",
        arguments: ["fails", "hangs", "nonsense", "empty", "endless"], TestEngine.allCases)
    func failing(how: String, engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try await bees(library)
        let model = ScriptedChatModel { _, say in
            switch how {
            case "fails": throw ProviderError(.unavailable, "away")
            case "hangs": try await Task.sleep(for: .seconds(3_600))
            case "nonsense": try await say("Quarterly revenue exceeded every forecast of our analysts in Frankfurt.")
            case "endless": while true { try await say(String(repeating: "bees ", count: 1_000)) }
            default: break
            }
            return ChatEnd(reason: .stop)
        }
        let hasty = summaries(library, model, callLimit: .milliseconds(50))
        let summary = try await hasty.summary(of: video)
        #expect(summary.model == "" && summary.wantedModel == "scripted" && !summary.body.isEmpty)
        #expect(try await hasty.summary(of: video) == summary)
        #expect(model.prompts.count == 1, "it has some time to recover")

        try await library.components.database.execute("UPDATE summaries SET created_at = seconds_from_now(\(-120.0))")
        let well = ScriptedChatModel(saying: [Self.written])
        #expect(try await summaries(library, well).summary(of: video).body == Self.written)
    }

    @Test(
        "who leaves while it is made leaves nothing behind, and the next one makes it", arguments: TestEngine.allCases)
    func left(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try await bees(library)
        let asked = AsyncStream.makeStream(of: Void.self)
        let model = ScriptedChatModel { _, _ in
            asked.continuation.yield()
            try await Task.sleep(for: .seconds(3_600))
            return ChatEnd(reason: .stop)
        }
        let task = Task { try await summaries(library, model).summary(of: video) }
        for await _ in asked.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await rows(library) == 0)
        #expect(try await summaries(library).summary(of: video).model == "")
    }

    @Test("the chapters of whoever made the video are kept as they are", arguments: TestEngine.allCases)
    func ownChapters(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var transcript = try Transcript(captions: Array(SampleTalks.bees.utf8), fileName: "bees.vtt")
        transcript.chapters = [
            Chapter(start: MediaTime(milliseconds: 0), title: "Summer"),
            Chapter(start: MediaTime(milliseconds: 30_000), title: "Winter <b>"),
        ]
        let id = try await library.add(transcript.formatted(as: .json3), named: "bees.json3").videoID
        let video = try #require(try await Video.get(id, on: library.components.database))
        let model = ScriptedChatModel(saying: [Self.written])
        let summary = try await summaries(library, model).summary(of: video)
        #expect(summary.chapters == [.init(start: 0, title: "Summer"), .init(start: 30_000, title: "Winter <b>")])
        #expect(model.prompts.count == 1)
    }

    @Test("what is not indexed, could not be, or has no words says which", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees, named: "bees.vtt").videoID
        let pending = try #require(try await Video.get(id, on: database))
        await #expect(throws: SummaryError.notReady) { try await summaries(library).summary(of: pending) }
        var changed = pending
        changed.state = .failed
        changed.lastError = "no luck"
        let failed = changed
        await #expect(throws: SummaryError.notIndexed("no luck")) {
            try await summaries(library).summary(of: failed)
        }
        try await library.indexAll()
        let ready = try #require(try await Video.get(id, on: database))
        try await database.execute("DELETE FROM passages")
        await #expect(throws: SummaryError.noSpeech) { try await summaries(library).summary(of: ready) }
        _ = try await database.transaction { try await Video.delete(id, on: $0) }
        await #expect(throws: SummaryError.notReady) { try await summaries(library).summary(of: ready) }
    }
}
