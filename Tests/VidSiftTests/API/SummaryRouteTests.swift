import Database
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Summaries of videos", .timeLimit(.minutes(2)))
struct SummaryRouteTests {
    @Test("a video's summary has its chapters with their links", arguments: TestEngine.allCases)
    func summary(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let id = try await server.add(Samples.bread, as: "Rye [dQw4w9WgXcQ].en.vtt")
            let answer = try await server.get("/api/videos/dQw4w9WgXcQ/summary")
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["success"] as? Bool == true && json["videoId"] as? String == id.description)
            #expect((json["summary"] as? String)?.contains("gluten") == true)
            let chapter = try #require(try answer.list("chapters").first)
            #expect(chapter["start"] as? Double == 83.2 && chapter["timestamp"] as? String == "1:23")
            #expect(chapter["url"] as? String == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=82s")
            #expect((chapter["title"] as? String)?.isEmpty == false)
        }
    }

    @Test("an unknown video is not found, one that waits is not ready", arguments: TestEngine.allCases)
    func refusals(engine: TestEngine) async throws {
        try await TestServer.run(
            engine: engine, services: { try Array(buildServices($0, working: false, onListening: $1)) }
        ) {
            server in
            try await server.get("/api/videos/nothing/summary").expectProblem(404, "not_found")
            _ = try await server.library.accept(Samples.bread, named: "bread.vtt")
            let waiting = try await server.get("/api/videos/bread/summary")
            try waiting.expectProblem(409, "not_ready", naming: "being indexed")
            #expect(waiting.headers.first(name: "retry-after") != nil)
        }
    }
}
