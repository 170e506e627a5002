import Foundation
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Videos, channels and transcripts", .timeLimit(.minutes(2)))
struct LibraryTests {
    @Test("lists come in pages that end", arguments: TestEngine.allCases)
    func pages(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for name in ["a", "b", "c"] {
                try await server.add(
                    Samples.bread + "\n\n00:05:00.000 --> 00:05:02.000\n\(name)\n", as: name + ".vtt", channel: "All")
            }
            for path in ["/api/videos", "/api/channels/All/videos"] {
                var names: [String] = []
                var cursor: String?
                repeat {
                    let page = try await server.get(path + "?limit=2" + (cursor.map { "&cursor=\($0)" } ?? ""))
                    names += try page.list("videos").compactMap { $0["title"] as? String }
                    cursor = try page.json()["cursor"] as? String
                } while cursor != nil
                #expect(names == ["a", "b", "c"])
            }
            let channels = try await server.get("/api/channels").list("channels")
            #expect(channels.map { $0["title"] as? String } == ["All"])
            #expect(channels[0]["videos"] as? Int == 3)
        }
    }

    @Test(
        "wrong parameters are refused by name",
        arguments: [
            ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=", "limit"),
            ("limit=1&limit=2", "limit: expected once"), ("limit=1e1", "limit"), ("cursor=x", "cursor"),
            ("limit=%FF", "percent"),
        ])
    func wrongParameters(query: String, name: String) async throws {
        try await TestServer.run { server in
            for path in ["/api/videos", "/api/channels"] {
                try await server.get("\(path)?\(query)").expectProblem(400, "invalid_request", naming: name)
            }
        }
    }

    @Test(
        "a video is known by our id in any case, its YouTube id and its short name, percent-encoded or not",
        arguments: TestEngine.allCases)
    func ids(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let id = try await server.add(Samples.bread, as: "Rye talk [dQw4w9WgXcQ].en.vtt").description
            let other = try await server.add(Samples.tides, as: "Ebbe & Flut.vtt").description
            for name in [id, id.uppercased(), "dQw4w9WgXcQ", "%64Qw4w9WgXcQ"] {
                let video = try await server.get("/api/videos/\(name)").json()["video"] as? [String: Any]
                #expect(video?["id"] as? String == id)
                #expect(video?["youtubeId"] as? String == "dQw4w9WgXcQ")
                #expect(video?["duration"] as? Double == 136)
            }
            let video = try await server.get("/api/videos/Ebbe%20%26%20Flut").json()["video"] as? [String: Any]
            #expect(video?["id"] as? String == other)
            #expect(video?["youtubeId"] is NSNull)
        }
    }

    @Test(
        "unknown, odd and very long ids are not found",
        arguments: ["nothing", "%00", "%2e%2e", "%E4", "%", "'%20OR%201=1--"], TestEngine.allCases)
    func unknown(id: String, engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for (method, path) in Self.named(id) {
                try await server.raw("\(method) \(path)").expectProblem(404, "not_found")
            }
        }
    }

    @Test("very long ids are not found either", arguments: TestEngine.allCases)
    func longID(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for (method, path) in Self.named(String(repeating: "x", count: 40_000)) {
                try await server.raw("\(method) \(path)").expectProblem(404, "not_found")
            }
        }
    }

    private static func named(_ id: String) -> [(String, String)] {
        [
            ("GET", "/api/videos/\(id)"), ("DELETE", "/api/videos/\(id)"), ("GET", "/api/videos/\(id)/transcript"),
            ("GET", "/api/channels/\(id)/videos"), ("DELETE", "/api/channels/\(id)"),
            ("DELETE", "/api/chat/sessions/\(id)"), ("GET", "/api/chat/sessions/\(id)/messages"),
            ("GET", "/videos/\(id)"),
        ]
    }

    @Test("a transcript is given in each form, and each form can be read again", arguments: TestEngine.allCases)
    func transcripts(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let json = try await server.get("/api/videos/bread/transcript")
            let cues = try json.list("cues")
            #expect(cues.count == 4)
            #expect(cues[0]["start"] as? Double == 83.2)
            #expect(cues[0]["text"] as? String == "Rye bread stays low because its dough has hardly any gluten.")
            #expect(try json.json()["language"] as? String == "en")
            let types = ["txt": "text/plain", "vtt": "text/vtt", "srt": "application/x-subrip"]
            for (form, type) in types {
                let answer = try await server.get("/api/videos/bread/transcript?format=\(form)")
                #expect(answer.headers.first(name: "content-type")?.hasPrefix(type) == true)
                let file = "again-\(form).\(form)"
                try await server.add(answer.text, as: file)
                let again = try await server.get("/api/videos/again-\(form)/transcript").list("cues")
                #expect(again.map { $0["text"] as? String } == cues.map { $0["text"] as? String })
            }
            try await server.get("/api/videos/bread/transcript?format=pdf")
                .expectProblem(400, "invalid_request", naming: "json, txt, vtt, srt")
        }
    }

    @Test(
        "what is removed is gone from lists, search and transcripts; a channel goes with its videos",
        arguments: TestEngine.allCases)
    func removal(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            try await server.add(Samples.tides, as: "tides.en.vtt", channel: "Harbour")
            #expect(try await server.get("/api/search?q=gluten").list("hits").count == 1)

            #expect(try await server.send(.DELETE, "/api/videos/bread").status == 200)
            #expect(try await server.send(.DELETE, "/api/channels/Harbour").status == 200)

            #expect(try await server.get("/api/search?q=gluten").list("hits").isEmpty)
            #expect(try await server.get("/api/search?q=moon").list("hits").isEmpty)
            #expect(try await server.get("/api/videos").list("videos").isEmpty)
            #expect(try await server.get("/api/channels").list("channels").isEmpty)
            try await server.get("/api/videos/tides/transcript").expectProblem(404, "not_found")
            try await server.send(.DELETE, "/api/videos/bread").expectProblem(404, "not_found")
        }
    }
}
