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
        try await roomy.jobs.runDue()
        #expect(try await Video.get(video, on: roomy.database)?.state == .ready)
        try await roomy.close()
    }

    @Test("an index for which there is no space leaves the accepted captions, and is made when there is space")
    func indexing() async throws {
        let folder = TemporaryFolder()
        let first = try await Library(in: folder)
        let video = try await first.accept(Self.longTalk).videoID
        let transcript = try #require(try await PendingIngest.get(video, on: first.database)?.transcript.utf8.count)
        let accepted = try await first.closed()
        let job = Job(kind: .indexVideo, subject: video.description)

        // Not even the attempt can be written down.
        let full = try await Library(in: folder, maximumBytes: accepted)
        let error = await #expect(throws: DatabaseError.self) { try await full.jobs.run(job) }
        #expect(error?.kind == .diskFull)
        #expect(try await Video.get(video, on: full.database)?.stage == "accepted")
        try await full.close()

        // The attempt can, the index can't.
        let tight = try await Library(in: folder, maximumBytes: accepted + transcript + transcript / 4)
        let outcome = try await tight.jobs.run(job)
        guard case .retry(_, let reason) = outcome else {
            Issue.record("it ended as \(outcome)")
            return
        }
        let waiting = try #require(try await Video.get(video, on: tight.database))
        #expect(waiting.state == .pending && waiting.stage == "accepted" && waiting.lastError == reason)
        #expect(reason == "There is no room left for the database.")
        #expect(try await tight.database.value("SELECT count(*) FROM passages", as: Int.self) == 0)
        try await tight.close()

        let roomy = try await Library(in: folder)
        try await roomy.jobs.run(job)
        #expect(try await Video.get(video, on: roomy.database)?.state == .ready)
        #expect(try await roomy.database.quickCheck().isEmpty)
        try await roomy.close()
    }

    /// What takes captions in, on a database whose file may not grow beyond a limit.
    private struct Library {
        let database: Database
        let ingest: Ingest
        let jobs: JobRunner

        init(in folder: TemporaryFolder, maximumBytes: Int? = nil) async throws {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let configuration = DatabaseConfiguration(maximumFileBytes: maximumBytes.map(Int64.init))
            let database = try await Database.sqlite(
                at: folder.path + "/small.db", logger: logger, configuration: configuration)
            try await Migrator(SQLiteMigrations.all).run(on: database)
            let index = IndexVideo(
                database: database, embedder: Embedder(nil, logger: logger), progress: ProgressBoard(onReport: nil),
                logger: logger)
            self.database = database
            ingest = Ingest(database: database, onAccepted: {})
            jobs = JobRunner(
                database: database, handlers: [.indexVideo: { try await index($0, under: $1) }],
                rights: WorkRights(database: database, lockPath: folder.path + "/ingest.lock", logger: logger),
                wakeUp: WakeUp(), logger: logger)
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
