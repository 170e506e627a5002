import Foundation
import Synchronization
import TestDatabases
import TestModels
import Testing

@Suite(
    "vidsift add and recordings", .enabled(if: InstalledPrograms.canListen, "ffmpeg is not installed"),
    .timeLimit(.minutes(5)))
struct AddRecordingTests {
    private static let sentence = "That is why rye bread stays low."

    /// Writes three seconds of a tone; with pictures where the name is that of a video.
    private func record(_ name: String, in vidsift: Vidsift, frequency: Int = 440) async throws {
        let pictures = name.hasSuffix(".mp4") ? "-f lavfi -i testsrc=d=3:s=64x64 -map 0:a -map 1:v" : ""
        let sine = "sine=frequency=\(frequency):duration=3"
        let made = try await vidsift.shell(
            "mkdir -p \"$(dirname \(name))\" && ffmpeg -nostdin -v error -y -f lavfi -i \(sine) \(pictures) \(name)")
        try #require(made.status == 0, "\(made)")
    }

    @Test(
        "one is listened to, recognised the next time, and replaced when it has changed", arguments: TestEngine.allCases
    )
    func adds(engine: TestEngine) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, ListenedVideo.hearing(Self.sentence))
        } _: { transcriber, address in
            let library = try await QueueLibrary(engine)
            let environment = ["TRANSCRIPTION_BASE_URL": address]
            try await record("Why.mp4", in: library.vidsift)

            let first = try await library.start("add", "Why.mp4", environment: environment).end()
            let second = try await library.start("add", "Why.mp4", environment: environment).end()
            let answer = try await library.run("ask", "Why does rye bread stay low?")
            try await record("Why.mp4", in: library.vidsift, frequency: 220)
            let third = try await library.start("add", "Why.mp4", "--json", environment: environment).end()

            #expect(first.status == 0 && first.output == "added      Why (0:03)\n", "\(first)")
            #expect(second.status == 0 && second.output == "unchanged  Why (0:03)\n", "\(second)")
            #expect(answer.output.contains("rye bread stays low"), "\(answer)")
            #expect(try third.list("files").first?["outcome"] as? String == "replaced")
            #expect(transcriber.requests.count == 2)
        }
    }

    @Test("of a folder those are listened to that have no captions")
    func folder() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, ListenedVideo.hearing(Self.sentence))
        } _: { transcriber, address in
            let vidsift = try Vidsift()
            try await record("talks/tides.mp3", in: vidsift)
            try await record("talks/bread.mp3", in: vidsift)
            try vidsift.writeCaptions(Vidsift.tides, to: "talks/tides.vtt")

            let added = try await vidsift.run("add", "talks", environment: ["TRANSCRIPTION_BASE_URL": address])

            #expect(added.status == 0, "\(added)")
            #expect(added.lines.count == 3 && added.output.contains("added      bread (0:03)"), "\(added)")
            #expect(added.output.contains("skipped    ") && added.output.contains("tides.mp3: its captions are here"))
            #expect(transcriber.requests.count == 1)
        }
    }

    @Test("without a transcriber a folder's captions are added; its recordings are named, with what is needed")
    func noTranscriber() async throws {
        let vidsift = try Vidsift()
        try await record("talks/bread.mp3", in: vidsift)
        try await record("only/bread.mp3", in: vidsift)
        try vidsift.writeCaptions(Vidsift.tides, to: "talks/tides.vtt")

        let folder = try await vidsift.run("add", "talks")
        let alone = try await vidsift.run("add", "talks/bread.mp3")
        let only = try await vidsift.run("add", "only")

        #expect(folder.status == 0 && folder.output.contains("added      tides"), "\(folder)")
        #expect(folder.output.contains("bread.mp3: a recording needs a transcriber"), "\(folder)")
        #expect(folder.output.contains("set TRANSCRIPTION_MODEL"))
        #expect(alone.status == 1 && alone.errors.contains("set TRANSCRIPTION_MODEL"), "\(alone)")
        #expect(only.status == 1 && only.errors.contains("no captions here"), "\(only)")
        #expect(try await vidsift.run("list", "--json").list("videos").count == 1, "nothing else is written down")
    }

    @Test("without ffmpeg it says so; what has no sound is told with its reason")
    func refused() async throws {
        let vidsift = try Vidsift()
        try await record("bread.mp3", in: vidsift)
        try vidsift.write("Only to read.", to: "text.mp3")
        // Nobody is asked, so nobody has to be there.
        let transcriber = ["TRANSCRIPTION_BASE_URL": "http://127.0.0.1:9/v1"]

        let without = try await vidsift.run(
            "add", "bread.mp3", environment: transcriber.merging(["PATH": vidsift.folder.path]) { $1 })
        let text = try await vidsift.run("add", "text.mp3", environment: transcriber)

        #expect(without.status == 1 && without.errors.contains("install ffmpeg"), "\(without)")
        #expect(text.status == 1 && text.errors.contains("text.mp3: The file is damaged"), "\(text)")
        #expect(try await vidsift.run("list", "--json").list("videos").isEmpty)
    }

    @Test("a transcriber that is down is told; adding it again tries again, and is finished")
    func down() async throws {
        let isUp = Mutex(false)
        try await LoopbackEndpoint.run { _, _ in
            isUp.withLock(\.self) ? .json(200, ListenedVideo.hearing(Self.sentence)) : .json(503, "{}")
        } _: { _, address in
            let vidsift = try Vidsift()
            try await record("bread.mp3", in: vidsift)
            let environment = ["TRANSCRIPTION_BASE_URL": address]

            let first = try await vidsift.run("add", "bread.mp3", environment: environment)
            isUp.withLock { $0 = true }
            let second = try await vidsift.run("add", "bread.mp3", environment: environment)

            #expect(first.status == 1 && first.errors.contains("Adding it again tries again"), "\(first)")
            #expect(second.status == 0 && second.output == "finished   bread (0:03)\n", "\(second)")
        }
    }

    @Test(
        "killed while it is listened to, the next process has what is left of the work", arguments: TestEngine.allCases)
    func killed(engine: TestEngine) async throws {
        try await LoopbackEndpoint.run { _, index in
            index == 0 ? .silence : .json(200, ListenedVideo.hearing(Self.sentence))
        } _: { transcriber, address in
            let library = try await QueueLibrary(engine)
            let environment = ["TRANSCRIPTION_BASE_URL": address]
            try await record("bread.mp3", in: library.vidsift)

            let adding = try library.start("add", "bread.mp3", environment: environment)
            var events = transcriber.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            adding.signal(SIGKILL)
            _ = try await adding.end()
            // Not even the file is needed any more.
            try FileManager.default.removeItem(at: library.vidsift.folder.appending(path: "bread.mp3"))
            let working = try library.start("work", environment: environment)
            try await eventually("it is searchable", within: .seconds(180)) {
                try await library.run("list", "--json").list("videos").first?["state"] as? String == "ready"
            }
            working.signal(SIGTERM)

            #expect(try await working.end().status == 0)
            #expect(transcriber.requests.count == 2)
        }
    }

    @Test(
        "a real transcriber hears what is said in a clip, at its second",
        .enabled(if: WhisperServer.isInstalled, "no speech server is installed: scripts/lib/speech-server.sh"),
        .enabled(if: Fixtures.path("audio/jfk.mp3") != nil, "no clips beside the package"), .timeLimit(.minutes(10)))
    func real() async throws {
        let server = try WhisperServer()
        defer { server.stop() }
        let vidsift = try Vidsift()
        let clip = try #require(Fixtures.path("audio/jfk.mp3"))

        let added = try await vidsift.run(
            "add", clip, "--title", "Inaugural address",
            environment: ["TRANSCRIPTION_BASE_URL": server.address + "/v1", "TRANSCRIPTION_MODEL": "tiny.en"])
        let found = try await vidsift.run("search", "country", "--json")

        #expect(added.status == 0 && added.output.hasPrefix("added      Inaugural address (0:1"), "\(added)")
        let hit = try #require(try found.list("hits").first)
        let text = try #require(hit["text"] as? String)
        #expect(text.lowercased().contains("what your country can do for you"), "\(hit)")
        let transcript = try await vidsift.run("transcript", "jfk", "--format", "vtt")
        #expect(transcript.output.contains("00:00:08.310 --> 00:00:11"), "\(transcript)")
    }
}
