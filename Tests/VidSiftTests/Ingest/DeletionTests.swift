import Database
import Foundation
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

@Suite(.timeLimit(.minutes(1))) struct DeletionTests {
    @Test(
        "a video that is deleted while its index is built leaves nothing behind", arguments: [false, true],
        TestEngine.allCases)
    func whileIndexing(withItsChannel: Bool, engine: TestEngine) async throws {
        let model = HeldModel()
        let library = try await TestLibrary(engine: engine, embeddingModel: model)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees, channel: .named("Bees")).videoID
        let work = Task { try await library.components.worker.drain() }
        await model.isAsked()

        try await database.transaction { tx in
            if withItsChannel {
                let channel = try #require(try await Channel.find("Bees", on: tx))
                #expect(try await Channel.delete(channel.id, on: tx))
            } else {
                #expect(try await Video.delete(id, on: tx))
            }
        }
        model.letGo()
        try await work.value

        for table in ["videos", "ingests", "transcripts", "passages", "segments"] {
            let count = try await database.value("SELECT count(*) FROM \(unescaped: table)", as: Int.self)
            #expect(count == 0, "\(table)")
        }
        #expect(try await Job.get(IndexVideoJob.kind, id.description, on: database) == nil)
        #expect(try await library.ask("How many eggs does the queen lay?").outcome?.reason == .noTranscript)
    }

    @Test(
        "the same file, added again while the index of the deleted video is built, becomes a video of its own",
        arguments: TestEngine.allCases)
    func addedAgain(engine: TestEngine) async throws {
        let model = HeldModel()
        let library = try await TestLibrary(engine: engine, embeddingModel: model)
        let database = library.components.database
        let id = try await library.accept(SampleTalks.bees).videoID
        let work = Task { try await library.components.worker.drain() }
        await model.isAsked()

        _ = try await database.transaction { try await Video.delete(id, on: $0) }
        let again = try await library.accept(SampleTalks.bees)
        model.letGo()
        try await work.value

        #expect(again.isAccepted(again.videoID, isReplacement: false) && again.videoID != id)
        try await library.components.worker.drain()
        #expect(
            try await database.values("SELECT DISTINCT video_id FROM passages", as: VideoID.self) == [again.videoID])
        #expect(try await Video.get(again.videoID, on: database)?.state == .ready)
    }
}

/// Counts letters, but waits in its first work until it is let go.
final class HeldModel: EmbeddingModel {
    private let counting = CountingModel()
    private let asked = AsyncStream.makeStream(of: Void.self)
    private let gate = AsyncStream.makeStream(of: Void.self)

    var identity: EmbeddingModelIdentity { counting.identity }
    var maximumTokens: Int { counting.maximumTokens }

    /// Returns once it was given something to embed.
    func isAsked() async {
        for await _ in asked.stream { return }
    }

    func letGo() { gate.continuation.finish() }

    func embed(_ texts: [String]) async throws -> Embeddings {
        asked.continuation.yield()
        for await _ in gate.stream {}
        return try await counting.embed(texts)
    }

    func close() async {}
}
