import Database
import Foundation
import Logging
import Testing

@testable import Providers
@testable import VidSift

@Suite("A disk without space")
struct DiskFullTests {
    /// About 200 KB of captions.
    private static let longTalk = SampleTalks.vtt(
        (0..<2_000).map { "Sentence \($0) of the long talk is about harbour \($0 * 7) and the tides in its basin." })

    @Test("captions for which there is no space are refused as a whole, and taken when there is space")
    func accepting() async throws {
        let folder = TemporaryFolder()
        let empty = try await Library(in: folder).closed()
        let full = try await Library(in: folder, maximumBytes: empty + 100_000)

        let error = await #expect(throws: DatabaseError.self) { _ = try await full.accept(Self.longTalk) }

        #expect(error?.kind == .diskFull && error?.description.isEmpty == false)
        #expect(try await Video.list(after: nil, limit: 10, on: full.database).isEmpty)
        try await full.close()

        let roomy = try await Library(in: folder)
        let video = try await roomy.accept(Self.longTalk).videoID
        try await roomy.worker.drain()
        #expect(try await Video.get(video, on: roomy.database)?.state == .ready)
        try await roomy.close()
    }

    @Test("an index for which there is no space leaves the accepted captions, and is made when there is space")
    func indexing() async throws {
        let folder = TemporaryFolder()
        let first = try await Library(in: folder)
        let outcome = try await first.accept(Self.longTalk)
        let (video, job) = (outcome.videoID, try #require(outcome.job))
        let transcript = try #require(try await PendingIngest.get(video, on: first.database)?.transcript.utf8.count)
        let accepted = try await first.closed()

        // Neither where nothing more fits nor where a part of the index does.
        for room in [0, transcript + transcript / 4] {
            let full = try await Library(in: folder, maximumBytes: accepted + room)
            _ = try await full.queue.retry(job)
            try await full.worker.drain()
            let waiting = try #require(try await Video.get(video, on: full.database))
            #expect(waiting.state == .pending && waiting.stage == "accepted")
            #expect(waiting.lastError == "There is no room left for the database.")
            #expect(try await Job.get(job, on: full.database)?.state == .scheduled)
            #expect(try await full.database.value("SELECT count(*) FROM passages", as: Int.self) == 0)
            try await full.close()
        }

        let roomy = try await Library(in: folder)
        #expect(try await roomy.queue.retry(job) == .queued)
        try await roomy.worker.drain()
        #expect(try await Video.get(video, on: roomy.database)?.state == .ready)
        let attempts = try await JobAttempt.list(of: job, limit: 10, on: roomy.database)
        #expect(attempts.map(\.outcome) == [.failed, .failed])
        #expect(try await roomy.database.quickCheck().isEmpty)
        try await roomy.close()
    }

    /// What takes captions in, on a database whose file may not grow beyond a limit.
    private struct Library {
        let database: Database
        let ingest: Ingest
        let queue: JobQueue
        let worker: Worker

        init(in folder: TemporaryFolder, maximumBytes: Int? = nil) async throws {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let configuration = DatabaseConfiguration(maximumFileBytes: maximumBytes.map(Int64.init))
            let database = try await Database.sqlite(
                at: folder.path + "/small.db", logger: logger, configuration: configuration)
            try await Migrator(SQLiteMigrations.all).run(on: database)
            let index = IndexVideo(
                database: database, embedder: Embedder(nil, logger: logger), logger: logger)
            let bindings = [JobBinding.indexVideo(index, slots: 1)]
            self.database = database
            ingest = Ingest(database: database, onAccepted: {})
            queue = JobQueue(database: database, bindings: bindings, bell: JobBell())
            worker = Worker(
                database: database, bindings: bindings, bell: JobBell(), lockPath: folder.path + "/ingest.lock",
                logger: logger)
        }

        func accept(_ captions: String) async throws -> Ingest.Outcome {
            try await ingest.accept(
                .init(bytes: Array(captions.utf8), fileName: "long.vtt", key: "file:long.vtt", sourceID: "long"),
                channel: .library)
        }

        func close() async throws { try await database.close() }

        /// Closes the database.
        ///
        /// - Returns: how many bytes its pages take.
        func closed() async throws -> Int {
            let bytes = try await database.value(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", as: Int.self)
            try await close()
            return try #require(bytes)
        }
    }
}
