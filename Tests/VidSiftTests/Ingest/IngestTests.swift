import Captions
import Database
import Foundation
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

@Suite struct IngestTests {
    @Test("the same file again is recognised and does nothing", arguments: TestEngine.allCases)
    func unchanged(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let first = try await library.add(SampleTalks.bees)
        let again = try await library.add(SampleTalks.bees)
        #expect(again == .unchanged(first.videoID))
        let renamed = try await library.add(SampleTalks.bees, named: "copy.vtt")
        #expect(renamed == .unchanged(first.videoID))
        #expect(try await Video.list(after: nil, limit: 10, on: library.components.database).count == 1)
    }

    @Test(
        "a changed file replaces: the old words are gone, the new ones are found, the id stays",
        arguments: TestEngine.allCases)
    func changed(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let first = try await library.add(SampleTalks.bees)
        let second = try await library.add(SampleTalks.canals)
        #expect(second.isAccepted(first.videoID, isReplacement: true))
        #expect(try await library.ask("What lifts a boat?").outcome?.isAnswered == true)
        #expect(try await library.ask("How many eggs does the queen lay?").outcome?.isAnswered == false)
        let passages = try await StoredPassage.all(of: first.videoID, on: library.components.database)
        #expect(!passages.contains { $0.text.contains("queen") })
    }

    @Test("while a changed file waits for its index the old one goes on serving", arguments: TestEngine.allCases)
    func oldServes(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees)
        _ = try await library.accept(SampleTalks.canals)
        #expect(try await library.ask("How many eggs does the queen lay?").outcome?.isAnswered == true)
    }

    @Test(
        "a transcript that changes while its index is built does not become the old one", arguments: TestEngine.allCases
    )
    func changedMeanwhile(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let outcome = try await library.accept(SampleTalks.bees)
        let pending = try #require(try await PendingIngest.get(outcome.videoID, on: database))
        _ = try await library.accept(SampleTalks.canals)
        let stale = VideoIndex(
            videoID: pending.videoID, channelID: nil, checksum: pending.checksum, title: "stale", language: nil,
            durationMilliseconds: 0, transcript: pending.transcript, passages: [], model: "", segment: [])
        #expect(try await database.transaction { try await stale.takeAccepted(on: $0) } == false)
        try await library.components.worker.drain()
        #expect(try await library.ask("What lifts a boat?").outcome?.isAnswered == true)
    }

    @Test("what an ended process left accepted is finished by the next one", arguments: TestEngine.allCases)
    func resumes(engine: TestEngine) async throws {
        let ended = try await TestLibrary(engine: engine)
        _ = try await ended.accept(SampleTalks.bees)
        let library = try await ended.restarted()
        try await library.components.worker.drain()
        #expect(try await library.ask("How many eggs does the queen lay?").outcome?.isAnswered == true)
    }

    @Test("a job that ends its process again and again is given up, and says so", arguments: TestEngine.allCases)
    func poison(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        try await library.crashWorkers(times: RetryPolicy().maximumCrashes)
        try await library.components.worker.drain()
        let video = try #require(try await Video.get(id, on: database))
        #expect(video.state == .failed)
        #expect(video.lastError?.contains("given up after") == true)

        try await library.components.resumeWork()
        try await library.components.worker.drain()
        #expect(try await Video.get(id, on: database)?.state == .ready, "a restart gives it another round")
    }

    @Test("channels keep videos apart, and the same talk may be in two", arguments: TestEngine.allCases)
    func channels(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let one = try await library.add(SampleTalks.bees, channel: .named("One"))
        let two = try await library.add(SampleTalks.bees, channel: .named("Two"))
        #expect(one.videoID != two.videoID)
        let events = try await library.ask("What do bees do in winter?", about: .init(channel: "One"))
        #expect(Set(events.sources.map(\.video.id)) == [one.videoID])
    }

    @Test(
        "what no speech can be made of is refused with its reason",
        arguments: [
            ("", "empty"), ("WEBVTT\n\n00:00.000 --> 00:02.000\n[Music]\n", "no speech"),
            ("\u{0}\u{1}\u{2}garbage\u{FFFD}", "no captions can be made of it"),
            ("<!DOCTYPE html><html><body>Before you continue</body></html>", "no captions can be made of it"),
        ])
    func refused(text: String, reason: String) async throws {
        let library = try await TestLibrary()
        do {
            _ = try await library.accept(text)
            Issue.record("it was accepted")
        } catch let error as IngestError {
            #expect(error.description.contains(reason), "\(error)")
        }
        #expect(try await Video.list(after: nil, limit: 10, on: library.components.database).isEmpty)
    }

    @Test("a hundred megabytes of captions are refused by their size", arguments: TestEngine.allCases)
    func tooLarge(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 100 << 20)
        await #expect(throws: IngestError.tooLarge(name: "big.vtt", bytes: 100 << 20, maximum: Transcript.maximumBytes))
        {
            _ = try await library.components.ingest.accept(
                .init(bytes: bytes, fileName: "big.vtt", key: "file:big.vtt", sourceID: "big"), channel: .library)
        }
    }

    @Test(
        "deleting a channel takes its videos, passages and segments, and answers stop at once",
        arguments: TestEngine.allCases)
    func deletion(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        try await library.add(SampleTalks.bees, channel: .named("Bees"))
        #expect(try await library.ask("What do bees do in winter?").outcome?.isAnswered == true)
        let channel = try #require(try await Channel.find("Bees", on: database))
        _ = try await database.transaction { try await Channel.delete(channel.id, on: $0) }
        #expect(try await library.ask("What do bees do in winter?").outcome?.reason == .noTranscript)
        #expect(try await database.value("SELECT count(*) FROM passages", as: Int.self) == 0)
        #expect(try await database.value("SELECT count(*) FROM segments", as: Int.self) == 0)
    }

    @Test(
        "a library that was indexed by words alone is indexed again once there is a model",
        arguments: TestEngine.allCases)
    func newModel(engine: TestEngine) async throws {
        let ended = try await TestLibrary(engine: engine)
        try await ended.add(SampleTalks.bees)
        let library = try await ended.restarted(embeddingModel: CountingModel())
        try await library.components.resumeWork()
        try await library.components.worker.drain()
        let models = try await library.components.database.values("SELECT model FROM segments", as: String.self)
        #expect(models == ["counting"])
    }

    @Test(
        "an endpoint that fails for a while is tried again, and the attempt is remembered",
        arguments: TestEngine.allCases)
    func passingFailure(engine: TestEngine) async throws {
        let library = try await TestLibrary(
            engine: engine,
            embeddingModel: CountingModel(failure: ProviderError(.unavailable, "The endpoint failed.")))
        let id = try await library.accept(SampleTalks.bees).videoID
        try await library.components.worker.drain()
        let video = try #require(try await Video.get(id, on: library.components.database))
        #expect(video.state == .pending && video.attempts == 1)
        #expect(video.lastError == "The endpoint failed.")
        let job = try await Job.get(IndexVideoJob.kind, id.description, on: library.components.database)
        #expect(job?.state == .scheduled, "it is put off")
    }
}

/// Vectors that count letters: no meaning, but deterministic, and able to fail.
struct CountingModel: EmbeddingModel {
    var failure: ProviderError?
    var identity: EmbeddingModelIdentity { .init(name: "counting", dimensions: 26) }
    var maximumTokens: Int { 256 }

    func embed(_ texts: [String]) async throws -> Embeddings {
        if let failure { throw failure }
        var values: [Float] = []
        for text in texts {
            var counts = [Float](repeating: 0.01, count: 26)
            for byte in text.lowercased().utf8 where (97...122).contains(byte) { counts[Int(byte) - 97] += 1 }
            let length = counts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            values += counts.map { $0 / length }
        }
        return Embeddings(dimensions: 26, values: values)
    }

    func close() async {}
}
