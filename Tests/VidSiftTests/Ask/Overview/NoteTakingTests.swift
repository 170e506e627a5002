import Foundation
import Logging
import Providers
import Synchronization
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("Reading group by group", .timeLimit(.minutes(2))) struct NoteTakingTests {
    private static let groups = (0..<12).map { group in
        (0..<3).map { PromptSamples.passage("Talk \(group * 3 + $0) says something of bees.", title: "T") }
    }

    private static func taking(
        _ model: ScriptedChatModel, callLimit: Duration = .seconds(60), timeLimit: Duration = .seconds(60)
    ) -> NoteTaking {
        NoteTaking(
            model: model, prompt: NotesPrompt(question: "What is it about?", contextTokens: model.contextTokens),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, callLimit: callLimit,
            timeLimit: timeLimit)
    }

    @Test("every group is read, the tokens are added up, and never more than four calls are under way")
    func concurrency() async throws {
        let crowd = Crowd(waitingFor: NoteTaking.maximumConcurrentCalls)
        let model = ScriptedChatModel { prompt, say in
            await crowd.enter()
            try await say(ShownPrompt(prompt).properNotes)
            crowd.leave()
            return ChatEnd(reason: .stop, usage: TokenUsage(promptTokens: 100, completionTokens: 7))
        }
        let result = try await Self.taking(model).readings(of: Self.groups)

        #expect(crowd.most == NoteTaking.maximumConcurrentCalls)
        #expect(result.readings.map { $0.passages.map(\.passage) } == Self.groups.map { $0.map(\.passage) })
        #expect(result.readings.allSatisfy { $0.notes.map(\.places) == [[0], [1], [2]] })
        #expect(result.readings[11].notes[2].text == "Talk 35 says something of bees.")
        #expect(result.usage == TokenUsage(promptTokens: 1_200, completionTokens: 84) && result.calls == 12)
    }

    @Test("a group whose call fails, says nothing, says too much or never ends has no notes; the others have theirs")
    func failures() async throws {
        let model = ScriptedChatModel { prompt, say in
            let shown = ShownPrompt(prompt)
            switch Int(shown.passages[0].text.split(separator: " ")[1]) {
            case 0: throw ProviderError(.unavailable, "The chat endpoint is unwell.")
            case 3: break
            case 6: for _ in 0..<10 { try await say(String(repeating: "bees [1] ", count: 1_000)) }
            case 9: try await Task.sleep(for: .seconds(3_600))
            default: try await say(shown.properNotes)
            }
            return ChatEnd(reason: .stop)
        }
        let result = try await Self.taking(model, callLimit: .seconds(1)).readings(of: Self.groups)
        #expect(result.readings.map(\.isRead) == Self.groups.indices.map { $0 > 3 })
        #expect(result.calls == 12 && result.usage == nil)
    }

    @Test("when the time is over no more groups are asked about, and what hangs is given up")
    func timeLimit() async throws {
        let model = ScriptedChatModel { _, _ in
            try await Task.sleep(for: .seconds(3_600))
            return ChatEnd(reason: .stop)
        }
        let result = try await Self.taking(model, timeLimit: .milliseconds(50)).readings(of: Self.groups)
        #expect(result.calls == NoteTaking.maximumConcurrentCalls && result.readings.allSatisfy { !$0.isRead })
        #expect(model.prompts.count == result.calls)
    }

    @Test("whoever stops it stops every call, and none is made after that")
    func cancelled() async throws {
        let begun = Crowd(waitingFor: NoteTaking.maximumConcurrentCalls)
        let ended = Mutex(0)
        let model = ScriptedChatModel { _, _ in
            await begun.enter()
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                ended.withLock { $0 += 1 }
                throw error
            }
            return ChatEnd(reason: .stop)
        }
        let reading = Task { try await Self.taking(model).readings(of: Self.groups) }
        await begun.gathered.wait()

        reading.cancel()

        await #expect(throws: CancellationError.self) { _ = try await reading.value }
        #expect(ended.withLock(\.self) == NoteTaking.maximumConcurrentCalls)
        #expect(model.prompts.count == NoteTaking.maximumConcurrentCalls)
    }
}

/// Counts who is there at a time; lets nobody go on before so many have come.
final class Crowd: Sendable {
    let gathered = TestDatabases.Gate()
    private let count: Int
    private let state = Mutex((now: 0, most: 0))

    init(waitingFor count: Int) {
        self.count = count
    }

    /// The most at a time.
    var most: Int { state.withLock(\.most) }

    func enter() async {
        let now = state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
            return state.now
        }
        if now == count { gathered.open() }
        await gathered.wait()
        // Whoever might come too early comes now.
        for _ in 0..<50 { await Task.yield() }
    }

    func leave() { state.withLock { $0.now -= 1 } }
}
