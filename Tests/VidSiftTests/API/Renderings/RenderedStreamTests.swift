import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Answers as the AI SDK's clients read them", .timeLimit(.minutes(3)))
struct RenderedStreamTests {
    private static let question = """
        {"id":"chat-1","trigger":"submit-message","messages":[{"id":"m","role":"user","parts":\
        [{"type":"text","text":"Why does rye bread stay low?"}]}]}
        """

    @Test(
        "the stream is asked for by the query or by a header, at each address that answers",
        arguments: TestEngine.allCases)
    func asking(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let header = ("x-stream-format", "ai-sdk")
            for (path, headers) in [
                ("/api/chat/stream?format=ai-sdk", []), ("/api/chat/stream", [header]), ("/api/chat", [header]),
                ("/api/chat?format=ai-sdk", [("X-Stream-Format", "native")]),
            ] {
                let answer = try await server.send(
                    .POST, path, headers: headers, body: ByteBuffer(string: Self.question))

                #expect(answer.status == 200)
                #expect(answer.headers.first(name: "x-vercel-ai-ui-message-stream") == "v1")
                #expect(answer.headers.first(name: "content-type") == "text/event-stream")
                let stream = try UIMessageStream(answer.text)
                #expect(stream.text.contains("hardly any gluten") && stream.text.contains("[1:23]"))
                #expect(stream.types.last == "finish")
                #expect(stream.all("source-url").count == stream.all("data-citation").count)
                #expect(stream.all("data-citation").count >= 1)
            }
        }
    }

    @Test("it says what the native stream of the same run says", arguments: TestEngine.allCases)
    func same(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let whole = try await server.post("/api/chat", Self.question).json()
            let run = try #require(whole["runId"] as? String)

            let native = try await server.get("/api/chat/runs/\(run)/stream").events()
            let rendered = try UIMessageStream(try await server.get("/api/chat/runs/\(run)/stream?format=ai-sdk").text)

            #expect(rendered.text == native.compactMap { $0["content"] as? String }.joined())
            #expect(rendered.text == whole["response"] as? String)
            #expect(rendered.parts[0]["messageId"] as? String == run)
            let urls = native.filter { $0["type"] as? String == "citation" }.map { $0["url"] as? String }
            #expect(rendered.all("source-url").map { $0["url"] as? String } == urls)
        }
    }

    @Test("who goes on after an event reads exactly the rest of the stream", arguments: TestEngine.allCases)
    func rest(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine, making: SampleAnswer.make) { server in
            let run = try #require(try await server.post("/api/chat", Self.question).json()["runId"] as? String)
            for format in ["native", "ai-sdk"] {
                let path = "/api/chat/runs/\(run)/stream?format=\(format)"
                let whole = try await server.get(path).text
                var last = whole
                let count = try await server.get("/api/chat/runs/\(run)/stream").events().count
                for number in 0...count {
                    let rest = try await server.get(path + "&after=\(number)").text
                    #expect(whole.hasSuffix(rest) && rest.utf8.count <= last.utf8.count)
                    #expect(number > 0 || rest == whole)
                    last = rest
                }
                #expect(last == (format == "native" ? "" : "data: [DONE]\n\n"))
            }
        }
    }

    @Test(
        "a browser's EventSource that is cut off anywhere reads each event once, in order",
        arguments: TestEngine.allCases)
    func eventSource(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine, making: SampleAnswer.make) { server in
            let run = try #require(try await server.post("/api/chat", Self.question).json()["runId"] as? String)
            let path = "/api/chat/runs/\(run)/stream"
            let whole = try await server.get(path).body
            var uncut = EventSource()
            uncut.read(whole.readableBytesView)
            // Pieces of text that come together are one event.
            #expect((7...SampleAnswer.events.count).contains(uncut.data.count))
            #expect(uncut.lastEventID == "\(uncut.data.count)")
            for cut in stride(from: 0, through: whole.readableBytes, by: 37) {
                var reader = EventSource()
                reader.read(whole.readableBytesView.prefix(cut))
                let headers = reader.lastEventID.isEmpty ? [] : [("last-event-id", reader.lastEventID)]
                reader.read(try await server.get(path, headers: headers).body.readableBytesView)
                #expect(reader.data == uncut.data, "cut at \(cut)")
            }
        }
    }

    @Test("an answer that fails ends with an error that the clients know", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        struct Defect: Error {}
        let produce: RunHost.Produce = { run, emit in
            try await emit(.session(run.session, run: run.id, question: run.question))
            try await emit(.content("Rye"))
            throw Defect()
        }
        try await TestServer.run(engine: engine, making: produce) { server in
            let answer = try await server.post("/api/chat/stream?format=ai-sdk", Self.question)

            let stream = try UIMessageStream(answer.text)
            #expect(stream.types == ["start", "data-session", "text-start", "text-delta", "text-end", "error"])
            #expect((stream.parts.last?["errorText"] as? String)?.contains("Defect") == false)
        }
    }

    @Test(
        "another form is refused, by name, before anything is stored",
        arguments: [
            ("?format=sse", nil), ("?format=", nil), ("?format=AI-SDK", nil), ("?format=ai-sdk&format=native", nil),
            ("", "xml"), ("", ""),
        ] as [(String, String?)], TestEngine.allCases)
    func unknown(asked: (query: String, header: String?), engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let headers = asked.header.map { [("x-stream-format", $0)] } ?? []
            for path in ["/api/chat", "/api/chat/stream"] {
                let answer = try await server.send(
                    .POST, path + asked.query, headers: headers, body: ByteBuffer(string: Self.question))
                let name = asked.header == nil ? "format" : "X-Stream-Format"
                try answer.expectProblem(400, "invalid_request", naming: name)
            }
            #expect(try await server.get("/api/chat-sessions/recent").list("sessions").isEmpty)
        }
    }
}
