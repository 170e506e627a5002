import TestModels
import Testing

@testable import Providers

@Suite("A chat endpoint's time", .timeLimit(.minutes(1)))
struct ChatTimeoutTests {
    @Test(
        "until its first word is limited, whatever comes before it",
        arguments: [
            LoopbackEndpoint.Answer.silence, .stream([.hang]), .stream([.send(ChatEndpoint.role), .hang]),
            .stream([.send(": still working\n\n"), .hang]),
        ])
    func firstToken(answer: LoopbackEndpoint.Answer) async throws {
        try await ChatEndpoint.run { _, _ in
            answer
        } _: {
            $0.firstTokenTimeout = .milliseconds(150)
            $0.idleTimeout = .milliseconds(20)
            $0.retry.maximumAttempts = 1
        } body: { endpoint in
            let error = await endpoint.expectFailure(.timeout, saying: "first-token time-out")
            #expect(error?.isRetryable == true)
        }
    }

    @Test("between its words is limited, and what was said stays said")
    func idle() async throws {
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("half a w")), .hang])
        } _: {
            $0.idleTimeout = .milliseconds(150)
        } body: { endpoint in
            await endpoint.expectFailure(.timeout, saying: "idle time-out")
            #expect(endpoint.heard.text == "half a w")
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test("for the whole answer is limited, be the reader ever so slow")
    func wholeAnswer() async throws {
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("a")), .hang])
        } _: {
            $0.answerTimeout = .milliseconds(200)
        } body: { endpoint in
            await endpoint.expectFailure(.timeout, saying: "answer time-out")
            let error = await #expect(throws: ProviderError.self) {
                try await endpoint.model.answer(ChatEndpoint.prompt) { _ in try await Task.sleep(for: .seconds(60)) }
            }
            #expect(error?.description.contains("answer time-out") == true)
        }
    }

    @Test("is not counted while the reader takes its own")
    func slowReader() async throws {
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("a")), .send(ChatEndpoint.word("b") + ChatEndpoint.stop)])
        } _: {
            $0.idleTimeout = .milliseconds(60)
        } body: { endpoint in
            _ = try await endpoint.model.answer(ChatEndpoint.prompt) { [heard = endpoint.heard] piece in
                heard.append(piece)
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(endpoint.heard.text == "ab")
        }
    }

    @Test(
        "after the last word makes no error: the answer is complete", arguments: [ChatEndpoint.stop, ChatEndpoint.done])
    func unendingBody(last: String) async throws {
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("a") + last), .hang])
        } body: { endpoint in
            try await endpoint.ask()
            #expect(endpoint.heard.text == "a")
            var events = endpoint.server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            #expect(await events.next() == .disconnected)
        }
    }
}

@Suite("A question that is given up", .timeLimit(.minutes(1)))
struct ChatCancellationTests {
    @Test("before or in the middle of the answer closes the connection", arguments: [false, true])
    func cancelled(hasBegun: Bool) async throws {
        try await ChatEndpoint.run { _, _ in
            hasBegun ? .stream([.send(ChatEndpoint.word("a")), .hang]) : .silence
        } body: { endpoint in
            let (begun, source) = AsyncStream<Void>.makeStream()
            let call = Task {
                try await endpoint.model.answer(ChatEndpoint.prompt) { _ in source.yield() }
            }
            var events = endpoint.server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            if hasBegun {
                var pieces = begun.makeAsyncIterator()
                await pieces.next()
            }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await events.next() == .disconnected)
            #expect(endpoint.model.standing == .closed(failures: 0))
        }
    }

    @Test("while its next attempt is being waited for ends there")
    func cancelledBetweenAttempts() async throws {
        try await LoopbackEndpoint.run({ _, _ in .json(503, "", [("retry-after", "15")]) }) { server, address in
            let model = EndpointChatModel(
                EndpointChatModel.Configuration(baseURL: address, apiKey: nil, model: "m", contextTokens: 1))
            let call = Task { try await model.answer(ChatEndpoint.prompt) { _ in } }
            var events = server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            await model.close()
        }
    }

    @Test("by its reader ends with the reader's error, closes the connection, and is not asked again")
    func refused() async throws {
        struct Enough: Error {}
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("a")), .hang])
        } body: { endpoint in
            await #expect(throws: Enough.self) {
                try await endpoint.model.answer(ChatEndpoint.prompt) { _ in throw Enough() }
            }
            var events = endpoint.server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            #expect(await events.next() == .disconnected)
            // An error of the reader's own model is no failure of this one.
            await #expect(throws: ProviderError.self) {
                try await endpoint.model.answer(ChatEndpoint.prompt) { _ in throw ProviderError(.unavailable, "mine") }
            }
            #expect(endpoint.server.requests.count == 2)
            #expect(endpoint.model.standing == .closed(failures: 0))
        }
    }

    @Test("when the model is closed ends as closed")
    func closed() async throws {
        try await ChatEndpoint.run { _, _ in
            .stream([.send(ChatEndpoint.word("a")), .hang])
        } body: { endpoint in
            let call = Task { await endpoint.expectFailure(.closed) }
            var events = endpoint.server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            while endpoint.heard.pieces.isEmpty { await Task.yield() }
            await endpoint.model.close()
            _ = await call.value
        }
    }

    @Test("by nobody, but read slowly, is held back at the server instead of in memory")
    func backPressure() async throws {
        let piece = Array(ChatEndpoint.word(String(repeating: "x", count: 10_000)).utf8)
        let times = 3000
        try await ChatEndpoint.run { _, _ in
            .stream([.flood(piece, times: times), .send(ChatEndpoint.stop)])
        } _: {
            $0.maximumAnswerBytes = 64 << 20
        } body: { endpoint in
            let (stalled, source) = AsyncStream<Void>.makeStream()
            let watching = Task {
                for await event in endpoint.server.events where event == .stalled { return source.finish() }
            }
            _ = try await endpoint.model.answer(ChatEndpoint.prompt) { [heard = endpoint.heard] text in
                if heard.pieces.isEmpty {
                    for await _ in stalled {}
                    #expect(endpoint.server.floodedBytes < times * piece.count / 2)
                }
                heard.append(text)
            }
            #expect(endpoint.heard.text.utf8.count == times * 10_000)
            watching.cancel()
        }
    }
}
