import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

/// What a client receives, whatever the model says, with all parts of the program at work; `HOSTILE_PIPELINE` sets how
/// many conversations are held.
@Suite("Hostile answers through the whole program", .timeLimit(.minutes(60)))
struct HostilePipelineTests {
    static let count = ProcessInfo.processInfo.environment["HOSTILE_PIPELINE"].flatMap { Int($0) } ?? 200
    /// One conversation in so many is held while somebody else asks.
    private static let otherAskers = 8

    @Test(
        "a client gets citations of what was said in scope, no link of the model's, and nothing of others",
        arguments: TestEngine.allCases, [true, false])
    func answers(engine: TestEngine, hasVectors: Bool) async throws {
        let isWhole = engine == .sqlite && hasVectors
        let model = HostileModel()
        let library = try await HostileLibrary(engine, model, hasVectors: hasVectors)
        var tally = Tally()
        for seed in 0..<UInt64(isWhole ? Self.count : min(Self.count, 40)) {
            async let other: Void? = seed % UInt64(Self.otherAskers) == 0 ? library.otherAsks() : nil
            let faults = try await converse(seed, model, library, &tally)
            _ = try await other
            for fault in faults { Issue.record("\(fault) in conversation \(seed)") }
            if tally.isMilestone(seed) { print(tally.line(engine, hasVectors)) }
        }
        print(tally.line(engine, hasVectors))
        #expect(tally.citations > tally.answers / 2)
        #expect(tally.prompts > tally.answers / 2)
        #expect(tally.routes.count >= 3 && tally.refused > 0)
    }

    /// - Returns: what is wrong.
    private func converse(
        _ seed: UInt64, _ model: HostileModel, _ library: HostileLibrary, _ tally: inout Tally
    ) async throws -> [String] {
        let asking = HostileAsking(seed: seed, of: library)
        let runs = library.library.components.runs
        model.begin(seed: seed)
        var session: SessionID?
        var faults: [String] = []
        for text in asking.texts {
            let question = asking.question(text, in: session)
            let run = try await runs.start { try await library.library.components.ask.begin(question) }
            let events = try await runs.follow(run.id, owner: question.owner, after: 0).rest()
            let received = try ReceivedAnswer(events)
            let check = try PipelineCheck(
                received, of: events, run: run.id, to: asking, in: library, said: model.said)
            faults += check.faults.map { "\($0) in the answer to \(text): \(received.text.debugDescription)" }
            tally.add(received, run)
            session = run.session
        }
        faults += faultsOfPrompts(model, library, asking)
        tally.prompts += model.prompts.count
        return faults
    }

    /// A prompt holds nothing of others but what the model itself has said before.
    private func faultsOfPrompts(
        _ model: HostileModel, _ library: HostileLibrary, _ asking: HostileAsking
    ) -> [String] {
        model.prompts.flatMap { prompt in
            let text = prompt.messages.map(\.content).joined(separator: "\n")
            let words = library.foreignWords(in: text).filter { !model.said.localizedCaseInsensitiveContains($0) }
            return words.map { "\($0) in a prompt" }
                + (text.contains(HostileLibrary.key) ? ["the key in a prompt"] : [])
        }
    }
}

/// What was tried.
private struct Tally {
    var answers = 0
    var prompts = 0
    var citations = 0
    var answered = 0
    var refused = 0
    var failed = 0
    var bytes = 0
    var routes: Set<String> = []
    private let start = ContinuousClock.now

    mutating func add(_ received: ReceivedAnswer, _ run: Ask.Run) {
        answers += 1
        citations += received.citations.count
        bytes += received.lines.reduce(0) { $0 + $1.utf8.count }
        if received.types.last == "error" {
            failed += 1
        } else if received.isAnswered {
            answered += 1
        } else {
            refused += 1
        }
        if let route = run.receipt.json?.firstMatch(of: /"route":"([a-z]+)"/) { routes.insert(String(route.output.1)) }
    }

    /// After each thousand.
    func isMilestone(_ seed: UInt64) -> Bool { seed % 1_000 == 999 }

    func line(_ engine: TestEngine, _ hasVectors: Bool) -> String {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return """
            \(engine)\(hasVectors ? "" : " by words"): \(answers) hostile answers (\(answered) answered, \(refused) \
            not, \(failed) failed), \(prompts) prompts, \(citations) citations, \(bytes >> 10) KB of events, \
            \(Int(seconds * 1000)) ms, \(Self.residentMegabytes) MB resident
            """
    }

    private static var residentMegabytes: Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * 4096 >> 20
    }
}
