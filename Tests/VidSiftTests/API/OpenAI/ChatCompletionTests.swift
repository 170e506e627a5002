import Foundation
import NIOCore
import NIOHTTP1
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("OpenAI's protocol", .timeLimit(.minutes(3)))
struct ChatCompletionTests {
    private static let user = #"{"role":"user","content":"Why does rye bread stay low?"}"#

    private static func body(_ more: String = "", model: String = "vidsift") -> String {
        #"{"model":"\#(model)","messages":[\#(user)]\#(more)}"#
    }

    private static let wrong: [(body: String, status: Int, code: String, parameter: String?, names: String)] = [
        ("", 400, "invalid_request", nil, "JSON"),
        ("[]", 400, "invalid_request", nil, "the body"),
        (#"{"messages":[\#(user)]}"#, 400, "invalid_request", nil, "model is missing"),
        (#"{"model":7,"messages":[\#(user)]}"#, 400, "invalid_request", nil, "model: expected text"),
        (#"{"model":"vidsift"}"#, 400, "invalid_request", nil, "messages is missing"),
        (#"{"model":"vidsift","messages":[]}"#, 400, "invalid_request", nil, "messages: expected 1 to 40"),
        (
            #"{"model":"vidsift","messages":[{"role":"system","content":"Obey."}]}"#, 400, "invalid_request", nil,
            "messages: expected 1 to 40, found 0"
        ),
        (
            #"{"model":"vidsift","messages":[\#(user),{"role":"system","content":"Obey."},{"role":"tool"}]}"#, 400,
            "invalid_request", nil, "messages.[2].role"
        ),
        (
            #"{"model":"vidsift","messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, 400,
            "invalid_request", nil, "messages.[0].content.[0].type"
        ),
        (#"{"model":"vidsift","messages":[{"role":"user"}]}"#, 400, "invalid_request", nil, "messages.[0]"),
        (body(#","n":2"#), 400, "invalid_request", "n", "n: expected 1"),
        (body(#","stream":"yes""#), 400, "invalid_request", nil, "stream: expected true or false"),
        (body(#","stream_options":[]"#), 400, "invalid_request", nil, "stream_options: expected an object"),
        (body(model: "gpt-4o"), 404, "model_not_found", "model", "gpt-4o"),
        (body(model: "video:nothing"), 404, "model_not_found", "model", "nothing"),
        (body(model: "channel:nothing"), 404, "model_not_found", "model", "nothing"),
    ]

    @Test("what is wrong with a request is said in OpenAI's form, streamed or not", arguments: TestEngine.allCases)
    func wrongBodies(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for (body, status, code, parameter, names) in Self.wrong {
                let streamed = body.replacing(#"{"model""#, with: #"{"stream":true,"model""#)
                // A field that is there twice counts once.
                for body in body.contains(#""stream""#) ? [body] : [body, streamed] {
                    let answer = try await server.post("/v1/chat/completions", body)
                    let error = try answer.expectOpenAIError(status, code)
                    #expect(error["param"] as? String == parameter, "\(body)")
                    #expect((error["message"] as? String)?.contains(names) == true, "\(error)")
                }
            }
            #expect(try await server.get("/api/chat-sessions/recent").list("sessions").isEmpty)
        }
    }

    @Test("so is every other failure under /v1", arguments: TestEngine.allCases)
    func otherFailures(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.get("/v1/files").expectOpenAIError(404, "not_found")
            let other = try await server.get("/v1/chat/completions")
            try other.expectOpenAIError(405, "invalid_request")
            #expect(other.headers.first(name: "allow") == "POST")
            let large = String(repeating: " ", count: 2 << 20)
            try await server.post("/v1/chat/completions", large).expectOpenAIError(413, "payload_too_large")
            try await server.get("/v1/models", headers: [("origin", "https://example.org")])
                .expectOpenAIError(403, "forbidden")
            try await server.get("/v1x").expectProblem(404, "not_found")
        }
    }

    @Test("an answer that fails is a failure of the server, streamed or not", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        struct Defect: Error {}
        let produce: RunHost.Produce = { run, emit in
            try await emit(.session(run.session, run: run.id, question: run.question))
            throw Defect()
        }
        try await TestServer.run(engine: engine, making: produce) { server in
            let whole = try await server.post("/v1/chat/completions", Self.body())
            let error = try whole.expectOpenAIError(500, "internal", type: "server_error")
            #expect((error["message"] as? String)?.contains("Defect") == false)
            #expect(whole.headers.first(name: "connection") == "close")
            let plain = try await server.post("/api/chat", #"{"messages":[\#(Self.user)]}"#)
            try plain.expectProblem(500, "internal")
            #expect(plain.headers.first(name: "connection") == "close")

            let stream = try await server.post("/v1/chat/completions", Self.body(#","stream":true"#))
            #expect(stream.status == 200)
            #expect(stream.text.hasSuffix("\n\ndata: [DONE]\n\n"))
            #expect(stream.text.contains(#"data: {"error":{"message":"#))
        }
    }

    @Test("what was counted is told", arguments: TestEngine.allCases)
    func usage(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine, making: SampleAnswer.make) { server in
            let whole = try await server.post("/v1/chat/completions", Self.body()).json()
            let usage = ["prompt_tokens": 70, "completion_tokens": 9, "total_tokens": 79]
            #expect(whole["usage"] as? [String: Int] == usage)
            let choice = try #require((whole["choices"] as? [[String: Any]])?.first)
            let message = try #require(choice["message"] as? [String: Any])
            #expect(message["content"] as? String == SampleAnswer.text)
            #expect((message["annotations"] as? [Any])?.count == 2)
        }
    }

    @Test("an answer that was cut off for its length says so, streamed or not", arguments: TestEngine.allCases)
    func length(engine: TestEngine) async throws {
        let produce: RunHost.Produce = { run, emit in
            try await emit(.session(run.session, run: run.id, question: run.question))
            try await emit(.content("Rye bread stays"))
            try await emit(.done(.init(citations: [], timings: .init(), finish: .length)))
        }
        try await TestServer.run(engine: engine, making: produce) { server in
            let whole = try await server.post("/v1/chat/completions", Self.body()).json()
            let choice = try #require((whole["choices"] as? [[String: Any]])?.first)
            #expect(choice["finish_reason"] as? String == "length")
            let stream = try await server.post("/v1/chat/completions", Self.body(#","stream":true"#))
            #expect(stream.text.contains(#""finish_reason":"length""#))
        }
    }

    @Test("models are everything, channels and searchable videos", arguments: TestEngine.allCases)
    func models(engine: TestEngine) async throws {
        // Nobody works here, so what waits goes on waiting.
        try await TestServer.run(engine: engine, making: SampleAnswer.make) { server in
            let bread = try await server.add(Samples.bread, as: "bread.en.vtt", channel: "Baking")
            let pending = try await server.library.accept(Samples.tides, named: "tides.en.vtt").videoID
            let channels = try await server.get("/api/channels").list("channels").compactMap { $0["id"] as? String }

            let answer = try await server.get("/v1/models").json()

            #expect(answer["object"] as? String == "list")
            let models = try #require(answer["data"] as? [[String: Any]])
            let listed = models.compactMap { $0["id"] as? String }
            #expect(listed == ["vidsift"] + channels.map { "channel:\($0)" } + ["video:\(bread)"])
            #expect(!listed.contains("video:\(pending)"))
            #expect(models.allSatisfy { Set($0.keys) == ["id", "object", "created", "owned_by", "name"] })
            #expect(models.allSatisfy { $0["created"] is Int && $0["object"] as? String == "model" })
        }
    }
}

extension Answer {
    /// Checks that this is a failure in OpenAI's form, and gives it.
    @discardableResult
    func expectOpenAIError(
        _ status: Int, _ code: String, type: String = "invalid_request_error",
        _ location: SourceLocation = #_sourceLocation
    ) throws -> [String: Any] {
        #expect(self.status == status, "\(text)", sourceLocation: location)
        #expect(headers.first(name: "content-type") == "application/json", sourceLocation: location)
        let body = try json(location)
        #expect(Set(body.keys) == ["error"], sourceLocation: location)
        let error = try #require(body["error"] as? [String: Any], sourceLocation: location)
        #expect(Set(error.keys) == ["message", "type", "param", "code"], sourceLocation: location)
        #expect(error["type"] as? String == type, "\(text)", sourceLocation: location)
        #expect(error["code"] as? String == code, "\(text)", sourceLocation: location)
        #expect(headers.first(name: "x-request-id")?.isEmpty == false, sourceLocation: location)
        return error
    }
}
