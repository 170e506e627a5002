import Database
import Foundation
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

@Suite("Making the index of a video", .timeLimit(.minutes(1))) struct IndexVideoTests {
    @Test("passing failures are not given up after a few, and each is remembered", arguments: TestEngine.allCases)
    func patience(engine: TestEngine) async throws {
        let library = try await TestLibrary(
            engine: engine,
            embeddingModel: CountingModel(failure: ProviderError(.unavailable, "The endpoint failed.")))
        let database = library.components.database
        let outcome = try await library.accept(SampleTalks.bees)
        let job = try #require(outcome.job)

        for _ in 0..<20 {
            _ = try await library.components.queue.retry(job)
            try await library.components.worker.drain()
        }

        let video = try #require(try await Video.get(outcome.videoID, on: database))
        #expect(video.state == .pending && video.attempts == 20)
        let attempts = try await JobAttempt.list(of: job, limit: 100, on: database)
        #expect(attempts.count == 20)
        #expect(attempts.allSatisfy { $0.outcome == .failed && $0.error == "The endpoint failed." })
    }

    @Test(
        "a failure that will not pass is given up at once with its reason, and the video has failed",
        arguments: TestEngine.allCases)
    func permanent(engine: TestEngine) async throws {
        let library = try await TestLibrary(
            engine: engine,
            embeddingModel: CountingModel(failure: ProviderError(.unauthorised, "The key is wrong.")))
        let database = library.components.database
        let outcome = try await library.accept(SampleTalks.bees)

        try await library.components.worker.drain()

        let video = try #require(try await Video.get(outcome.videoID, on: database))
        #expect(video.state == .failed && video.lastError == "The key is wrong.")
        let ended = try await ArchivedJob.get(try #require(outcome.job), on: database)
        #expect(ended?.state == .buried && ended?.lastError == "The key is wrong.")
    }

    @Test("an attempt that ended with its process is made again", arguments: TestEngine.allCases)
    func crashed(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let outcome = try await library.accept(SampleTalks.bees)

        try await library.crashWorkers()
        try await library.components.worker.drain()

        #expect(try await Video.get(outcome.videoID, on: database)?.state == .ready)
        let attempts = try await JobAttempt.list(of: try #require(outcome.job), limit: 10, on: database)
        #expect(attempts.map(\.outcome) == [.lost] && attempts.map(\.worker) == ["dead"])
    }

    @Test("an index that comes after its claim was lost is not written", arguments: TestEngine.allCases)
    func zombie(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let claim = Job.claim(IndexVideoJob.kind, limit: 1, by: Claimant(worker: "one", lease: .zero))
        let job = try #require(try await database.first(claim, as: Job.self))
        _ = try await Job.rescue(.expired, by: "two", on: database)
        let late = RunningJob(
            job: job, claim: HeldJob(id: job.id, worker: "one", fence: job.fence, parentID: nil), isArchived: true,
            logger: library.components.logger)
        let index = IndexVideo(
            database: database, embedder: library.components.embedder, logger: library.components.logger)

        await #expect(throws: LeaseLost.self) { _ = try await index(IndexVideoJob(video: id), late) }

        #expect(try await Video.get(id, on: database)?.state == .pending)
        #expect(try await StoredPassage.all(of: id, on: database).isEmpty)
        #expect(try await PendingIngest.get(id, on: database) != nil)
    }

    @Test(
        "content that was replaced while the old one's index is made is indexed by the same job",
        arguments: TestEngine.allCases)
    func replaced(engine: TestEngine) async throws {
        let model = HeldModel()
        let library = try await TestLibrary(engine: engine, embeddingModel: model)
        let database = library.components.database
        let first = try await library.accept(SampleTalks.bees)
        let work = Task { try await library.components.worker.drain() }
        await model.isAsked()

        let second = try await library.accept(SampleTalks.canals)
        model.letGo()
        try await work.value

        #expect(second.job == first.job && second.isAccepted(first.videoID, isReplacement: true))
        let video = try #require(try await Video.get(first.videoID, on: database))
        #expect(video.state == .ready && video.stage == nil)
        let words = try await StoredPassage.all(of: first.videoID, on: database).map(\.text).joined()
        #expect(words.contains("lock") && !words.contains("queen"))
    }

    @Test(
        "giving the old content up neither buries nor delays what has replaced it", arguments: TestEngine.allCases)
    func stale(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let claim = Job.claim(IndexVideoJob.kind, limit: 1, by: Claimant(worker: "one", lease: .seconds(60)))
        let old = try #require(try await database.first(claim, as: Job.self))
        _ = try await library.accept(SampleTalks.canals)

        try await database.transaction {
            try await PendingIngest.bury(id, error: "no", since: old.startedAt, on: $0)
        }

        let video = try #require(try await Video.get(id, on: database))
        #expect(video.state == .pending && video.lastError == nil)
        let checksum = try await PendingIngest.checksum(of: id, on: database)
        #expect(try await PendingIngest.count(on: database) == 1 && checksum != nil)
    }

    @Test("a new content begins with all attempts before it", arguments: TestEngine.allCases)
    func startsOver(engine: TestEngine) async throws {
        let failing = CountingModel(failure: ProviderError(.unavailable, "The endpoint failed."))
        let library = try await TestLibrary(engine: engine, embeddingModel: failing)
        let database = library.components.database
        let first = try await library.accept(SampleTalks.bees)
        try await library.components.worker.drain()
        let job = try #require(first.job)
        #expect(try await Job.get(job, on: database)?.state == .scheduled)

        let second = try await library.accept(SampleTalks.canals)

        #expect(second.job == job)
        let open = try #require(try await Job.get(job, on: database))
        #expect(open.state == .pending && open.attempts == 0)
    }
}
