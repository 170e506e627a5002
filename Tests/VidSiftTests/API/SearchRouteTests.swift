import TestDatabases
import Testing

@testable import VidSift

@Suite("Searching over HTTP", .timeLimit(.minutes(2)))
struct SearchRouteTests {
    @Test("a hit says where, and marks the words in escaped HTML", arguments: TestEngine.allCases)
    func hit(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let id = try await server.add(
                "WEBVTT\n\n00:01:02.000 --> 00:01:05.000\nLess <b>gluten</b> &amp; more &lt;rye&gt; flour.\n",
                as: "rye.vtt")

            let answer = try await server.get("/api/search?q=gluten+flour&videoId=rye")

            let hit = try #require(try answer.list("hits").first)
            #expect(hit["videoId"] as? String == id.description)
            #expect(hit["videoTitle"] as? String == "rye")
            #expect(hit["text"] as? String == "Less gluten & more <rye> flour.")
            #expect(hit["marked"] as? String == "Less <mark>gluten</mark> &amp; more &lt;rye&gt; <mark>flour</mark>.")
            #expect(hit["start"] as? Double == 62 && hit["end"] as? Double == 65)
            #expect(hit["timestamp"] as? String == "1:02")
            #expect((hit["url"] as? String)?.hasSuffix("/videos/\(id)?t=61") == true)
            #expect(hit["score"] is Double)
            #expect(try answer.json()["mode"] as? String == "keyword", "there is no model: words alone")
            #expect((try answer.json()["coverage"] as? [String: Any])?["videosSearched"] as? Int == 1)
        }
    }

    @Test(
        "wrong parameters are refused by name",
        arguments: [
            ("", "q is missing"), ("q=", "q"), ("q=%20", "q"), ("q=!?", "q"), ("q=a&q=b", "q: expected once"),
            ("q=a&limit=1000", "limit"), ("q=a&mode=magic", "mode: expected one of hybrid"),
            ("q=a&videoId=a&channelId=b", "one of"), ("q=%C3%28", "percent"),
        ])
    func wrong(query: String, name: String) async throws {
        try await TestServer.run { server in
            try await server.get("/api/search?\(query)").expectProblem(400, "invalid_request", naming: name)
        }
    }

    @Test(
        "unknown ids are not found; search by meaning without a model says why it is not possible",
        arguments: TestEngine.allCases)
    func unable(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.get("/api/search?q=a&videoId=x").expectProblem(404, "not_found", naming: "x")
            try await server.get("/api/search?q=a&channelId=x").expectProblem(404, "not_found", naming: "x")
            try await server.get("/api/search?q=a&mode=semantic").expectProblem(503, "not_ready", naming: "model")
        }
    }
}
