import Foundation
import TestDatabases
import TestModels
import Testing

@Suite(
    "An answer that is read at two servers",
    .enabled(if: TestEngine.allCases.contains(.postgres), "VIDSIFT_TEST_POSTGRES is not set"), .timeLimit(.minutes(5)))
struct TwoServersTests {
    private static let readers = 6

    @Test("cut at any byte while it is made, and taken up again at either: it is what one reads who was never cut")
    func cutAnywhere() async throws {
        let answers = HeldAnswers(HeldTalk.answer)
        try await LoopbackEndpoint.run { _, _ in
            answers.answer
        } _: { _, address in
            // given
            let library = try await QueueLibrary.withTalk(HeldTalk.sentences, .postgres)
            let servers = [
                try await ServeProcess(library, model: address), try await ServeProcess(library, model: address),
            ]
            let answer = answers.next()
            let uncut = try await servers[0].ask(HeldTalk.question, in: servers[0].newSession())
            try await uncut.wait { try !SentEvent.all(in: $0.body).isEmpty }
            let first = try SentEvent.all(in: uncut.answer.body).first
            let run = try #require(first).run ?? ""
            // when
            let readings = try await withThrowingTaskGroup(of: [SentEvent].self) { group in
                group.addTask { try await Self.readEachSentence(of: run, from: servers, answer) }
                for reader in 0..<Self.readers {
                    group.addTask {
                        var reader = CutReader(run: run, servers: servers, seed: KillPlan.seed + UInt64(reader))
                        return try await reader.read()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // then
            let whole = try SentEvent.all(in: await uncut.end().body)
            #expect(try whole.last?.type == "done")
            #expect(try whole.count(of: "citation") == HeldTalk.answer.count)
            for events in readings { #expect(events.bytes == whole.bytes) }
            for server in servers {
                #expect(try SentEvent.all(in: await server.resume(run, after: 0).end().body) == whole)
                #expect(try await server.stop() == 0)
            }
        }
    }

    /// Lets the model say a sentence whenever the one before has come, each time at the other server.
    private static func readEachSentence(
        of run: String, from servers: [ServeProcess], _ answer: HeldAnswer
    ) async throws -> [SentEvent] {
        var random = SeededNumbers(seed: KillPlan.seed)
        var events: [SentEvent] = []
        for sentence in 1...HeldTalk.answer.count {
            answer.say(sentence)
            let exchange = try servers[sentence % 2].resume(run, after: events.last?.number ?? 0)
            let isThere = try await exchange.wait { [events] in
                try (events + SentEvent.all(in: $0.body)).count(of: "citation") >= sentence
            }
            #expect(isThere, "the stream ended before sentence \(sentence)")
            exchange.leave()
            let body = exchange.answer.body
            events += try SentEvent.all(in: body.prefix(.random(in: 0...body.count, using: &random)))
        }
        answer.finish()
        return try await events
            + SentEvent.all(in: servers[0].resume(run, after: events.last?.number ?? 0).end().body)
    }
}

/// A reader whose connection is cut again and again.
private struct CutReader {
    let run: String
    let servers: [ServeProcess]
    private var random: SeededNumbers
    /// The most bytes between two cuts: mostly a few events, sometimes more than the largest has.
    private static let few = 1_000
    private static let many = 6_000

    init(run: String, servers: [ServeProcess], seed: UInt64) {
        self.run = run
        self.servers = servers
        random = SeededNumbers(seed: seed)
    }

    /// Reads to the end.
    mutating func read() async throws -> [SentEvent] {
        var events: [SentEvent] = []
        while true {
            let server = servers[.random(in: servers.indices, using: &random)]
            let most = Int.random(in: 0..<4, using: &random) == 0 ? Self.many : Self.few
            let count = Int.random(in: 1...most, using: &random)
            let exchange = try server.resume(run, after: events.last?.number ?? 0)
            let isCut = await exchange.wait { $0.body.count >= count }
            exchange.leave()
            events += try SentEvent.all(in: exchange.answer.body.prefix(count))
            if try events.last?.isEnd == true { return events }
            try #require(isCut, "the stream ended without an end")
        }
    }
}
