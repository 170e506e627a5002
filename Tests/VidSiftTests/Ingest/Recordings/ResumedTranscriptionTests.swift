import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite(
    "An attempt to listen goes on where the one before it broke off", .enabled(if: Listening.isPossible),
    .timeLimit(.minutes(5)))
struct ResumedTranscriptionTests {
    private static let sentence = "The angle is the direction."
    /// Parts of ten seconds that have two and a half in common.
    private static let secondsOfFourParts = 32

    /// Lets a worker listen until two parts of a video are written down, and others do the rest, as if it had died: its
    /// lease is over, and it knows nothing of it.
    private func loseWorker(
        of library: TestLibrary, afterPartsOf video: VideoID, _ gate: TestDatabases.Gate, to other: TestLibrary
    ) async throws {
        let database = library.components.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await library.components.worker.run() }
            defer { group.cancelAll() }
            try await eventually("two parts are written down") { try await Kept(video, on: database).parts == 2 }
            _ = try await Job.rescue(.heldByOthers(than: ""), by: "test", on: database)
            try await besides(other).drain()
            gate.open()
        }
    }

    /// A worker that doesn't wait for the end of the one that only seems to have died.
    private func besides(_ library: TestLibrary) -> Worker {
        let worker = library.components.worker
        return Worker(
            database: worker.database, bindings: Array(worker.bindings.values), bell: worker.bell, lockPath: nil,
            logger: worker.logger)
    }

    @Test(
        "a worker that dies after part 2 of 4 leaves parts 3 and 4 to the next, and can do no harm any more",
        arguments: TestEngine.allCases)
    func dies(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        let first = Listener(text: "Never heard.", waitsAt: 2, gate, maximumFileBytes: Listener.tenSeconds)
        let library = try await TestLibrary(engine: engine, transcriptionModel: first)
        let database = library.components.database
        let file = try library.folder.write(noise: Self.secondsOfFourParts, to: "talk.wav")
        let outcome = try await library.components.recordings.accept(.init(file), channel: .library)
        let second = Listener(text: Self.sentence, maximumFileBytes: Listener.tenSeconds)
        let other = try await library.anotherInstance(transcriptionModel: second)

        try await loseWorker(of: library, afterPartsOf: outcome.videoID, gate, to: other)

        #expect(second.parts.sorted() == [2, 3])
        let video = try #require(try await Video.get(outcome.videoID, on: database))
        #expect(video.state == .ready)
        let transcript = try #require(try await StoredTranscript.get(video.id, on: database))
        #expect(transcript.components(separatedBy: "Never heard").count == 3, "two parts of the first, \(transcript)")
        #expect(transcript.components(separatedBy: "the direction").count == 3, "two parts of the second")
        #expect(try await Kept(video.id, on: database) == Kept())
        try await other.components.close()
    }

    @Test("what a transcriber has heard before it fails is not asked for again", arguments: TestEngine.allCases)
    func fails(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        let listener = Listener(text: Self.sentence, waitsAt: 1, gate, maximumFileBytes: Listener.tenSeconds)
        let library = try await TestLibrary(engine: engine, transcriptionModel: listener)
        let database = library.components.database
        let file = try library.folder.write(noise: Self.secondsOfFourParts, to: "talk.wav")
        let outcome = try await library.components.recordings.accept(.init(file), channel: .library)
        let job = try #require(outcome.job)

        async let drained: Void = library.components.worker.drain()
        try await eventually("the first part is written down") {
            try await Kept(outcome.videoID, on: database).parts == 1
        }
        listener.fail(with: ProviderError(.unavailable, "The transcriber is down."))
        gate.open()
        try await drained
        let before = listener.parts
        let kept = try await Kept(outcome.videoID, on: database).parts
        #expect(try await Job.get(job, on: database)?.state == .scheduled)
        #expect(kept >= 1 && kept < 4)
        listener.fail(with: nil)
        _ = try await Job.hurry(job, on: database)
        try await library.components.worker.drain()

        #expect(listener.parts.dropFirst(before.count).sorted() == Array(kept..<4))
        #expect(try await Video.get(outcome.videoID, on: database)?.state == .ready)
        #expect(try await ArchivedJob.get(job, on: database)?.reason == nil, "nothing of the attempt that failed")
    }

    @Test(
        "a file that takes another's place meanwhile is listened to from its beginning", arguments: TestEngine.allCases)
    func replaced(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        let listener = Listener(text: Self.sentence, waitsAt: 1, gate, maximumFileBytes: Listener.tenSeconds)
        let library = try await TestLibrary(engine: engine, transcriptionModel: listener)
        let database = library.components.database
        let file = try library.folder.write(noise: Self.secondsOfFourParts, to: "talk.wav")
        let recordings = library.components.recordings
        let outcome = try await recordings.accept(.init(file), channel: .library)

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await library.components.worker.run() }
            defer { group.cancelAll() }
            try await eventually("the first part is written down") {
                try await Kept(outcome.videoID, on: database).parts == 1
            }
            try library.folder.write(noise: 5, to: "talk.wav")
            let changed = try await recordings.accept(.init(file), channel: .library)
            #expect(changed.isAccepted(outcome.videoID, isReplacement: true) && changed.job == outcome.job)
            gate.open()
            try await eventually("the new one is indexed") {
                try await Video.get(outcome.videoID, on: database).map { $0.state == .ready && $0.stage == nil } == true
            }
        }

        #expect(listener.parts.last == 0 && listener.asked.last?.duration == AudioTime(milliseconds: 5_000))
        #expect(try await Kept(outcome.videoID, on: database) == Kept())
    }

    @Test("parts of another plan, or that can't be read, are heard again", arguments: TestEngine.allCases)
    func discarded(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let video = try await ManyRows.addVideo(to: database)
        func part(_ index: Int) -> TranscribedChunk {
            TranscribedChunk(
                chunk: AudioChunk(index: index, span: AudioSpan(start: .zero, end: AudioTime(milliseconds: 9))),
                segments: [])
        }
        for index in [0, 1, 3, 0] {
            try await TranscribedPart(part(index)).insert(of: video, plan: "a", on: database)
        }

        #expect(try await TranscribedPart.resume(video, plan: "a", on: database) == [part(0), part(1)])
        #expect(try await Kept(video, on: database).parts == 2, "what comes behind a gap goes")
        try await database.execute("UPDATE transcribed_parts SET body = '{}' WHERE position = 1")
        #expect(try await TranscribedPart.resume(video, plan: "a", on: database) == [part(0)])
        #expect(try await TranscribedPart.resume(video, plan: "b", on: database) == [])
        #expect(try await Kept(video, on: database).parts == 0)
    }

    @Test("a video of YouTube goes on, too, and keeps nothing at its end", arguments: TestEngine.allCases)
    func youTube(engine: TestEngine) async throws {
        let gate = TestDatabases.Gate()
        let id = SampleIDs.video(1)
        let youtube = ScriptedYouTube([id: .init(captions: nil, secondsOfSound: Self.secondsOfFourParts)])
        let first = Listener(text: Self.sentence, waitsAt: 2, gate, maximumFileBytes: Listener.tenSeconds)
        let library = try await TestLibrary(
            SampleChannel.unhurried, engine: engine, youtubeSource: youtube, transcriptionModel: first)
        let database = library.components.database
        let accepted = try await library.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: id)), requester: "somebody")
        let second = Listener(text: Self.sentence, maximumFileBytes: Listener.tenSeconds)
        let other = try await library.anotherInstance(transcriptionModel: second)

        try await loseWorker(of: library, afterPartsOf: accepted.video, gate, to: other)

        #expect(second.parts.sorted() == [2, 3])
        #expect(try await VideoFetch.get(accepted.video, on: database)?.outcome == .transcribed)
        #expect(try await Kept(accepted.video, on: database) == Kept())
        try await other.components.close()
    }
}
