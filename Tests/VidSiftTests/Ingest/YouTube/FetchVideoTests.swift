import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Getting the words of a video of YouTube", .timeLimit(.minutes(2))) struct FetchVideoTests {
    private let id = SampleIDs.video(1)

    private func library(_ youtube: ScriptedYouTube, _ engine: TestEngine) async throws -> TestLibrary {
        try await TestLibrary(SampleChannel.unhurried, engine: engine, youtubeSource: youtube)
    }

    private func add(_ library: TestLibrary) async throws -> VideoID {
        let video = try #require(YouTubeVideoID(rawValue: id))
        let accepted = try await library.components.youtube.accept(video, requester: "somebody")
        try await library.components.worker.drain()
        return accepted.video
    }

    @Test("captions are fetched, indexed and found, with the title and the chapters", arguments: TestEngine.allCases)
    func captions(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([
            id: .init(
                title: "How bees dance", chapters: [.init(title: "Flowers", start: 0), .init(title: "Dance", start: 4)])
        ])
        let library = try await library(youtube, engine)

        let video = try await add(library)

        let stored = try #require(try await Video.get(video, on: library.components.database))
        #expect(stored.state == .ready && stored.title == "How bees dance" && stored.youtubeID == id)
        #expect(youtube.calls == ["information \(id)", "captions \(id)"])
        let passages = try await StoredPassage.all(of: video, on: library.components.database)
        #expect(passages.map(\.chapter) == ["Flowers", "Dance"])
        #expect(try await VideoFetch.get(video, on: library.components.database)?.outcome == .captions)
        let answer = try await library.ask("Which angle is the direction?")
        #expect(answer.text.contains("the angle is the direction"))
    }

    @Test("asked for again, a video that is there costs YouTube nothing", arguments: TestEngine.allCases)
    func again(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init()])
        let library = try await library(youtube, engine)
        let video = try await add(library)

        let second = try await library.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: id)), requester: "another")
        try await library.components.worker.drain()

        #expect(second.video == video && second.isReady && second.job != nil)
        #expect(youtube.calls.count == 2)
    }

    @Test(
        "what cannot be had is asked for once, has failed with its reason, and can be asked for again by a person",
        arguments: TestEngine.allCases,
        [
            (YtDlpError.Kind.removed, VideoFetch.Outcome.unavailable), (.privateVideo, .unavailable),
            (.membersOnly, .unavailable), (.ageRestricted, .unavailable), (.noCaptions, .noCaptions),
        ])
    func permanent(engine: TestEngine, failure: (kind: YtDlpError.Kind, outcome: VideoFetch.Outcome)) async throws {
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(failure.kind))])
        let library = try await library(youtube, engine)
        let database = library.components.database

        let video = try await add(library)

        let stored = try #require(try await Video.get(video, on: database))
        #expect(stored.state == .failed && stored.lastError == YtDlpError(failure.kind).reason)
        let fetch = try #require(try await VideoFetch.get(video, on: database))
        #expect(fetch.outcome == failure.outcome && fetch.tries == 1)
        #expect(youtube.calls.count == 1)
        let job = try #require(try await ArchivedJob.last(FetchVideoJob.kind, video.description, on: database))
        #expect(job.state == .completed && job.lastError == fetch.reason)

        youtube[id] = .init()
        #expect(try await add(library) == video)
        #expect(try await Video.get(video, on: database)?.state == .ready)
        let last = try #require(try await ArchivedJob.last(FetchVideoJob.kind, video.description, on: database))
        #expect(last.id != job.id && last.state == .completed && last.lastError == nil)
    }

    @Test(
        "what is yet to come is left to a job of its own, and had when its time has come",
        arguments: TestEngine.allCases)
    func later(engine: TestEngine) async throws {
        let soon = Date().addingTimeInterval(600)
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(.upcoming, startsAt: soon))])
        let library = try await library(youtube, engine)
        let database = library.components.database

        let video = try await add(library)

        #expect(try await Video.get(video, on: database)?.state == .pending)
        #expect(try await VideoFetch.get(video, on: database)?.outcome == .later)
        #expect(try await Job.get(FetchVideoJob.kind, video.description, on: database) == nil)
        let waiting = try #require(try await Job.get(AwaitVideoJob.kind, video.description, on: database))
        #expect(waiting.runAt > soon)

        youtube[id] = .init()
        #expect(try await Job.hurry(waiting.id, on: database))
        try await library.components.worker.drain()
        #expect(try await Video.get(video, on: database)?.state == .ready)
    }

    @Test("captions that a new video has not yet are waited for", arguments: TestEngine.allCases)
    func captionsComeLater(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init(captions: nil, publishedAt: Date().addingTimeInterval(-3_600))])
        let library = try await library(youtube, engine)
        let database = library.components.database

        let video = try await add(library)

        #expect(try await VideoFetch.get(video, on: database)?.outcome == .later)
        let waiting = try #require(try await Job.get(AwaitVideoJob.kind, video.description, on: database))
        youtube[id] = .init()
        _ = try await Job.hurry(waiting.id, on: database)
        try await library.components.worker.drain()
        #expect(try await Video.get(video, on: database)?.state == .ready)
    }

    @Test(
        "a refusal stops all requests, counts against no video, and the pause is known", arguments: TestEngine.allCases)
    func blocked(engine: TestEngine) async throws {
        let other = SampleIDs.video(2)
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(.botCheck)), other: .init()])
        let library = try await library(youtube, engine)
        let database = library.components.database

        let video = try await add(library)
        let second = try await library.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: other)), requester: "somebody")
        try await library.components.worker.drain()

        #expect(youtube.calls == ["information \(id)"], "the second is not asked for")
        let job = try #require(try await Job.get(FetchVideoJob.kind, video.description, on: database))
        #expect(job.state == .scheduled && job.attempts == 0 && job.lastError == YtDlpError(.botCheck).reason)
        #expect(try await Job.get(FetchVideoJob.kind, second.video.description, on: database)?.state == .scheduled)
        let pace = try await YouTubePace.get(on: database)
        #expect(pace.blocks == 1 && pace.reason == YtDlpError(.botCheck).reason)
        #expect(pace.blockedUntil.timeIntervalSinceNow > 60)
    }

    @Test("what passes is tried again, and given up after some attempts", arguments: TestEngine.allCases)
    func passing(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(.network))])
        let library = try await library(youtube, engine)
        let database = library.components.database
        let video = try await add(library)

        for _ in 1..<FetchVideo.maximumAttempts {
            let job = try #require(try await Job.get(FetchVideoJob.kind, video.description, on: database))
            #expect(job.state == .scheduled)
            #expect(try await Job.hurry(job.id, on: database))
            try await library.components.worker.drain()
        }

        #expect(youtube.calls.count == FetchVideo.maximumAttempts)
        #expect(try await VideoFetch.get(video, on: database)?.outcome == .failed)
        #expect(try await Video.get(video, on: database)?.state == .failed)
    }

    @Test(
        "captions in which nobody speaks are a failure with a reason",
        arguments: ["", "WEBVTT\n", "<html>consent</html>"])
    func unusable(captions: String) async throws {
        let youtube = ScriptedYouTube([id: .init(captions: captions)])
        let library = try await library(youtube, .sqlite)
        let video = try await add(library)
        let fetch = try #require(try await VideoFetch.get(video, on: library.components.database))
        #expect(fetch.outcome == .failed && fetch.reason?.isEmpty == false)
        let job = try await ArchivedJob.last(FetchVideoJob.kind, video.description, on: library.components.database)
        #expect(job?.state == .buried && job?.lastError == fetch.reason)
    }

    @Test(
        "asked for again, a video whose index failed is indexed, and not fetched again", arguments: TestEngine.allCases)
    func indexFailed(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init()])
        let failing = try await TestLibrary(
            SampleChannel.unhurried, engine: engine,
            embeddingModel: CountingModel(failure: ProviderError(.unauthorised, "The key is wrong.")),
            youtubeSource: youtube)
        let video = try await add(failing)
        #expect(try await Video.get(video, on: failing.components.database)?.state == .failed)

        let again = try await failing.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: id)), requester: "another")

        let job = try #require(
            try await Job.get(IndexVideoJob.kind, video.description, on: failing.components.database))
        #expect(again.video == video && again.job == job.id && youtube.calls.count == 2)
    }

    @Test("a video that was deleted meanwhile is nobody's business", arguments: TestEngine.allCases)
    func deleted(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init()])
        let library = try await library(youtube, engine)
        let database = library.components.database
        let accepted = try await library.components.youtube.accept(
            try #require(YouTubeVideoID(rawValue: id)), requester: "somebody")

        _ = try await database.transaction { try await Video.delete(accepted.video, on: $0) }
        try await library.components.worker.drain()

        #expect(youtube.calls.isEmpty)
        #expect(try await Job.get(FetchVideoJob.kind, accepted.video.description, on: database) == nil)
    }

    @Test("what another library brought along without its jobs is fetched", arguments: TestEngine.allCases)
    func orphans(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init()])
        let library = try await library(youtube, engine)
        let database = library.components.database
        let video = try await database.transaction { try await VideoFetch.wantSingle(id, on: $0) }

        #expect(try await database.transaction { try await FetchVideo.adoptOrphans(limit: 10, on: $0) } == 1)
        #expect(try await database.transaction { try await FetchVideo.adoptOrphans(limit: 10, on: $0) } == 0)
        try await library.components.worker.drain()

        #expect(try await Video.get(video, on: database)?.state == .ready)
    }
}
