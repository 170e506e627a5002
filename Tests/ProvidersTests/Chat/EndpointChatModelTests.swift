import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("The chat endpoint")
struct EndpointChatModelTests {
    @Test("is asked with the key, the model, the messages and the limits, for a stream with usage")
    func request() async throws {
        let prompt = ChatPrompt(
            [ChatTurn(.system, "Answer \"briefly\".\\\n\t"), ChatTurn(.user, "ü😀 \u{1}?"), ChatTurn(.assistant, "")],
            maximumTokens: 77, temperature: 0.25)
        try await ChatEndpoint.run { _, _ in
            .events(ChatEndpoint.hello)
        } body: { endpoint in
            try await endpoint.ask(prompt)
            let sent = try #require(endpoint.server.requests.first)
            #expect(sent.path == "/v1/chat/completions")
            #expect(sent.headers.first(name: "authorization") == "Bearer sk-very-secret")
            #expect(sent.headers.first(name: "content-type") == "application/json")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(sent.body)) as? [String: Any])
            #expect(json["model"] as? String == "test-model")
            #expect(json["max_tokens"] as? Int == 77)
            #expect(json["temperature"] as? Double == 0.25)
            #expect(json["stream"] as? Bool == true)
            #expect(json["stream_options"] as? [String: Bool] == ["include_usage": true])
            let messages = try #require(json["messages"] as? [[String: String]])
            #expect(messages.map { $0["role"] } == ["system", "user", "assistant"])
            #expect(messages.map { $0["content"] } == prompt.messages.map(\.content))
            #expect(json.count == 6)
        }
    }

    @Test("says how the answer ended")
    func ending() async throws {
        let usage = #"data: {"model":"m-2","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5}}"# + "\n\n"
        try await ChatEndpoint.run { _, _ in
            .events(ChatEndpoint.role + ChatEndpoint.word("Hi") + ChatEndpoint.stop + usage + ChatEndpoint.done)
        } body: { endpoint in
            let end = try await endpoint.ask()
            let counted = TokenUsage(promptTokens: 12, completionTokens: 5)
            #expect(end == ChatEnd(reason: .stop, usage: counted, model: "m-2"))
            #expect(endpoint.heard.pieces == ["Hi"])
            #expect(endpoint.model.standing == .closed(failures: 0))
        }
    }

    @Test(
        "as it was recorded gives its text through a real connection, cut at random",
        .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"), arguments: RecordedStream.all)
    func recorded(recorded: RecordedStream) async throws {
        try await ChatEndpoint.run { _, index in
            var random = SeededGenerator(seed: UInt64(index))
            let pieces = ChatAnswerBodyTests.cut(recorded.bytes, 400, &random)
            return .stream(pieces.map { .bytes(Array($0)) })
        } body: { endpoint in
            let end = try await endpoint.ask()
            #expect(endpoint.heard.text == recorded.text)
            #expect(!endpoint.heard.pieces.contains(""))
            #expect(end.reason == .stop || end.reason == .length)
        }
    }

    @Test("hands over each piece as soon as it is there")
    func immediately() async throws {
        let gate = Gate()
        let rest = ChatEndpoint.word("second") + ChatEndpoint.stop
        // The rest comes only when the first piece has been handed over.
        try await ChatEndpoint.run(
            { _, _ in .stream([.send(ChatEndpoint.word("first")), .wait(gate), .send(rest)]) }, firstPieceOpens: gate
        ) { endpoint in
            try await endpoint.ask()
            #expect(endpoint.heard.pieces == ["first", "second"])
        }
    }

    @Test("that does not stream, or says nothing, is understood")
    func otherAnswers() async throws {
        let whole = #"{"choices":[{"message":{"content":"All at once"},"finish_reason":"stop"}]}"#
        try await ChatEndpoint.run { _, index in
            index == 0 ? .json(200, whole) : .events(ChatEndpoint.role + ChatEndpoint.stop + ChatEndpoint.done)
        } body: { endpoint in
            let atOnce = try await endpoint.ask()
            #expect(atOnce.reason == .stop && endpoint.heard.pieces == ["All at once"])
            let silent = try await endpoint.ask()
            #expect(silent.reason == .stop && endpoint.heard.pieces == ["All at once"])
        }
    }

    @Test("that refuses a parameter is asked once more without it, and from then on")
    func dialect() async throws {
        try await ChatEndpoint.run { request, _ in
            if request.text.contains(#""max_tokens""#) {
                return .json(
                    400,
                    Self.unsupported(
                        "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."))
            }
            if request.text.contains("temperature") {
                return .json(
                    400,
                    Self.unsupported(
                        "'temperature' does not support 0 with this model. Only the default (1) value is supported."))
            }
            if request.text.contains("stream_options") {
                return .json(
                    422,
                    #"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#
                )
            }
            return .events(ChatEndpoint.hello)
        } body: { endpoint in
            try await endpoint.ask()
            #expect(endpoint.server.requests.count == 4)
            try await endpoint.ask()
            #expect(endpoint.server.requests.count == 5)
            #expect(endpoint.server.requests.last?.text.contains(#""max_completion_tokens":50"#) == true)
            #expect(endpoint.heard.text == "HelloHello")
            #expect(endpoint.clock.waits.isEmpty)
        }
    }

    @Test("that refuses the value of a parameter is not asked again")
    func refusedValue() async throws {
        try await ChatEndpoint.run { _, _ in
            .json(
                400,
                #"{"error":{"message":"max_tokens is too large: 50. This model supports at most 16.","param":"max_tokens"}}"#
            )
        } body: { endpoint in
            await endpoint.expectFailure(.refused)
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test("answers many at once, and keeps its connections")
    func connections() async throws {
        try await ChatEndpoint.run { _, _ in
            .events(ChatEndpoint.hello)
        } body: { endpoint in
            for _ in 0..<5 { try await endpoint.ask() }
            #expect(endpoint.server.connections == 1)
            try await withThrowingTaskGroup(of: ChatEnd.self) { group in
                for _ in 0..<40 { group.addTask { try await endpoint.ask() } }
                for try await end in group { #expect(end.reason == .stop) }
            }
            #expect(endpoint.heard.pieces.count == 45)
        }
    }

    @Test("that closes a kept connection just when a question comes is asked again at once")
    func staleConnection() async throws {
        try await ChatEndpoint.run { _, index in
            index == 1 ? .hangUp : .events(ChatEndpoint.hello)
        } body: { endpoint in
            try await endpoint.ask()
            try await endpoint.ask()
            #expect(endpoint.heard.text == "HelloHello")
            #expect(endpoint.server.connections == 2)
            #expect(endpoint.clock.waits.isEmpty)
        }
    }

    @Test("is not asked after it was closed, and never shows its key")
    func closed() async throws {
        try await ChatEndpoint.run { _, _ in
            .events(ChatEndpoint.hello)
        } body: { endpoint in
            var dumped = ""
            dump(endpoint.model, to: &dumped)
            #expect(!dumped.contains("very-secret") && !"\(endpoint.model)".contains("very-secret"))
            await endpoint.model.close()
            await endpoint.expectFailure(.closed)
            #expect(endpoint.server.requests.isEmpty)
        }
    }

    private static func unsupported(_ message: String) -> String {
        #"{"error":{"message":"Unsupported parameter: \#(message)","type":"invalid_request_error"}}"#
    }
}
