import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite("Uploading a recording", .enabled(if: Listening.isPossible), .timeLimit(.minutes(5)))
struct UploadRecordingTests {
    private static let sentence = "The angle of the dance is the direction."

    private func run(
        _ listener: Listener, _ engine: TestEngine, _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let library = try await TestLibrary(["PORT": "0"], engine: engine, transcriptionModel: listener)
        try await TestServer.run(on: library, body)
    }

    @Test("it is accepted, listened to and found; the same again does nothing", arguments: TestEngine.allCases)
    func upload(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        try await run(Listener(text: Self.sentence, waitsAt: 0, gate), engine) { server in
            let sound = SampleSound.noise(seconds: 3)
            let first = try await server.upload(
                sound, as: "bees.wav", fields: [("title", "Bees"), ("language", "en")])
            #expect(first.status == 202, "\(first.text)")
            #expect(try first.json()["message"] as? String == "The recording is being transcribed.")
            let id = try #require(try first.json()["videoId"] as? String)
            let job = try #require(try first.json()["queueId"] as? String)
            try await eventually("it is listened to") { try await Self.stage(of: id, on: server) == "transcribing" }
            let waiting = try await server.upload(
                sound, as: "bees.wav", fields: [("title", "Bees"), ("language", "en")]
            ).json()
            #expect(waiting["videoId"] as? String == id && waiting["queueId"] as? String == job)
            #expect(waiting["alreadyProcessed"] == nil)

            gate.open()
            try await eventually("it is searchable") { try await Self.state(of: id, on: server) == "ready" }
            try await server.library.indexAll()

            let again = try await server.upload(
                sound, as: "bees.wav", fields: [("title", "Bees"), ("language", "en")]
            ).json()
            #expect(again["videoId"] as? String == id && again["alreadyProcessed"] as? Bool == true)
            #expect(again["message"] as? String == "This recording is there already.")
            let hit = try #require(try await server.get("/api/search?q=angle+dance").list("hits").first)
            #expect(hit["videoId"] as? String == id && hit["start"] as? Double == 1, "\(hit)")
        }
    }

    @Test("the parts that were heard are its progress")
    func progress() async throws {
        let gate = TestDatabases.Gate()
        let listener = Listener(text: Self.sentence, waitsAt: 2, gate, maximumFileBytes: Listener.tenSeconds)
        try await run(listener, .sqlite) { server in
            let sent = try await server.upload(SampleSound.noise(seconds: 32), as: "bees.wav").json()
            let id = try #require(sent["videoId"] as? String)
            try await eventually("two of four parts are shown") {
                let video = try await server.get("/api/videos/\(id)").json()["video"] as? [String: Any]
                return video?["progress"] as? Double == 0.5
            }
            gate.open()
            try await eventually("it is searchable") { try await Self.state(of: id, on: server) == "ready" }
        }
    }

    @Test(
        "to the queue, one that waits is queued already; one that was given up is to be sent again",
        arguments: TestEngine.allCases)
    func queue(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        try await run(Listener(text: nil, waitsAt: 0, gate), engine) { server in
            let sent = try await server.upload(SampleSound.noise(seconds: 3), as: "waves.wav").json()
            let id = try #require(sent["videoId"] as? String)
            let wish = #"{"videoId":"\#(id)"}"#
            try await eventually("it is listened to") { try await Self.stage(of: id, on: server) == "transcribing" }

            let waiting = try await server.post("/api/queue/video", wish).json()
            #expect(waiting["success"] as? Bool == false, "\(waiting)")
            let item = try #require(waiting["queueItem"] as? [String: Any])
            #expect(item["id"] as? String == sent["queueId"] as? String)
            #expect(item["kind"] as? String == "transcribe_video")

            gate.open()
            try await eventually("nobody was heard") { try await Self.stage(of: id, on: server) == "failed" }
            try await server.post("/api/queue/video", wish).expectProblem(
                409, "conflict", naming: "add its file again")
        }
    }

    @Test("what has no sound is refused with the reason, and nothing is written down")
    func refused() async throws {
        try await run(Listener(text: Self.sentence), .sqlite) { server in
            try await server.upload("Only to read.", as: "a.mp3").expectProblem(
                400, "invalid_request", naming: "no sound")
            try await server.upload("", as: "a.mp4").expectProblem(400, "invalid_request", naming: "empty")
            #expect(try await server.get("/api/videos").list("videos").isEmpty)
        }
    }

    private static func video(_ id: String, on server: TestServer) async throws -> [String: Any] {
        try #require(try await server.get("/api/videos/\(id)").json()["video"] as? [String: Any])
    }

    private static func stage(of id: String, on server: TestServer) async throws -> String? {
        try await video(id, on: server)["stage"] as? String
    }

    private static func state(of id: String, on server: TestServer) async throws -> String? {
        try await video(id, on: server)["state"] as? String
    }
}
