import Database
import Foundation
import TestDatabases
import TestModels
import Testing

@Suite(
    "vidsift add and a video without captions", .enabled(if: InstalledPrograms.canListen, "ffmpeg is not installed"),
    .timeLimit(.minutes(5)))
struct AddListeningTests {
    private static let sentence = "That is why rye bread stays low."

    @Test("it is listened to: the line says that it was added, and its second is found", arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(200, ListenedVideo.hearing(Self.sentence))
        } _: { transcriber, address in
            let library = try await QueueLibrary(engine)
            let environment = try ListenedVideo(in: library.vidsift).environment(address)

            let added = try await library.start("add", ListenedVideo.id, environment: environment).end()
            let again = try await library.start("add", ListenedVideo.id, environment: environment).end()
            let answer = try await library.run("ask", "Why does rye bread stay low?")

            #expect(added.status == 0 && added.output == "added      Why bread rises (0:04)\n", "\(added)")
            #expect(again.status == 0 && again.output.hasPrefix("unchanged  "), "\(again)")
            #expect(answer.output.contains("watch?v=\(ListenedVideo.id)"), "\(answer)")
            #expect(transcriber.requests.count == 1, "what was paid for is not paid for again")
            #expect(transcriber.requests.first?.path == "/v1/audio/transcriptions")
        }
    }

    @Test("on a screen its progress is that of the parts; the bar is gone in the end")
    func progress() async throws {
        let second = TestModels.Gate()
        try await LoopbackEndpoint.run { request, _ in
            let heard = LoopbackEndpoint.Step.send(ListenedVideo.hearing(Self.sentence))
            // The name of the file stands before its bytes.
            let isFirst = String(decoding: request.body.prefix(2_048), as: UTF8.self).contains("part-0.")
            return .stream(isFirst ? [heard] : [.wait(second), heard], contentType: "application/json")
        } _: { _, address in
            let vidsift = try Vidsift()
            let video = try ListenedVideo(in: vidsift, seconds: ListenedVideo.secondsOfTwoParts)
            let screen = vidsift.folder.appending(path: "screen")
            let command = """
                \(Self.assignments(video, address)) script -qefc '"$VIDSIFT" add \(ListenedVideo.id)' screen
                """

            async let ended = vidsift.shell(command)
            try await eventually("half of it is shown") {
                (try? String(contentsOf: screen, encoding: .utf8))?.contains(" 50 % \(ListenedVideo.id)") == true
            }
            second.open()
            let result = try await ended

            #expect(result.status == 0, "\(result)")
            let lastLine = try #require(result.output.split(separator: "\r\u{1B}[K").last)
            #expect(lastLine.hasPrefix("added      Why bread rises (") && lastLine.hasSuffix(")\r\n"), "\(result)")
            #expect(result.output.contains(" 0 % \(ListenedVideo.id)"))
        }
    }

    @Test(
        "Ctrl-C while it is listened to ends with 130, the work stays, and the next command ends it",
        arguments: [("add", TestEngine.sqlite), ("work", .sqlite), ("add", .postgres), ("work", .postgres)])
    func interrupted(next: String, engine: TestEngine) async throws {
        try await LoopbackEndpoint.run { _, index in
            index == 0 ? .silence : .json(200, ListenedVideo.hearing(Self.sentence))
        } _: { transcriber, address in
            let library = try await QueueLibrary(engine)
            let environment = try ListenedVideo(in: library.vidsift).environment(address)

            let adding = try library.start("add", ListenedVideo.id, environment: environment)
            var events = transcriber.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            adding.signal(SIGINT)
            let interrupted = try await adding.end()

            #expect(interrupted.status == 130 && interrupted.output.isEmpty, "\(interrupted)")
            #expect(await events.next() == .disconnected, "nobody listens on")
            let jobs = try await library.run("jobs", "list", "--json").list("jobs")
            #expect(jobs.compactMap { $0["kind"] as? String } == ["transcribe_video"], "\(jobs)")
            #expect(jobs.first?["state"] as? String == "pending", "\(jobs)")
            #expect(try await library.workers() == 0)

            let ending =
                next == "work"
                ? try library.start("work", environment: environment)
                : try library.start("add", ListenedVideo.id, environment: environment)
            if next == "work" {
                try await eventually("it is searchable") {
                    try await library.look {
                        try await $0.value("SELECT count(*) FROM videos WHERE state = 'ready'", as: Int.self) == 1
                    }
                }
                ending.signal(SIGTERM)
            }
            let end = try await ending.end()
            #expect(end.status == 0, "\(end)")
            #expect(next == "work" || end.output == "added      Why bread rises (0:04)\n", "\(end)")
            #expect(transcriber.requests.count == 2)
            let answer = try await library.run("ask", "Why does rye bread stay low?")
            #expect(answer.output.contains("watch?v=\(ListenedVideo.id)"), "\(answer)")
        }
    }

    @Test("the keys Ctrl and C themselves do the same")
    func keys() async throws {
        try await LoopbackEndpoint.run { _, _ in
            .silence
        } _: { transcriber, address in
            let vidsift = try Vidsift()
            let video = try ListenedVideo(in: vidsift)
            let command = """
                { while [ ! -e pressed ]; do sleep 0.1; done; printf '\\003'; } |
                    \(Self.assignments(video, address)) script -qec '"$VIDSIFT" add \(ListenedVideo.id)' /dev/null
                echo "ended with ${PIPESTATUS[1]}"
                """

            async let ended = vidsift.shell(command)
            var events = transcriber.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            try vidsift.write("", to: "pressed")
            let result = try await ended

            #expect(result.output.hasSuffix("ended with 130\n"), "\(result)")
            let jobs = try await vidsift.run("jobs", "list", "--json").list("jobs")
            #expect(jobs.first?["state"] as? String == "pending", "\(jobs)")
        }
    }

    @Test(
        "what can't be heard is told with its reason, and the command has failed",
        arguments: [
            (200, #"{"text":"","segments":[]}"#, "nobody speaks in it"),
            (401, #"{"error":{"message":"Incorrect API key provided: sk-very-secret"}}"#, "key"),
        ])
    func unheard(status: Int, body: String, words: String) async throws {
        try await LoopbackEndpoint.run { _, _ in
            .json(status, body)
        } _: { _, address in
            let vidsift = try Vidsift()
            let environment = try ListenedVideo(in: vidsift).environment(address)
                .merging(["TRANSCRIPTION_API_KEY": "sk-very-secret"]) { $1 }

            let result = try await vidsift.start(["add", ListenedVideo.id], environment: environment).end()

            #expect(result.status == 1 && result.output.isEmpty, "\(result)")
            let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
            #expect(errors.count == 1 && errors[0].contains("error: \(ListenedVideo.id): "), "\(result)")
            #expect(errors.first?.contains(words) == true && !result.errors.contains("very-secret"), "\(result)")
        }
    }

    /// The variables before a command of a shell.
    private static func assignments(_ video: ListenedVideo, _ address: String) -> String {
        video.environment(address).map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    }
}
