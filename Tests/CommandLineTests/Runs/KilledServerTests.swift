import Foundation
import TestDatabases
import TestModels
import Testing

@Suite("Answers whose server is killed", .timeLimit(.minutes(10 + KillPlan.usualCount / 4)))
struct KilledServerTests {
    @Test(
        "wherever it is killed: started again it gives the rest of what was stored, an end, and the next answer",
        arguments: TestEngine.allCases)
    func startedAgain(engine: TestEngine) async throws {
        let answers = HeldAnswers(HeldTalk.answer)
        try await LoopbackEndpoint.run { _, _ in
            answers.answer
        } _: { _, address in
            let library = try await QueueLibrary.withTalk(HeldTalk.sentences, engine)
            var server = try await ServeProcess(library, model: address)
            answers.next().finish()
            let whole = try await UncutAnswer(server, in: server.newSession())
            let plans = KillPlan.all(
                KillPlan.usualCount, sentences: HeldTalk.answer.count,
                bytes: [SentEvent](whole.events.dropLast()).bytes.count,
                seed: KillPlan.seed)
            for (number, plan) in plans.enumerated() {
                let kill = Kill(plan: plan, whole: whole, answers: answers, library: library)
                do {
                    server = try await kill.perform(on: server) { try await ServeProcess(library, model: address) }
                } catch {
                    throw KillFailed(number: number, plan: plan, error: error)
                }
            }
            #expect(try await library.runningAnswers() == 0)
            #expect(try await server.stop() == 0)
        }
    }

    private static let cuts = 2_000

    @Test(
        "an answer that had ended: cut after each event and at any byte, the rest of it comes from the next server",
        arguments: TestEngine.allCases)
    func afterTheEnd(engine: TestEngine) async throws {
        let answers = HeldAnswers(HeldTalk.answer)
        try await LoopbackEndpoint.run { _, _ in
            answers.answer
        } _: { _, address in
            // given
            let library = try await QueueLibrary.withTalk(HeldTalk.sentences, engine)
            let killed = try await ServeProcess(library, model: address)
            answers.next().finish()
            let whole = try await UncutAnswer(killed, in: killed.newSession()).events
            let run = try #require(whole.first).run ?? ""
            // when
            try await killed.kill()
            let server = try await ServeProcess(library, model: address)
            // then
            for number in 0...whole.count {
                let rest = try await server.resume(run, after: number).end().body
                #expect(rest == [SentEvent](whole.dropFirst(number)).bytes, "\(number)")
            }
            var random = SeededNumbers(seed: KillPlan.seed)
            let bytes = whole.bytes
            for _ in 0..<Self.cuts {
                let received = try SentEvent.all(in: bytes.prefix(.random(in: 0..<bytes.count, using: &random)))
                let rest = try await server.resume(run, after: received.last?.number ?? 0).end().body
                #expect(received.bytes + rest == bytes)
            }
            #expect(try await server.stop() == 0)
        }
    }

    /// How long a holder may be silent before others end its answers, and how often it gives a sign of life.
    private static let lease = Duration.seconds(20)
    private static let heartbeat = Duration.seconds(3)
    /// What a busy machine may add.
    private static let delay = Duration.seconds(10)

    @Test(
        "its answers end when their lease is over, on the server that runs beside it or is started next",
        arguments: TestEngine.allCases)
    func lease(engine: TestEngine) async throws {
        let answers = HeldAnswers(HeldTalk.answer)
        try await LoopbackEndpoint.run { _, _ in
            answers.answer
        } _: { endpoint, address in
            // given
            let library = try await QueueLibrary.withTalk(HeldTalk.sentences, engine)
            let server = try await ServeProcess(library, model: address)
            let beside = engine == .postgres ? try await ServeProcess(library, model: address) : nil
            answers.next().finish()
            let whole = try await UncutAnswer(server, in: server.newSession())
            await endpoint.next(.request)
            var readings: [(exchange: HTTPExchange, session: String)] = []
            for count in 0..<8 {
                let answer = answers.next()
                let session = try await server.newSession()
                let exchange = try server.ask(HeldTalk.question, in: session)
                await endpoint.next(.request)
                answer.say(count)
                let isThere = try await exchange.wait {
                    let events = try SentEvent.all(in: $0.body)
                    return try events.count(of: "citation") == count && events.count > 1
                }
                try #require(isThere)
                readings.append((exchange, session))
            }
            // when
            let killed = ContinuousClock.now
            try await server.kill()
            let other = if let beside { beside } else { try await ServeProcess(library, model: address) }
            var resumed: [(received: [SentEvent], rest: HTTPExchange, session: String)] = []
            for reading in readings {
                let received = try SentEvent.all(in: await reading.exchange.end().body)
                let run = try #require(received.first).run ?? ""
                let rest = try other.resume(run, after: received.last?.number ?? 0)
                resumed.append((received, rest, reading.session))
            }
            // then
            for reading in resumed {
                let rest = try SentEvent.all(in: await reading.rest.end().body)
                let took = ContinuousClock.now - killed
                #expect(took > Self.lease - Self.heartbeat - Self.delay && took < Self.lease + Self.delay, "\(took)")
                #expect(rest.count == 1)
                try await Interrupted(events: reading.received + rest, session: reading.session)
                    .expect(whole, on: other)
            }
            answers.next().finish()
            #expect(try await UncutAnswer(other, in: resumed[0].session).parts == whole.parts)
            #expect(try await other.stop() == 0)
        }
    }
}

/// A kill of which something was not as it should be.
private struct KillFailed: Error {
    var number: Int
    var plan: KillPlan
    var seed = KillPlan.seed
    var error: any Error
}

/// One kill of a server, and what comes after it.
private struct Kill {
    let plan: KillPlan
    let whole: UncutAnswer
    let answers: HeldAnswers
    let library: QueueLibrary

    /// - Returns: the server that was started in the place of the one that was killed.
    func perform(on server: ServeProcess, restart: () async throws -> ServeProcess) async throws -> ServeProcess {
        let session = try await server.newSession()
        let received = try await askAndKill(server, in: session)
        let next = try await restart()
        if let run = try await run(of: received, in: session, on: next) {
            let events = try await received + rest(of: run, after: received.last?.number ?? 0, on: next)
            try await Interrupted(events: events, session: session).expect(whole, on: next)
            let again = try SentEvent.all(in: await next.resume(run, after: 0).end().body)
            #expect(again == events, "\(plan)")
        } else {
            #expect(try await next.messages(of: session).isEmpty, "\(plan)")
        }
        answers.next().finish()
        #expect(try await UncutAnswer(next, in: session).parts == whole.parts, "\(plan)")
        return next
    }

    /// - Returns: the events that the client got.
    private func askAndKill(_ server: ServeProcess, in session: String) async throws -> [SentEvent] {
        let answer = answers.next()
        let exchange = try server.ask(HeldTalk.question, in: session)
        switch plan.moment {
        case .atOnce: answer.say(HeldTalk.answer.count)
        case .afterSentences(let count):
            answer.say(count)
            try await exchange.wait { answer in
                let events = try SentEvent.all(in: answer.body)
                return try events.count > 1 && events.count(of: "citation") >= count
            }
        case .afterBytes(let count):
            answer.say(HeldTalk.answer.count)
            try await exchange.wait { answer in
                // The stream without its end may be shorter.
                try answer.status != nil && answer.body.count >= count
                    || SentEvent.all(in: answer.body).count(of: "citation") == HeldTalk.answer.count
            }
        }
        try await server.kill()
        let body = await exchange.end().body
        return try SentEvent.all(in: body.prefix(Int(plan.share * Double(body.count))))
    }

    /// - Returns: nil where the question was not stored.
    private func run(of received: [SentEvent], in session: String, on server: ServeProcess) async throws -> String? {
        if let first = received.first { return try first.run }
        return try await server.messages(of: session).first?["runId"] as? String
    }

    private func rest(of run: String, after number: Int, on server: ServeProcess) async throws -> [SentEvent] {
        if !plan.isBackEarly { try await library.endLeases() }
        let stored = try await library.storedEvents(of: run)
        let exchange = try server.resume(run, after: number)
        if plan.isBackEarly {
            try await exchange.wait { try number + SentEvent.all(in: $0.body).count >= stored }
            try await library.endLeases()
        }
        return try SentEvent.all(in: await exchange.end().body)
    }
}

/// An answer that was interrupted, as its reader and its session know it.
private struct Interrupted {
    let events: [SentEvent]
    let session: String

    /// Expects that it is the beginning of the whole one, nothing twice and nothing missing, with an end that says so.
    func expect(
        _ whole: UncutAnswer, on server: ServeProcess, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(events.map(\.number) == Array(1...max(1, events.count)), sourceLocation: location)
        let told = events.dropLast()
        let end = try #require(events.last, sourceLocation: location).fields
        #expect(end["type"] as? String == "error" && end["retryable"] as? Bool == true, sourceLocation: location)
        #expect(try !told.contains { try $0.isEnd }, sourceLocation: location)
        let parts = try ToldPart.all(of: told)
        #expect(parts.begins(whole.parts), "\(parts)", sourceLocation: location)

        let messages = try await server.messages(of: session)
        #expect(messages.map { $0["role"] as? String } == ["user", "assistant"], sourceLocation: location)
        #expect(messages.map { $0["state"] as? String } == ["complete", "failed"], sourceLocation: location)
        let kept = try #require(messages.last, sourceLocation: location)
        #expect(try kept["content"] as? String == events.text, sourceLocation: location)
        let citations = try events.count(of: "citation")
        #expect((kept["citations"] as? [Any])?.count == citations, sourceLocation: location)
        let sessions = try await server.json("GET", "/api/chat-sessions/recent")["sessions"] as? [[String: Any]]
        #expect(sessions?.contains { $0["id"] as? String == session } == true, sourceLocation: location)
    }
}
