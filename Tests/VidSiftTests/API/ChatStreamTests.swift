import Foundation
import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("The stream of an answer", .timeLimit(.minutes(2)))
struct ChatStreamTests {
    @Test(
        "it is session, sources, content and citations, done, each with a number of its own",
        arguments: TestEngine.allCases)
    func events(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let video = try await server.add(Samples.bread, as: "bread.en.vtt")

            let answer = try await server.ask("Why does rye bread stay low?", about: #","videoId":"bread""#)

            #expect(answer.status == 200)
            #expect(answer.headers.first(name: "content-type") == "text/event-stream")
            #expect(answer.headers.first(name: "cache-control") == "no-cache")
            #expect(answer.headers.first(name: "x-accel-buffering") == "no")
            let events = try answer.events()
            let types = events.compactMap { $0["type"] as? String }
            #expect(types.prefix(2) == ["session", "sources"])
            #expect(types.last == "done" && types.filter { $0 == "done" }.count == 1)
            #expect(Set(types.dropFirst(2).dropLast()) == ["content", "citation"])
            let ids = answer.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }
            #expect(ids == events.indices.map { "id: \($0 + 1)" })
            let citation = try #require(events.first { $0["type"] as? String == "citation" })
            #expect(citation["videoId"] as? String == video.description)
            #expect(citation["seconds"] as? Int == 83)
            #expect(citation["timestamp"] as? String == "1:23")
            #expect((citation["url"] as? String)?.hasSuffix("/videos/\(video)?t=82") == true)
            #expect(events.last?["answered"] as? Bool == true)
        }
    }

    @Test(
        "a reader that takes only lines beginning `data: ` and knows only content, done and error reads all of it",
        arguments: TestEngine.allCases)
    func naiveReader(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")

            let answer = try await server.ask("Why does rye bread stay low?")

            var text = ""
            var isDone = false
            for line in answer.text.split(separator: "\n") where line.hasPrefix("data: ") {
                let event = try #require(
                    JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any])
                #expect(!isDone)
                #expect(event["error"] == nil)
                if let content = event["content"] as? String { text += content }
                if event["done"] as? Bool == true { isDone = true }
            }
            #expect(isDone)
            #expect(text.contains("hardly any gluten") && text.contains("[1:23]"))
        }
    }

    @Test("a channel is asked by its name", arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt", channel: "Baking")
            try await server.add(Samples.tides, as: "tides.en.vtt")

            let answer = try await server.ask(
                "When is high water?", about: #","channelId":"Baking""#, path: "/api/chat/channel/stream")

            let sources = try #require(try answer.events().first { $0["type"] as? String == "sources" })
            #expect((sources["coverage"] as? [String: Any])?["videosInScope"] as? Int == 1)
            #expect(
                (sources["passages"] as? [[String: Any]])?.allSatisfy { $0["videoTitle"] as? String == "bread" } == true
            )
        }
    }

    @Test("the channel stream wants a channel", arguments: TestEngine.allCases)
    func channelMissing(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.ask("When?", path: "/api/chat/channel/stream")
                .expectProblem(400, "invalid_request", naming: "channelId")
        }
    }

    @Test(
        "a question in another script is answered with what there is, or not, but never with a failure",
        arguments: ["為什麼黑麥麵包很矮？", "Почему ржаной хлеб низкий?", "لماذا خبز الجاودار منخفض؟", "🍞 مرحبا"],
        TestEngine.allCases)
    func otherScript(question: String, engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let events = try await server.ask(question).events()
            #expect(events.last?["type"] as? String == "done")
            #expect(events.last?["answered"] as? Bool == false)
            #expect(events.last?["reason"] is String)
        }
    }

    @Test("without any video the answer says so and names the reason", arguments: TestEngine.allCases)
    func emptyLibrary(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let done = try #require(try await server.ask("Is anybody there?").events().last)
            #expect(done["answered"] as? Bool == false)
            #expect(done["reason"] as? String == "no_transcript")
        }
    }

    @Test("the answer in one piece has the same text, citations and ids", arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")

            let answer = try await server.ask("Why does rye bread stay low?", path: "/api/chat")

            let json = try answer.json()
            #expect(json["success"] as? Bool == true)
            #expect((json["response"] as? String)?.contains("hardly any gluten") == true)
            #expect(json["answered"] as? Bool == true)
            #expect((json["citations"] as? [[String: Any]])?.first?["timestamp"] as? String == "1:23")
            #expect(SessionID(json["sessionId"] as? String ?? "") != nil)
            #expect(RunID(json["runId"] as? String ?? "") != nil)
        }
    }

    @Test("what follows in a session is about what the session is about", arguments: TestEngine.allCases)
    func followUp(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            try await server.add(Samples.tides, as: "tides.en.vtt")
            let first = try await server.ask("Why low?", about: #","videoId":"tides""#).events()
            let session = try #require(first[0]["sessionId"] as? String)

            let second = try await server.ask("And rye bread?", about: #","sessionId":"\#(session)""#).events()

            #expect(second[0]["sessionId"] as? String == session)
            #expect((second[1]["coverage"] as? [String: Any])?["videosInScope"] as? Int == 1)
        }
    }
}
