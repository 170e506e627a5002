import Database
import Foundation
import HTTPTypes
import Providers
import Synchronization
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("An answer by a language model") struct AnsweringTests {
    /// A library with a talk about bees whose language model says the same to everybody.
    private func library(saying pieces: [String], engine: TestEngine = .sqlite) async throws -> (
        TestLibrary, ScriptedChatModel
    ) {
        let model = ScriptedChatModel(saying: pieces)
        let library = try await TestLibrary(engine: engine, chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        return (library, model)
    }

    @Test("a marker becomes the second at which it was said, whatever the pieces", arguments: TestEngine.allCases)
    func cited(engine: TestEngine) async throws {
        let (library, model) = try await library(
            saying: ["The queen lays up to two thou", "sand eggs a day [", "1", "]."], engine: engine)

        let events = try await library.ask("How many eggs does the queen lay in a day?")

        let outcome = try #require(events.outcome)
        #expect(outcome.isAnswered)
        #expect(outcome.citations.map(\.status) == [.verified])
        #expect(events.text.contains("two thousand eggs a day [0:06]"))
        #expect(outcome.usage?.promptTokens == 100)
        let prompt = try #require(model.prompts.first)
        #expect(prompt.messages.first?.role == .system)
        #expect(prompt.messages.last?.content.contains("two thousand eggs") == true)
    }

    @Test("what nobody said is not answered, and the model is not asked")
    func refused() async throws {
        let (library, model) = try await library(saying: ["Lisbon [1]."])

        let events = try await library.ask("Which stock exchange lists submarine manufacturers?")

        #expect(events.outcome?.reason == .notSaid)
        #expect(model.prompts.isEmpty)
    }

    @Test("an answer that nothing supports counts as none")
    func unsupported() async throws {
        let (library, _) = try await library(saying: ["Submarines are listed in Lisbon since 1871 [1]."])
        let events = try await library.ask("How many eggs does the queen lay in a day?")
        #expect(events.outcome?.isAnswered == false)
        #expect(events.outcome?.reason == .lowConfidence)
    }

    @Test("strict: what nothing supports is not said, and what is supported is")
    func strict() async throws {
        let (library, _) = try await library(
            saying: ["Submarines are listed in Lisbon [1]. ", "The queen lays up to two thousand eggs a day [1]."])
        let question = Question(
            text: "How many eggs does the queen lay in a day?", owner: "owner", isStrict: true)

        let events = try await library.run(question).events

        #expect(!events.text.contains("Lisbon"))
        #expect(events.text.contains("two thousand eggs"))
        #expect(events.outcome?.isAnswered == true)
    }

    @Test(
        "a model that says nothing, nothing but markers, or no word gives the nearest moments in lines of their own",
        arguments: [[], ["[1]", "[2]"], [" \n"], ["<"], ["- ", "["]])
    func nothing(pieces: [String]) async throws {
        let (library, _) = try await library(saying: pieces)
        let events = try await library.ask("How many eggs does the queen lay in a day?")
        #expect(events.outcome?.reason == .lowConfidence)
        #expect(events.text.split(separator: "\n").contains { $0.hasPrefix("Nothing") && $0.hasSuffix("moments:") })
        #expect(events.outcome?.citations.isEmpty == false)
    }

    @Test("a question that the model's context has no room for is refused as too long, and the model is not asked")
    func tooLong() async throws {
        let model = ScriptedChatModel(contextTokens: 1_024) { _, _ in ChatEnd(reason: .stop) }
        let library = try await TestLibrary(chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let question = String(repeating: "How many eggs does the queen lay in a day? ", count: 700)

        let events = try await library.ask(question)

        guard case .failed(let message, let code, let isRetryable) = events.last else {
            Issue.record("it did not fail")
            return
        }
        #expect(code == "payload_too_large" && !isRetryable && message.contains("too long"))
        #expect(Problem(failure: message, code: code, isRetryable: isRetryable).status == .contentTooLarge)
        #expect(model.prompts.isEmpty)
    }

    @Test("quotes are given without the model where they are wished")
    func quotes() async throws {
        let (library, model) = try await library(saying: ["Nothing."])
        let question = Question(text: "How many eggs does the queen lay in a day?", owner: "owner", mode: .quotes)

        let events = try await library.run(question).events

        #expect(events.text.contains("two thousand eggs"))
        #expect(model.prompts.isEmpty)
    }

    @Test(
        "a provider's failure is an error with its code, before and after the first word",
        arguments: [
            (ProviderError.Kind.rateLimited, "upstream_unavailable", true), (.unauthorised, "upstream_rejected", false),
        ],
        [[String](), ["The queen lays"]])
    func failure(_ expected: (kind: ProviderError.Kind, code: String, isRetryable: Bool), before: [String]) async throws
    {
        let model = ScriptedChatModel { _, say in
            for piece in before { try await say(piece) }
            throw ProviderError(expected.kind, "The chat endpoint is unwell.", detail: "sk-secret")
        }
        let library = try await TestLibrary(chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")

        let events = try await library.ask("How many eggs does the queen lay in a day?")

        guard case .failed(let message, let code, let isRetryable) = events.last else {
            Issue.record("it did not fail")
            return
        }
        #expect(
            message == "The chat endpoint is unwell." && code == expected.code && isRetryable == expected.isRetryable)
    }

    @Test("a follow-up is rewritten by the model, and both forms are searched")
    func followUp() async throws {
        let model = ScriptedChatModel { prompt, say in
            let isRewriting = !prompt.messages.contains { $0.content.contains("<passages") }
            try await say(
                isRewriting ? "How many eggs does the queen bee lay in a day?" : "Two thousand eggs a day [1].")
            return ChatEnd(reason: .stop, usage: TokenUsage(promptTokens: 10, completionTokens: 5))
        }
        let library = try await TestLibrary(chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let question = Question(
            text: "And how many a day?", owner: "owner",
            history: [ChatTurn(.user, "Does the queen bee lay eggs?"), ChatTurn(.assistant, "She does.")])

        let events = try await library.run(question).events

        guard case .session(_, _, let shown) = events.first else {
            Issue.record("no session")
            return
        }
        #expect(shown == "How many eggs does the queen bee lay in a day?")
        #expect(events.outcome?.isAnswered == true)
        #expect(events.outcome?.usage?.promptTokens == 20)
    }

    @Test("a video that is deleted while it is answered from is still cited as it was read")
    func deleted() async throws {
        let folder = TemporaryFolder()
        let deletion = Deletion()
        let model = ScriptedChatModel { _, say in
            try await deletion.run()
            try await say("The queen lays up to two thousand eggs a day [1].")
            return ChatEnd(reason: .stop)
        }
        let library = try await TestLibrary(in: folder, chatModel: model)
        let video = try await library.add(SampleTalks.bees, named: "bees.vtt").videoID
        deletion.set { _ = try await Video.delete(video, on: library.components.database) }

        let events = try await library.ask("How many eggs does the queen lay in a day?")

        #expect(events.outcome?.citations.first?.text.contains("two thousand eggs") == true)
    }

    @Test("every mention is counted and listed, without a model")
    func mentions() async throws {
        let (library, model) = try await library(saying: ["Never."])
        let events = try await library.ask("How many times is the queen mentioned?")
        #expect(model.prompts.isEmpty)
        #expect(events.outcome?.isAnswered == true)
        #expect(events.text.contains("mention"))
        #expect(events.outcome?.citations.isEmpty == false)
    }

    @Test("the receipt says what was retrieved, given and used", arguments: TestEngine.allCases)
    func receipt(engine: TestEngine) async throws {
        let (library, _) = try await library(
            saying: ["The queen lays up to two thousand eggs a day [1]."], engine: engine)
        let run = try await library.run(
            Question(text: "How many eggs does the queen lay in a day?", owner: "owner")
        ).run

        let json = try #require(run.receipt.json)

        let receipt = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(receipt["model"] as? String == "scripted" && receipt["route"] as? String == "lookup")
        #expect(receipt["used"] as? [Int] == [1] && (receipt["given"] as? Int ?? 0) >= 1)
        #expect((receipt["retrieved"] as? [Any])?.isEmpty == false && receipt["promptVersion"] is String)
    }

    /// A long talk, of which more is found than a small context holds.
    private func longLibrary(_ model: ScriptedChatModel) async throws -> TestLibrary {
        let library = try await TestLibrary(chatModel: model)
        let bees = (0..<160).map { "In year \($0) the queen bee lays \($0) hundred eggs a day in this hive." }
        // Words that all passages have tell nothing.
        let weather = (0..<640).map { "On morning \($0) a cold wind brought rain over the grey sea." }
        try await library.add(SampleTalks.vtt(bees + weather), named: "bees.vtt")
        return library
    }

    private static let tooLong = ProviderError(.contextExceeded, "The prompt is too long.")

    @Test("a model that has less room than was thought is asked again with less, and told what that is")
    func lessRoom() async throws {
        let asked = Mutex(0)
        let model = ScriptedChatModel { prompt, say in
            asked.withLock { $0 += 1 }
            if asked.withLock(\.self) < 3 { throw Self.tooLong }
            try await say("\(ShownPrompt(prompt).passages[0].text) [1]")
            return ChatEnd(reason: .stop)
        }
        let library = try await longLibrary(model)

        let (run, events) = try await library.run(
            Question(text: "How many eggs does the queen bee lay in year 77?", owner: "owner"))

        let sizes = model.prompts.map(\.totalTokens)
        try #require(sizes.count == 3, "\(sizes)")
        #expect(sizes[1] <= sizes[0] / 2)
        #expect(sizes[2] <= max(sizes[1] / 2, AnswerPrompt.leastContextTokens) && sizes[2] < sizes[1])
        let sources = events.compactMap { event -> [AnswerEvent.Source]? in
            if case .sources(let sources, _) = event { sources } else { nil }
        }
        #expect(sources.map(\.count) == model.prompts.map { ShownPrompt($0).passages.count })
        #expect(events.outcome?.isAnswered == true && run.receipt.json?.contains(#""attempts":3"#) == true)
    }

    @Test("it is asked twice more at most, and never after its first word; what it thinks aloud is none")
    func noRoom() async throws {
        for (said, prompts) in [("", 3), ("<think>Hm.", 3), ("The queen", 1)] {
            let model = ScriptedChatModel { _, say in
                if !said.isEmpty { try await say(said) }
                throw Self.tooLong
            }
            let library = try await longLibrary(model)

            let events = try await library.ask("How many eggs does the queen bee lay in year 77?")

            guard case .failed(_, "upstream_rejected", false) = events.last else {
                Issue.record("it did not fail")
                return
            }
            #expect(model.prompts.count == prompts)
        }
    }

    @Test("what a model thinks aloud before its answer is nobody's business")
    func thinking() async throws {
        let (library, _) = try await library(saying: [
            "\n<thi", "nk>Nine eggs? [1]</th", "ink>\n\nThe queen lays up to two thousand eggs a day [1].",
        ])
        let events = try await library.ask("How many eggs does the queen lay in a day?")
        #expect(events.text.hasPrefix("The queen lays") && events.outcome?.citations.count == 1)

        let (other, _) = try await self.library(saying: ["<think>Two thousand eggs a day [1]."])
        let nothing = try await other.ask("How many eggs does the queen lay in a day?")
        #expect(nothing.outcome?.reason == .lowConfidence && nothing.text.contains("nearest moments"))
    }

    @Test("why the model ended is in the last event", arguments: [ChatEnd.Reason.stop, .length, .filtered, .unknown])
    func finish(reason: ChatEnd.Reason) async throws {
        let model = ScriptedChatModel { _, say in
            try await say("The queen lays up to two thousand eggs a day [1].")
            return ChatEnd(reason: reason)
        }
        let library = try await TestLibrary(chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        let events = try await library.ask("How many eggs does the queen lay in a day?")
        #expect(events.outcome?.finish == reason)
        #expect(events.last?.json.contains(#""finishReason":"\#(reason.rawValue)""#) == true)
    }
}

/// Something that is done once the test knows what.
private final class Deletion: Sendable {
    private let work = Mutex<(@Sendable () async throws -> Void)?>(nil)

    func set(_ body: @escaping @Sendable () async throws -> Void) {
        work.withLock { $0 = body }
    }

    func run() async throws {
        try await work.withLock(\.self)?()
    }
}
