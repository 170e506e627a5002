import Foundation
import TestModels
import Testing

@testable import Providers

@Suite("A chat endpoint that fails")
struct ChatFailureTests {
    @Test(
        "as OpenAI does is not asked again where that cannot help",
        .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"),
        arguments: [
            ("errors/401_invalid_api_key.json", 401, ProviderError.Kind.unauthorised),
            ("errors/429_insufficient_quota.json", 429, .quotaExhausted),
            ("errors/400_embeddings_too_long.json", 400, .contextExceeded),
            ("recorded/404/test_chat_completion_404.json", 404, .notFound),
        ])
    func permanent(path: String, status: Int, kind: ProviderError.Kind) async throws {
        let bytes = try TestFiles.bytes(TestFiles.openAI.appendingPathComponent(path).path)
        try await ChatEndpoint.run { _, _ in
            .respond(status, [], bytes)
        } body: { endpoint in
            let error = await endpoint.expectFailure(kind, saying: "chat endpoint")
            #expect(error?.isRetryable == false)
            #expect(endpoint.server.requests.count == 1)
            #expect(endpoint.model.standing == .closed(failures: 0))
        }
    }

    @Test(
        "as OpenAI does when it is busy is asked again after the wait that it asks for",
        .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"))
    func busy() async throws {
        let path = TestFiles.openAI.appendingPathComponent("errors/429_rate_limit_tokens.json").path
        let bytes = try TestFiles.bytes(path)
        try await ChatEndpoint.run { _, index in
            index == 0 ? .respond(429, [], bytes) : .events(ChatEndpoint.hello)
        } body: { endpoint in
            try await endpoint.ask()
            #expect(endpoint.heard.text == "Hello")
            #expect(endpoint.clock.waits.count == 1)
            #expect(endpoint.clock.waits.allSatisfy { $0 >= .milliseconds(2812) && $0 < .seconds(4) })
        }
    }

    @Test("is told as busy, without waiting, when it asks for longer than anybody would wait")
    func longWait() async throws {
        try await ChatEndpoint.run { _, _ in
            .json(429, "{}", [("retry-after", "120")])
        } body: { endpoint in
            let error = await endpoint.expectFailure(.rateLimited)
            #expect(error?.retryAfter == .seconds(120) && error?.isRetryable == true)
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test("is given up after the last attempt")
    func givesUp() async throws {
        try await ChatEndpoint.run { _, _ in
            .json(500, #"{"error":{"message":"The server had an error","type":"server_error"}}"#)
        } body: { endpoint in
            await endpoint.expectFailure(.unavailable, saying: "HTTP 500")
            #expect(endpoint.server.requests.count == 3)
            #expect(endpoint.clock.waits == [.milliseconds(300), .milliseconds(600)])
        }
    }

    @Test("before its first word is asked again, with half a chunk, an error in the stream, or nothing")
    func beforeFirstWord() async throws {
        try await ChatEndpoint.run { _, index in
            switch index {
            case 0: .hangUp
            case 1: .stream([.send(ChatEndpoint.role + #"data: {"choices":[{"in"#), .hangUp])
            case 2: .events(ChatEndpoint.role + #"data: {"error":{"message":"overloaded","code":503}}"# + "\n\n")
            default: .events(ChatEndpoint.hello)
            }
        } _: {
            $0.retry.maximumAttempts = 4
        } body: { endpoint in
            try await endpoint.ask()
            #expect(endpoint.heard.text == "Hello")
            #expect(endpoint.server.requests.count == 4)
        }
    }

    @Test(
        "after its first word is not asked again: what was said stays said",
        arguments: [
            (LoopbackEndpoint.Step.hangUp, ProviderError.Kind.connection),
            (.send(#"data: {"choices":[{"in"#), .connection),
            (
                .send(#"data: {"error":{"message":"Try again in 1s","code":"rate_limit_exceeded"}}"# + "\n\n"),
                .rateLimited
            ),
            (.send("data: nonsense\n\n"), .invalidResponse),
        ])
    func afterFirstWord(step: LoopbackEndpoint.Step, kind: ProviderError.Kind) async throws {
        let gate = Gate()
        try await ChatEndpoint.run(
            { _, _ in .stream([.send(ChatEndpoint.word("half a w")), .wait(gate), step]) }, firstPieceOpens: gate
        ) { endpoint in
            await endpoint.expectFailure(kind)
            #expect(endpoint.heard.text == "half a w")
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test(
        "with something that is no answer says what it was",
        arguments: [
            ("<html><body>Welcome</body></html>", "a web page"), ("", "an empty answer"), ("Bad gateway", "no answer"),
        ])
    func somethingElse(body: String, words: String) async throws {
        try await ChatEndpoint.run { _, _ in
            .respond(200, [("content-type", "text/html")], Array(body.utf8))
        } body: { endpoint in
            await endpoint.expectFailure(.invalidResponse, saying: words)
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test("by sending elsewhere is not followed, and its words lose the key")
    func redirect() async throws {
        try await ChatEndpoint.run { _, index in
            index == 0
                ? .json(302, "", [("location", "/elsewhere")])
                : .json(401, #"{"error":{"message":"Incorrect key: sk-very-secret"}}"#)
        } body: { endpoint in
            await endpoint.expectFailure(.invalidResponse, saying: "HTTP 302")
            #expect(endpoint.server.requests.count == 1)
            let error = await endpoint.expectFailure(.unauthorised)
            #expect(error?.detail == "Incorrect key: [key]")
        }
    }

    @Test("because nobody listens, or the address is none, says so at once")
    func unreachable() async throws {
        var address = ""
        try await LoopbackEndpoint.run({ _, _ in .hangUp }, { address = $1 })
        for (url, kind) in [(address, ProviderError.Kind.connection), ("nonsense", .refused), ("", .refused)] {
            var configuration = EndpointChatModel.Configuration(
                baseURL: url, apiKey: nil, model: "m", contextTokens: 1)
            configuration.retry.maximumAttempts = 1
            let model = EndpointChatModel(configuration)
            let error = await #expect(throws: ProviderError.self) {
                try await model.answer(ChatEndpoint.prompt) { _ in }
            }
            #expect(error?.kind == kind)
            await model.close()
        }
    }

    @Test("because the key can't be sent does not show the key")
    func unsendableKey() async throws {
        try await ChatEndpoint.run { _, _ in
            .events(ChatEndpoint.hello)
        } _: {
            $0.apiKey = "sk-very-secret\n"
        } body: { endpoint in
            await endpoint.expectFailure(.unauthorised)
        }
    }

    @Test("again and again is left alone, and asked again after a pause")
    func breaker() async throws {
        try await ChatEndpoint.run { _, index in
            index < 5 ? .json(503, "") : .events(ChatEndpoint.hello)
        } _: {
            $0.retry.maximumAttempts = 1
            $0.breaker.threshold = 4
        } body: { endpoint in
            for _ in 0..<4 { await endpoint.expectFailure(.unavailable, saying: "HTTP 503") }
            #expect(endpoint.model.standing == .open(retryAfter: .seconds(5)))
            let refused = await endpoint.expectFailure(.unavailable, saying: "left alone")
            #expect(refused?.isRetryable == true && refused?.retryAfter == .seconds(5))
            #expect(endpoint.server.requests.count == 4)

            try await endpoint.clock.sleep(for: .seconds(5))
            await endpoint.expectFailure(.unavailable, saying: "HTTP 503")
            #expect(endpoint.model.standing == .open(retryAfter: .seconds(10)))
            try await endpoint.clock.sleep(for: .seconds(10))
            try await endpoint.ask()
            #expect(endpoint.model.standing == .closed(failures: 0))
        }
    }

    @Test("so often that the breaker opens is not tried further by the same question")
    func breakerEndsRetries() async throws {
        try await ChatEndpoint.run { _, _ in
            .json(503, "")
        } _: {
            $0.breaker.threshold = 2
        } body: { endpoint in
            await endpoint.expectFailure(.unavailable, saying: "HTTP 503")
            #expect(endpoint.server.requests.count == 2)
        }
    }
}
