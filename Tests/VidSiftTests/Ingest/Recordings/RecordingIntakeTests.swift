import Captions
import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("A recording is taken in", .enabled(if: Listening.isPossible), .timeLimit(.minutes(5)))
struct RecordingIntakeTests {
    private static let sentence = "Bees dance for that, and the angle is the direction."

    private func library(_ listener: Listener?, _ engine: TestEngine) async throws -> TestLibrary {
        try await TestLibrary(engine: engine, transcriptionModel: listener)
    }

    @Test("what is said is found at its second, and nothing is left of the sound", arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        let library = try await library(Listener(text: Self.sentence), engine)
        let database = library.components.database
        let file = try library.folder.write(noise: 300, to: "Bees.wav")

        let outcome = try await library.components.recordings.accept(.init(file), channel: .named("Nature"))
        let accepted = try #require(try await Video.get(outcome.videoID, on: database))
        let waiting = try await Kept(outcome.videoID, on: database)
        try await library.components.worker.drain()

        #expect(accepted.state == .pending && accepted.stage == "accepted" && accepted.title == "Bees")
        #expect(waiting.recordings == 1 && waiting.pieces == 2 && waiting.parts == 0, "cut at a mebibyte: \(waiting)")
        let video = try #require(try await Video.get(outcome.videoID, on: database))
        #expect(video.state == .ready && video.stage == nil && video.language == "en" && video.channelID != nil)
        #expect(try await Kept(video.id, on: database) == Kept())
        let answer = try await library.ask("Which angle is the direction?")
        #expect(answer.text.contains("the angle is the direction"))
        #expect(answer.outcome?.citations.first?.start.milliseconds == 1_000)
    }

    @Test("the same file again does nothing, waiting or done; a copy is recognised; a changed one replaces")
    func again() async throws {
        let listener = Listener(text: Self.sentence)
        let library = try await library(listener, .sqlite)
        let recordings = library.components.recordings
        let file = try library.folder.write(noise: 3, to: "talk.wav")
        let copy = try library.folder.write(noise: 3, to: "copy.wav")

        let first = try await recordings.accept(.init(file), channel: .library)
        #expect(try await recordings.accept(.init(file), channel: .library) == .unchanged(first.videoID))
        #expect(try await recordings.accept(.init(copy), channel: .library) == .unchanged(first.videoID))
        try await library.components.worker.drain()
        #expect(try await recordings.accept(.init(file), channel: .library) == .unchanged(first.videoID))
        #expect(listener.parts == [0])

        try library.folder.write(noise: 4, to: "talk.wav")
        let changed = try await recordings.accept(.init(file), channel: .library)
        #expect(changed.isAccepted(first.videoID, isReplacement: true))
        try await library.components.worker.drain()
        #expect(listener.parts == [0, 0])
        #expect(try await Video.get(first.videoID, on: library.components.database)?.state == .ready)
    }

    @Test("the language that somebody names is asked for, and stays", arguments: TestEngine.allCases)
    func language(engine: TestEngine) async throws {
        let listener = Listener(text: Self.sentence)
        let library = try await library(listener, engine)
        let file = try library.folder.write(noise: 3, to: "talk.wav")
        let outcome = try await library.components.recordings.accept(
            .init(file, title: " Bienen ", language: "de"), channel: .library)
        try await library.components.worker.drain()
        #expect(listener.asked.map(\.language) == ["de"])
        let video = try #require(try await Video.get(outcome.videoID, on: library.components.database))
        #expect(video.language == "de" && video.title == "Bienen")
    }

    @Test("what ffmpeg finds no sound in is refused with the reason, and nothing is written down")
    func refused() async throws {
        let library = try await library(Listener(text: Self.sentence), .sqlite)
        let folder = library.folder
        let text = try folder.write("Nothing to listen to, only to read.\n", to: "text.mp3")
        let empty = try folder.write("", to: "empty.wav")
        let silent = folder.path + "/silent.mp4"
        try await Self.ffmpeg(["-f", "lavfi", "-i", "testsrc=d=1:s=64x64", silent])
        let list = try folder.write("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", to: "list.mp3")

        for (path, reason) in [
            (text, "no sound can be read"), (empty, "the file is empty"), (silent, "has no sound"),
            (list, "no sound can be read"), (folder.path, "not a file"), (folder.path + "/gone.wav", "can't be read"),
        ] {
            let error = await #expect(throws: IngestError.self, "\(path)") {
                try await library.components.recordings.accept(.init(path), channel: .named("Never made"))
            }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
        #expect(try await Video.list(after: nil, limit: 9, on: library.components.database).isEmpty)
        #expect(try await Channel.list(after: nil, limit: 9, on: library.components.database).isEmpty)
    }

    @Test("without a transcriber or a program the setting is named, and nothing is written down")
    func impossible() async throws {
        let library = try await library(nil, .sqlite)
        let file = try library.folder.write(noise: 1, to: "talk.wav")
        var programs = AudioPreparation.Settings()
        programs.ffprobe = "/nonexistent/ffprobe"
        let withoutProgram = RecordingIntake(
            database: library.components.database, hasTranscriber: true, programs: programs,
            logger: library.components.logger, onAccepted: {})

        for (intake, word) in [
            (library.components.recordings, "TRANSCRIPTION_BASE_URL"), (withoutProgram, "/nonexistent/ffprobe"),
        ] {
            let error = await #expect(throws: IngestError.self) {
                try await intake.accept(.init(file), channel: .library)
            }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
        }
        #expect(try await Video.list(after: nil, limit: 9, on: library.components.database).isEmpty)
    }

    @Test("a recording in which nobody speaks has failed, says so, and keeps no sound", arguments: TestEngine.allCases)
    func nobody(engine: TestEngine) async throws {
        let library = try await library(Listener(text: nil), engine)
        let database = library.components.database
        let file = try library.folder.write(noise: 3, to: "waves.wav")
        let outcome = try await library.components.recordings.accept(.init(file), channel: .library)
        try await library.components.worker.drain()

        let video = try #require(try await Video.get(outcome.videoID, on: database))
        #expect(video.state == .failed && video.stage == "failed")
        #expect(video.lastError == "waves: nobody speaks in this recording.")
        #expect(try await Kept(video.id, on: database) == Kept(recordings: 1))
        // Added again, it is tried again.
        let again = try await library.components.recordings.accept(.init(file), channel: .library)
        #expect(again.isAccepted(video.id, isReplacement: true))
        #expect(try await Video.get(video.id, on: database)?.state == .pending)
    }

    @Test("what was cancelled keeps no sound; put back to work, it says that the file is needed")
    func cancelled() async throws {
        let library = try await library(Listener(text: Self.sentence), .sqlite)
        let database = library.components.database
        let file = try library.folder.write(noise: 3, to: "talk.wav")
        let outcome = try await library.components.recordings.accept(.init(file), channel: .library)
        let job = try #require(outcome.job)

        _ = try await library.components.queue.cancel(job)
        #expect(try await Kept(outcome.videoID, on: database) == Kept(recordings: 1))
        #expect(try await Video.get(outcome.videoID, on: database)?.state == .failed)
        _ = try await library.components.queue.retry(job)
        try await library.components.worker.drain()

        let ended = try #require(try await ArchivedJob.get(job, on: database))
        #expect(ended.state == .buried && ended.lastError?.contains("add the file again") == true)
    }

    @Test("a video that is deleted takes its sound along", arguments: TestEngine.allCases)
    func deleted(engine: TestEngine) async throws {
        let library = try await library(Listener(text: Self.sentence), engine)
        let database = library.components.database
        let file = try library.folder.write(noise: 3, to: "talk.wav")
        let one = try await library.components.recordings.accept(.init(file), channel: .library)
        let two = try await library.components.recordings.accept(.init(file), channel: .named("Nature"))
        let channel = try #require(try await Video.get(two.videoID, on: database)?.channelID)

        #expect(try await database.transaction { try await Video.delete(one.videoID, on: $0) })
        #expect(try await database.transaction { try await Channel.delete(channel, on: $0) })

        #expect(try await Kept(one.videoID, on: database) == Kept())
        #expect(try await Kept(two.videoID, on: database) == Kept())
        #expect(try await !Job.isAnyOpen(of: [TranscribeVideoJob.kind], on: database))
    }

    @Test("an accepted recording without its job, as after a move, gets one", arguments: TestEngine.allCases)
    func orphan(engine: TestEngine) async throws {
        let library = try await library(Listener(text: Self.sentence), engine)
        let database = library.components.database
        let file = try library.folder.write(noise: 3, to: "talk.wav")
        let outcome = try await library.components.recordings.accept(.init(file), channel: .library)
        try await database.execute("DELETE FROM jobs")

        try await library.components.adoptOrphans()
        try await library.components.worker.drain()

        #expect(try await Video.get(outcome.videoID, on: database)?.state == .ready)
    }

    private static func ffmpeg(_ arguments: [String]) async throws {
        let result = try await ChildProcess(program: "ffmpeg").run(
            ["-nostdin", "-v", "error", "-y"] + arguments,
            limits: ChildProcess.Limits(time: .seconds(120), outputBytes: 1 << 16))
        try #require(result.exitCode == 0, "\(result.errors)")
    }
}

/// How many rows are kept for a video that is listened to.
struct Kept: Equatable {
    var recordings = 0
    var pieces = 0
    var parts = 0

    init(recordings: Int = 0) { self.recordings = recordings }

    init(_ video: VideoID, on db: some SQLRunner) async throws {
        recordings = try await Self.count("recordings", video, on: db)
        pieces = try await Self.count("sound_pieces", video, on: db)
        parts = try await Self.count("transcribed_parts", video, on: db)
    }

    private static func count(_ table: String, _ video: VideoID, on db: some SQLRunner) async throws -> Int {
        try await db.value("SELECT count(*) FROM \(unescaped: table) WHERE video_id = \(video)", as: Int.self) ?? 0
    }
}

extension RecordingIntake.Submission {
    /// A file as the command line submits it.
    init(_ path: String, title: String? = nil, language: String? = nil) {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let source = SourceName(fileName: name)
        self.init(
            path: path, fileName: name, key: "file:\(path)", sourceID: source.sourceID, youtubeID: source.youtubeID,
            title: title, language: language)
    }
}

extension TemporaryFolder {
    /// Writes a WAV file of noise.
    @discardableResult
    func write(noise seconds: Int, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path + "/" + name)
        try Data(SampleSound.noise(seconds: seconds)).write(to: file)
        return file.path
    }
}
