import Foundation
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Conversations", .timeLimit(.minutes(2)))
struct ConversationTests {
    @Test("questions and answers are kept in order, with citations, and found again", arguments: TestEngine.allCases)
    func messages(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let asked = try await server.ask("Why does rye bread stay low?", path: "/api/chat").json()
            let session = try #require(asked["sessionId"] as? String)

            let messages = try await server.get("/api/chat/sessions/\(session)/messages").list("messages")

            #expect(messages.map { $0["role"] as? String } == ["user", "assistant"])
            #expect(messages.allSatisfy { $0["runId"] as? String == asked["runId"] as? String })
            #expect(messages[0]["content"] as? String == "Why does rye bread stay low?")
            #expect(messages[1]["content"] as? String == asked["response"] as? String)
            #expect((messages[1]["citations"] as? [[String: Any]])?.isEmpty == false)
            #expect(messages[1]["state"] as? String == "complete")
            let created = try #require(messages[0]["createdAt"] as? String)
            #expect(try Date(created, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) <= Date())
            let paged = try await server.get("/api/chat/sessions/\(session)/messages?limit=1&offset=1").list("messages")
            #expect(paged.map { $0["role"] as? String } == ["assistant"])
            let recent = try await server.get("/api/chat-sessions/recent").list("sessions")
            #expect(recent.map { $0["id"] as? String } == [session])
            #expect(recent[0]["title"] as? String == "Why does rye bread stay low?")
        }
    }

    @Test(
        "one is begun about a video or a channel, by any id, and removed with its messages",
        arguments: TestEngine.allCases)
    func lifetime(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let video = try await server.add(Samples.bread, as: "Rye [dQw4w9WgXcQ].en.vtt")
            let made = try await server.post("/api/chat/sessions", #"{"videoId":"dQw4w9WgXcQ","title":"Rye"}"#)
            let session = try #require(try made.json()["session"] as? [String: Any])
            #expect(session["videoId"] as? String == video.description)
            #expect(session["youtubeId"] as? String == "dQw4w9WgXcQ")
            #expect(session["title"] as? String == "Rye")
            let path = "/api/chat/sessions/\(try #require(session["id"] as? String))"
            #expect(try await server.get(path + "/messages").list("messages").isEmpty)

            #expect(try await server.send(.DELETE, path).json()["success"] as? Bool == true)

            try await server.send(.DELETE, path).expectProblem(404, "not_found")
            try await server.get(path + "/messages").expectProblem(404, "not_found")
        }
    }

    @Test(
        "it says what it is about, and does not answer from other videos once that was deleted",
        arguments: TestEngine.allCases)
    func deletedSubject(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let bread = try await server.add(Samples.bread, as: "bread.en.vtt").description
            let tides = try await server.add(Samples.tides, as: "tides.en.vtt").description
            let question = "Why does rye bread stay low?"
            let one = try await server.ask(question, about: #","videoId":"tides""#, path: "/api/chat").json()
            _ = try await server.ask(question, about: #","videoIds":["bread","tides"]"#, path: "/api/chat").json()
            var sessions = try await server.get("/api/chat-sessions/recent").list("sessions")
            #expect(sessions.map { $0["videoId"] as? String } == [nil, tides])
            #expect(sessions.map { $0["videoIds"] as? [String] } == [[bread, tides], nil])

            #expect(try await server.send(.DELETE, "/api/videos/tides").status == 200)

            sessions = try await server.get("/api/chat-sessions/recent").list("sessions")
            #expect(sessions.map { $0["videoId"] as? String } == [nil, nil])
            #expect(sessions[0]["videoIds"] as? [String] == [bread, tides])
            let session = try #require(one["sessionId"] as? String)
            let after = try await server.ask(question, about: #","sessionId":"\#(session)""#, path: "/api/chat").json()
            #expect(after["answered"] as? Bool == false)
            #expect(after["reason"] as? String == "no_transcript")
            #expect((after["citations"] as? [Any])?.isEmpty == true)
        }
    }

    @Test("what is wrong is said", arguments: TestEngine.allCases)
    func wrong(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.post("/api/chat/sessions", #"{"videoId":"nothing"}"#).expectProblem(404, "not_found")
            try await server.post("/api/chat/sessions", #"{"channelId":"nothing"}"#).expectProblem(404, "not_found")
            try await server.post("/api/chat/sessions", #"{"title":{}}"#)
                .expectProblem(400, "invalid_request", naming: "title: expected text")
            try await server.post("/api/chat/sessions", #"{"videoId":"a","channelId":"b"}"#)
                .expectProblem(400, "invalid_request", naming: "one of")
            try await server.get("/api/chat/sessions/none/messages").expectProblem(404, "not_found")
            try await server.get("/api/chat-sessions/recent?limit=0")
                .expectProblem(400, "invalid_request", naming: "limit: expected a whole number from 1 to 100")
            let session = try await server.newSession()
            for offset in ["-1", "a", "9223372036854775808"] {
                try await server.get("/api/chat/sessions/\(session)/messages?offset=\(offset)")
                    .expectProblem(400, "invalid_request", naming: "offset")
            }
        }
    }
}
