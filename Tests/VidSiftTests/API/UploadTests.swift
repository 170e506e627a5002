import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Uploading captions", .timeLimit(.minutes(2)))
struct UploadTests {
    @Test(
        "they are accepted, indexed and found; the same again does nothing; a change replaces",
        arguments: TestEngine.allCases)
    func upload(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let first = try await server.upload(Samples.bread, as: "bread.en.vtt")
            #expect(first.status == 202)
            let id = try #require(try first.json()["videoId"] as? String)
            let job = try await Self.job(of: id, on: server)
            #expect(try first.json()["queueId"] as? String == job)
            #expect(try first.json()["youtubeId"] is String == false)
            #expect(try first.json()["alreadyProcessed"] == nil)
            try await server.library.indexAll()
            let video = try #require(try await server.get("/api/videos/\(id)").json()["video"] as? [String: Any])
            #expect(video["state"] as? String == "ready")
            #expect(video["language"] as? String == "en")
            #expect(video["sourceId"] as? String == "bread")
            #expect(video["progress"] == nil)

            let again = try await server.upload(Samples.bread, as: "bread.en.vtt")
            #expect(again.status == 202)
            #expect(try again.json()["alreadyProcessed"] as? Bool == true)
            #expect(try again.json()["videoId"] as? String == id)
            #expect(try again.json()["queueId"] as? String == job, "the job that has made the index")

            let changed = try await server.upload(Samples.tides, as: "bread.en.vtt")
            #expect(try changed.json()["videoId"] as? String == id)
            try await server.library.indexAll()
            let hits = try await server.get("/api/search?q=harmonic+constants").list("hits")
            #expect(hits.first?["videoId"] as? String == id)
            #expect(try await server.get("/api/search?q=gluten").list("hits").isEmpty)
        }
    }

    @Test(
        "two talks whose files have one name are two videos where their titles differ", arguments: TestEngine.allCases)
    func sameFileName(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let name = "captions.en.vtt"
            let bread = try await server.upload(Samples.bread, as: name, fields: [("title", "Bread")]).json()
            let tides = try await server.upload(Samples.tides, as: name, fields: [("title", "Tides")]).json()
            let changed = try await server.upload(
                Samples.tides + "\n\n09:00.000 --> 09:02.000\nThe end.\n", as: name, fields: [("title", "Tides ")]
            ).json()

            #expect(bread["videoId"] as? String != tides["videoId"] as? String)
            #expect(changed["videoId"] as? String == tides["videoId"] as? String)
            #expect(try await server.get("/api/videos").list("videos").count == 2)
        }
    }

    @Test("captions that only wait for their index are not called processed", arguments: TestEngine.allCases)
    func waiting(engine: TestEngine) async throws {
        let withoutWorker: TestServer.MakeServices = { components, onListening in
            try buildServices(components, working: false, onListening: onListening)
        }
        try await TestServer.run(engine: engine, services: withoutWorker) { server in
            let first = try await server.upload(Samples.bread, as: "bread.en.vtt").json()
            let again = try await server.upload(Samples.bread, as: "bread.en.vtt").json()

            #expect(again["videoId"] as? String == first["videoId"] as? String)
            #expect(again["alreadyProcessed"] == nil)
            #expect((again["message"] as? String)?.contains("waiting") == true)

            try await server.library.indexAll()
            let indexed = try await server.upload(Samples.bread, as: "bread.en.vtt").json()
            #expect(indexed["alreadyProcessed"] as? Bool == true)
        }
    }

    @Test(
        "the title, the channel and the language are the form's; the YouTube id is the file name's",
        arguments: TestEngine.allCases)
    func fields(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.tides, as: "tides.en.vtt", channel: "Harbour")
            let answer = try await server.upload(
                Samples.bread, as: "Rye [dQw4w9WgXcQ].vtt",
                fields: [("title", " Brot "), ("channelId", "Harbour"), ("language", "de")])
            #expect(try answer.json()["youtubeId"] as? String == "dQw4w9WgXcQ")
            try await server.library.indexAll()
            let video = try #require(
                try await server.get("/api/videos/dQw4w9WgXcQ").json()["video"] as? [String: Any])
            #expect(video["title"] as? String == "Brot")
            #expect(video["language"] as? String == "de")
            #expect(video["channelId"] is String)
        }
    }

    @Test("what is no captions is refused with the reason", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.upload("", as: "a.vtt").expectProblem(400, "invalid_request", naming: "empty")
            try await server.upload("\u{1}\u{2}\u{3}", as: "a.vtt").expectProblem(
                400, "invalid_request", naming: "a.vtt")
            try await server.upload("RIFF", as: "a.mp4").expectProblem(
                503, "not_ready", naming: "TRANSCRIPTION_BASE_URL")
            try await server.upload("MZ", as: "a.exe").expectProblem(400, "invalid_request", naming: "not known")
            try await server.upload(Samples.bread, as: "a.vtt", fields: [("channelId", "nobody")])
                .expectProblem(404, "not_found", naming: "nobody")
            try await server.upload(Samples.bread, as: "a.vtt", fields: [("language", "English!")])
                .expectProblem(400, "invalid_request", naming: "language")
            #expect(try await server.get("/api/videos").list("videos").isEmpty)
        }
    }

    /// The job that makes the index of a video, or has made it.
    private static func job(of video: String, on server: TestServer) async throws -> String? {
        let database = server.components.database
        if let job = try await Job.get(IndexVideoJob.kind, video, on: database) { return job.id.description }
        return try await ArchivedJob.last(IndexVideoJob.kind, video, on: database)?.id.description
    }

    @Test("a form without its file, or no form at all, is refused", arguments: TestEngine.allCases)
    func noFile(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.post("/api/videos/upload", "{}").expectProblem(400, "invalid_request", naming: "multipart")
            let form = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx\r\n--b--\r\n"
            let type = [("content-type", "multipart/form-data; boundary=b")]
            try await server.send(.POST, "/api/videos/upload", headers: type, body: ByteBuffer(string: form))
                .expectProblem(400, "invalid_request", naming: "file is missing")
            try await server.send(.POST, "/api/videos/upload", headers: type, body: ByteBuffer(string: "junk"))
                .expectProblem(400, "invalid_request", naming: "boundary")
        }
    }

    @Test("a file larger than MAX_UPLOAD_MB is refused", arguments: TestEngine.allCases)
    func tooLarge(engine: TestEngine) async throws {
        try await TestServer.run(["MAX_UPLOAD_MB": "1"], engine: engine) { server in
            let large = Samples.bread + "\n\n00:03:00.000 --> 00:04:00.000\n" + String(repeating: "a ", count: 1 << 20)
            try await server.upload(large, as: "a.vtt").expectProblem(413, "payload_too_large")
            #expect(try await server.get("/api/videos").list("videos").isEmpty)
        }
    }
}
