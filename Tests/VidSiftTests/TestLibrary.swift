import Captions
import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

/// A library of its own on one of the engines, which goes with it.
struct TestLibrary {
    let folder: TemporaryFolder
    /// Its database on a server; nil where it is in the folder.
    let place: TestDatabase?
    let components: Components
    private let variables: [String: String]
    private let embeddingModel: (any EmbeddingModel)?
    private let chatModel: (any ChatModel)?
    private let youtubeSource: (any YouTubeSource)?
    private let transcriptionModel: (any TranscriptionModel)?
    private let workerTiming: WorkerTiming
    private let runTiming: RunTiming

    /// - Parameters:
    ///   - variables: besides where it is kept; without more the library works by words alone.
    ///   - template: what is in it from the beginning.
    init(
        _ variables: [String: String] = [:], engine: TestEngine = .sqlite, template: DatabaseTemplate = .library,
        in folder: TemporaryFolder = TemporaryFolder(), embeddingModel: (any EmbeddingModel)? = nil,
        chatModel: (any ChatModel)? = nil, youtubeSource: (any YouTubeSource)? = nil,
        transcriptionModel: (any TranscriptionModel)? = nil,
        databaseConfiguration: DatabaseConfiguration = DatabaseConfiguration(),
        workerTiming: WorkerTiming = WorkerTiming(), runTiming: RunTiming = RunTiming()
    ) async throws {
        if engine == .sqlite { try await Self.fill(folder, template) }
        try await self.init(
            variables, at: engine == .sqlite ? nil : try await engine.makeDatabase(template), in: folder,
            embeddingModel: embeddingModel, chatModel: chatModel, youtubeSource: youtubeSource,
            transcriptionModel: transcriptionModel,
            databaseConfiguration: databaseConfiguration, workerTiming: workerTiming, runTiming: runTiming)
    }

    private init(
        _ variables: [String: String], at place: TestDatabase?, in folder: TemporaryFolder,
        embeddingModel: (any EmbeddingModel)?, chatModel: (any ChatModel)?, youtubeSource: (any YouTubeSource)?,
        transcriptionModel: (any TranscriptionModel)?,
        databaseConfiguration: DatabaseConfiguration, workerTiming: WorkerTiming, runTiming: RunTiming
    ) async throws {
        self.folder = folder
        self.place = place
        self.variables = variables
        self.embeddingModel = embeddingModel
        self.chatModel = chatModel
        self.youtubeSource = youtubeSource
        self.transcriptionModel = transcriptionModel
        self.workerTiming = workerTiming
        self.runTiming = runTiming
        var defaults = ["DATA_DIR": folder.path + "/data", "VIDSIFT_EMBEDDING_DIR": folder.path + "/no-model"]
        if let url = place?.url { defaults["DATABASE_URL"] = url }
        let settings = try Settings.resolve(variables: defaults.merging(variables) { $1 })
        components = try await Components.build(
            settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, embeddingModel: embeddingModel,
            chatModel: chatModel, databaseConfiguration: databaseConfiguration, youtubeSource: youtubeSource,
            transcriptionModel: transcriptionModel,
            workerTiming: workerTiming, runTiming: runTiming)
    }

    /// A new folder gets its schema from the program itself.
    private static func fill(_ folder: TemporaryFolder, _ template: DatabaseTemplate) async throws {
        guard template.name != DatabaseTemplate.library.name else { return }
        let data = try DataDirectory(folder.path + "/data")
        let database = try await Database.sqlite(at: data.databasePath)
        try await template.prepare(database)
        try await database.close()
    }

    /// Another instance of the program on the same library, with connections and caches of its own.
    func anotherInstance(
        databaseConfiguration: DatabaseConfiguration = DatabaseConfiguration(),
        transcriptionModel: (any TranscriptionModel)? = nil
    ) async throws -> TestLibrary {
        try await TestLibrary(
            variables, at: place, in: folder, embeddingModel: embeddingModel, chatModel: chatModel,
            youtubeSource: youtubeSource, transcriptionModel: transcriptionModel ?? self.transcriptionModel,
            databaseConfiguration: databaseConfiguration, workerTiming: workerTiming,
            runTiming: runTiming)
    }

    /// The program started again on the same library, after this instance has ended.
    func restarted(embeddingModel: (any EmbeddingModel)? = nil) async throws -> TestLibrary {
        try await components.close()
        return try await TestLibrary(
            variables, at: place, in: folder, embeddingModel: embeddingModel, chatModel: chatModel,
            youtubeSource: youtubeSource, transcriptionModel: transcriptionModel,
            databaseConfiguration: DatabaseConfiguration(), workerTiming: workerTiming,
            runTiming: runTiming)
    }

    /// Adds captions and has them indexed.
    @discardableResult
    func add(
        _ text: String, named name: String = "talk.vtt", channel: ChannelChoice = .library, title: String? = nil
    ) async throws -> Ingest.Outcome {
        let outcome = try await accept(text, named: name, channel: channel, title: title)
        try await indexAll()
        return outcome
    }

    /// Has everything done that waits, after whoever else works on it.
    func indexAll() async throws {
        try await components.worker.drain()
        // A server beside it may be at work on what this one then did not find.
        try await eventually("all is done") {
            try await !Job.isAnyOpen(of: [IndexVideoJob.kind], on: components.database)
        }
    }

    /// Adds captions and leaves the index to be made.
    func accept(
        _ text: String, named name: String = "talk.vtt", channel: ChannelChoice = .library, title: String? = nil
    ) async throws -> Ingest.Outcome {
        let source = SourceName(fileName: name)
        return try await components.ingest.accept(
            Ingest.Submission(
                bytes: Array(text.utf8), fileName: name, key: "file:/test/" + name, sourceID: source.sourceID,
                youtubeID: source.youtubeID, title: title, language: source.language),
            channel: channel)
    }

    /// Lets workers take the next job and end without a word, again and again.
    func crashWorkers(times: Int = 1) async throws {
        let database = components.database
        for _ in 0..<times {
            let claim = Job.claim(IndexVideoJob.kind, limit: 1, by: Claimant(worker: "dead", lease: .zero))
            _ = try await database.rows(claim, as: Job.self)
            _ = try await Job.rescue(.expired, by: "test", on: database)
        }
    }

    /// Asks, and collects what happens.
    func ask(_ text: String, about subject: Question.Subject = .init()) async throws -> [AnswerEvent] {
        try await run(Question(text: text, owner: "owner", subject: subject)).events
    }

    /// Asks, and waits for the answer.
    func run(_ question: Question) async throws -> (run: Ask.Run, events: [AnswerEvent]) {
        let run = try await components.runs.start { try await components.ask.begin(question) }
        let events = EventLog()
        try await components.runs.answer(run) { events.append($0) }
        return (run, events.all)
    }
}

extension TestLibrary {
    /// Runs `body` while a connection of its own keeps everybody else from writing, as another program would.
    ///
    /// - Parameter tables: what nobody else may write into where that can be said.
    func whileLocked(
        tables: String = "channels, videos, ingests, chat_sessions", _ body: @Sendable () async throws -> Void
    ) async throws {
        let other = try await components.settings.storage.open(logger: components.logger)
        do {
            try await other.transaction { tx in
                // SQLite's transactions that write do so by themselves.
                if other.kind == .postgres {
                    try await tx.execute("LOCK TABLE \(unescaped: tables) IN EXCLUSIVE MODE")
                }
                try await body()
            }
        } catch {
            // What went wrong inside says more than a failure to close.
            try? await other.close()
            throw error
        }
        try await other.close()
    }
}

extension Ingest.Outcome {
    /// Whether a video's captions were taken in, as a change or as something new.
    func isAccepted(_ video: VideoID, isReplacement expected: Bool) -> Bool {
        guard case .accepted(video, _, isReplacement: expected) = self else { return false }
        return true
    }

    /// The job that makes the index; nil where there is nothing to be done.
    var job: JobID? {
        guard case .accepted(_, let job, _) = self else { return nil }
        return job
    }
}

extension DatabaseTemplate {
    /// An empty library with the program's schema.
    static let library = DatabaseTemplate(name: "library") { database in
        _ = try await LibrarySchema.migrator(for: database).run(on: database)
    }
}

extension DatabaseConfiguration {
    /// Waits hardly for a lock: not for that of SQLite's file, and not long for a statement on a server.
    static let impatient = DatabaseConfiguration(
        durability: .processEnd, statementTimeout: .seconds(1), busyTimeout: .milliseconds(20))
}

/// Collects events in order.
final class EventLog {
    private(set) var all: [AnswerEvent] = []
    func append(_ event: AnswerEvent) { all.append(event) }
}

/// A folder that is removed when nothing holds it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("vidsift-" + UUID().uuidString).path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            Issue.record("no temporary folder could be made: \(error)")
        }
    }

    deinit {
        // A folder that stays behind in the temporary directory does no harm.
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

/// Where the package and what lies beside it is.
enum Places {
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// The shared fixtures, which only a developer's checkout has.
    static let fixtures = package.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
    static let embeddingModel = package.appendingPathComponent(".tools/embedding")

    static var hasFixtures: Bool { FileManager.default.fileExists(atPath: fixtures.path) }
    static var hasEmbeddingModel: Bool { OpenVINOEmbeddingModel.missingFiles(in: embeddingModel.path).isEmpty }
}

/// Captions for tests, written for them.
enum SampleTalks {
    /// A talk about bees: one statement a cue of six seconds.
    static let bees = vtt(beeSentences)
    static let beeSentences = [
        "A colony of honey bees can hold fifty thousand workers in summer.",
        "The queen lays up to two thousand eggs in a single day.",
        "Scouts tell the others where flowers are by dancing on the comb.",
        "The angle of the dance gives the direction against the sun.",
        "A longer dance means that the flowers are farther away.",
        "In winter the bees form a ball and shiver to keep warm.",
        "Their muscles work without moving the wings, and that makes heat.",
        "A hive needs about twenty kilograms of honey until spring.",
    ]

    /// A talk about locks on canals.
    static let canals = vtt([
        "A canal lock lifts a boat from one level of water to another.",
        "Two gates close the chamber, and the pressure of the water holds them shut.",
        "The gates form a shallow V that points upstream.",
        "Leonardo da Vinci is said to have drawn the mitre gate in Milan.",
        "One passage uses about two hundred thousand litres of water.",
        "At the summit a reservoir must supply what each boat takes away.",
    ])

    static func vtt(_ sentences: [String]) -> String {
        var text = "WEBVTT\n\n"
        for (index, sentence) in sentences.enumerated() {
            text += "\(time(index * 6)) --> \(time(index * 6 + 6))\n\(sentence)\n\n"
        }
        return text
    }

    private static func time(_ seconds: Int) -> String {
        String(format: "%02d:%02d:%02d.000", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}
