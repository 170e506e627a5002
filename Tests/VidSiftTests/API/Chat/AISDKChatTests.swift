import AsyncHTTPClient
import Database
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("Chats of the AI SDK's clients", .timeLimit(.minutes(2)))
struct AISDKChatTests {
    private static func body(_ text: String, chat: String) -> String {
        """
        {"id":"\(chat)","messages":[{"role":"assistant","parts":[]},\
        {"role":"user","parts":[{"type":"text","text":"\(text)"}]}]}
        """
    }

    @Test("a chat that is called by a session's id goes on with the session", arguments: TestEngine.allCases)
    func session(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            try await server.add(Samples.tides, as: "tides.en.vtt")
            let made = try await server.post("/api/chat/sessions", #"{"videoId":"tides"}"#).json()
            let session = try #require((made["session"] as? [String: Any])?["id"] as? String)

            let answer = try await server.post(
                "/api/chat?format=ai-sdk", Self.body("When is high water?", chat: session))

            let stream = try UIMessageStream(answer.text)
            let data = try #require(stream.all("data-session").first?["data"] as? [String: Any])
            #expect(data["sessionId"] as? String == session)
            let coverage = try #require(stream.all("data-coverage").first?["data"] as? [String: Any])
            #expect(coverage["videosInScope"] as? Int == 1)
            let messages = try await server.get("/api/chat/sessions/\(session)/messages").list("messages")
            #expect(messages.map { $0["role"] as? String } == ["user", "assistant"])
        }
    }

    @Test(
        "a chat of any other name is a new session each time", arguments: ["Xyz123", SessionID().description, ""],
        TestEngine.allCases)
    func otherNames(chat: String, engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for _ in 0..<2 {
                let answer = try await server.post("/api/chat?format=ai-sdk", Self.body("Why?", chat: chat))
                #expect(try UIMessageStream(answer.text).types.last == "finish")
            }
            #expect(try await server.get("/api/chat-sessions/recent").list("sessions").count == 2)
            let resumed = try await server.get("/api/chat/\(chat.isEmpty ? "%20" : chat)/stream")
            #expect(resumed.status == 204 && resumed.body.readableBytes == 0)
        }
    }

    @Test("the answer that is being made is read from its beginning, to its end", arguments: TestEngine.allCases)
    func resume(engine: TestEngine) async throws {
        let gate = OneGate()
        let produce: RunHost.Produce = { run, emit in
            try await emit(.session(run.session, run: run.id, question: run.question))
            for numbered in SampleAnswer.events.dropFirst().prefix(3) { try await emit(numbered.event) }
            await gate.wait()
            for numbered in SampleAnswer.events.dropFirst(4) { try await emit(numbered.event) }
        }
        try await TestServer.run(engine: engine, making: produce) { server in
            let made = try await server.post("/api/chat/sessions", "{}").json()
            let session = try #require((made["session"] as? [String: Any])?["id"] as? String)
            let path = "/api/chat/\(session)/stream"
            #expect(try await server.get(path).status == 204)

            async let asked = server.post("/api/chat?format=ai-sdk", Self.body("Why?", chat: session))
            try await eventually("the answer has begun") {
                guard let id = SessionID(session) else { return false }
                return try await RunRecord.running(in: id, owner: "owner", on: server.components.database) != nil
            }
            let request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            gate.open()
            let resumed = String(buffer: try await response.body.collect(upTo: 1 << 20))

            #expect(response.status == .ok)
            #expect(response.headers.first(name: "x-vercel-ai-ui-message-stream") == "v1")
            #expect(try await asked.text == resumed)
            #expect(try UIMessageStream(resumed).text == SampleAnswer.text)
            #expect(try await server.get(path).status == 204)
        }
    }

    @Test("somebody else's session is no chat of one's own", arguments: TestEngine.allCases)
    func foreign(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let database = server.components.database
            let session = try await ChatSession.create(owner: "another", scope: .everything, title: "His", on: database)
            try await database.execute(
                RunRecord.beginning(
                    RunID(), in: session, owner: "another", question: "Why?", by: server.components.ask.holder))

            #expect(try await server.get("/api/chat/\(session)/stream").status == 204)
            let answer = try await server.post("/api/chat?format=ai-sdk", Self.body("Why?", chat: session.description))
            let data = try UIMessageStream(answer.text).all("data-session").first?["data"] as? [String: Any]
            #expect(data?["sessionId"] as? String != session.description)
        }
    }
}

/// Lets those who wait go once it is open.
private final class OneGate: Sendable {
    private let (openings, opening) = AsyncStream.makeStream(of: Void.self)

    func open() { opening.finish() }

    func wait() async { for await _ in openings {} }
}
