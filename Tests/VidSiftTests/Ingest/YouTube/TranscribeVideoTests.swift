import Captions
import Database
import Foundation
import Providers
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("A video without captions is listened to", .enabled(if: Listening.isPossible), .timeLimit(.minutes(3)))
struct TranscribeVideoTests {
    private let id = SampleIDs.video(1)

    private func library(
        _ item: ScriptedYouTube.Item, _ listener: Listener, _ engine: TestEngine
    ) async throws -> (library: TestLibrary, youtube: ScriptedYouTube) {
        let youtube = ScriptedYouTube([id: item])
        let library = try await TestLibrary(
            SampleChannel.unhurried, engine: engine, youtubeSource: youtube, transcriptionModel: listener)
        return (library, youtube)
    }

    private func add(_ library: TestLibrary) async throws -> VideoID {
        let video = try #require(YouTubeVideoID(rawValue: id))
        let accepted = try await library.components.youtube.accept(video, requester: "somebody")
        try await library.components.worker.drain()
        return accepted.video
    }

    @Test("what is said is written down, indexed and found at its second", arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        let listener = Listener(text: "Bees dance for that, and the angle is the direction.")
        let (library, youtube) = try await library(.init(captions: nil, secondsOfSound: 20), listener, engine)

        let video = try await add(library)

        let database = library.components.database
        let stored = try #require(try await Video.get(video, on: database))
        #expect(stored.state == .ready && stored.language == "en" && stored.title == "A talk")
        #expect(try await VideoFetch.get(video, on: database)?.outcome == .transcribed)
        #expect(youtube.calls == ["information \(id)", "captions \(id)", "audio \(id)"])
        let answer = try await library.ask("Which angle is the direction?")
        #expect(answer.text.contains("the angle is the direction"))
        #expect(answer.outcome?.citations.first?.start.milliseconds == 1_000)
    }

    @Test("sound in which nobody speaks: it has no captions, and says so", arguments: TestEngine.allCases)
    func nobody(engine: TestEngine) async throws {
        let (library, _) = try await library(.init(captions: nil, secondsOfSound: 5), Listener(text: nil), engine)
        let video = try await add(library)
        let fetch = try #require(try await VideoFetch.get(video, on: library.components.database))
        #expect(fetch.outcome == .noCaptions && fetch.reason == "It has no captions, and nobody speaks in it.")
        #expect(try await Video.get(video, on: library.components.database)?.state == .failed)
    }

    @Test("sound that can't be had", arguments: TestEngine.allCases)
    func noSound(engine: TestEngine) async throws {
        let (library, _) = try await library(.init(captions: nil), Listener(text: "never heard"), engine)
        let video = try await add(library)
        let fetch = try #require(try await VideoFetch.get(video, on: library.components.database))
        #expect(fetch.outcome == .noCaptions && fetch.reason?.contains("its sound can't be had") == true)
    }

    @Test("a transcriber that fails for a while is asked again; nothing is lost", arguments: TestEngine.allCases)
    func passing(engine: TestEngine) async throws {
        let listener = Listener(text: "The angle is the direction.")
        listener.fail(with: ProviderError(.unavailable, "The transcriber is down."))
        let (library, _) = try await library(.init(captions: nil, secondsOfSound: 5), listener, engine)
        let database = library.components.database
        let video = try await add(library)
        let job = try #require(try await Job.get(TranscribeVideoJob.kind, video.description, on: database))
        #expect(job.state == .scheduled && job.lastError == "The transcriber is down.")

        listener.fail(with: nil)
        _ = try await Job.hurry(job.id, on: database)
        try await library.components.worker.drain()

        #expect(try await Video.get(video, on: database)?.state == .ready)
    }

    @Test("a transcriber that refuses is not asked again", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        let listener = Listener(text: "")
        listener.fail(with: ProviderError(.unauthorised, "The key is wrong."))
        let (library, _) = try await library(.init(captions: nil, secondsOfSound: 5), listener, engine)
        let video = try await add(library)
        let fetch = try #require(try await VideoFetch.get(video, on: library.components.database))
        #expect(fetch.outcome == .failed && fetch.reason == "The key is wrong.")
    }

    @Test("the beginning can be asked while the rest is listened to", arguments: TestEngine.allCases)
    func beginning(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        let listener = Listener(text: "The angle is the direction.", waitsAt: TranscribeVideo.partsAtATime, gate)
        let (library, _) = try await library(.init(captions: nil, secondsOfSound: 3_600), listener, engine)
        let accepted = try await library.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: id)), requester: "somebody")

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await library.components.worker.run() }
            defer { group.cancelAll() }
            try await eventually("the beginning is indexed") {
                try await Video.get(accepted.video, on: library.components.database)?.state == .ready
            }
            #expect(try await VideoFetch.get(accepted.video, on: library.components.database)?.outcome == .wanted)
            let early = try await library.ask("Which angle is the direction?")
            #expect(early.text.contains("The angle is the direction"))
            gate.open()
            try await eventually("all of it is there") {
                try await VideoFetch.get(accepted.video, on: library.components.database)?.outcome == .transcribed
            }
        }
        try await library.components.close()
    }
}

/// Whether sound can be read here.
enum Listening {
    static let isPossible: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        let isThere = ["ffmpeg", "ffprobe"].allSatisfy { program in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
        if !isThere { print("skipped: ffmpeg is not installed (scripts/setup --for-tests installs it)") }
        return isThere
    }()
}

/// A transcriber that hears the same sentence in every part, a second after its beginning; the parts from one on, counted
/// from 0, may have to wait.
final class Listener: TranscriptionModel {
    /// So much that parts have ten seconds at most.
    static let tenSeconds = 10 * AudioFormat.flac.maximumBytesPerSecond + AudioFormat.maximumOverhead

    let name = "listener"
    let maximumFileBytes: Int
    private let text: String?
    private let gate: (part: Int, gate: TestDatabases.Gate)?
    private let failure = Mutex<ProviderError?>(nil)
    private let heard = Mutex<[SpeechRecording]>([])

    init(
        text: String?, waitsAt part: Int? = nil, _ gate: TestDatabases.Gate? = nil, maximumFileBytes: Int = 25_000_000
    ) {
        self.maximumFileBytes = maximumFileBytes
        self.text = text
        self.gate = part.flatMap { part in gate.map { (part, $0) } }
    }

    func fail(with error: ProviderError?) { failure.withLock { $0 = error } }

    /// What it was asked to listen to so far.
    var asked: [SpeechRecording] { heard.withLock(\.self) }
    /// The numbers of the parts it was asked to listen to so far, from 0.
    var parts: [Int] { asked.compactMap(Self.part) }

    private static func part(_ recording: SpeechRecording) -> Int? {
        recording.path.split(separator: "-").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    func transcribe(_ recording: SpeechRecording) async throws -> Transcription {
        heard.withLock { $0.append(recording) }
        if let failure = failure.withLock(\.self) { throw failure }
        // Parts come in any order; their files are numbered.
        if let gate, let part = Self.part(recording), part >= gate.part { await gate.gate.wait() }
        guard let text else { return Transcription(language: "en", segments: []) }
        let span = AudioSpan(start: AudioTime(milliseconds: 1_000), end: AudioTime(milliseconds: 4_000))
        return Transcription(language: "en", segments: [TranscribedSegment(span: span, text: text)])
    }

    func close() async {}
}
