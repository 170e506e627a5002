package import Database
internal import Foundation
package import Logging
package import Providers

/// Everything that the command line and the server share, built once, in the order of dependence.
package struct Components: Sendable {
    package let settings: Settings
    package let database: Database
    package let embedder: Embedder
    package let bell: JobBell
    package let queue: JobQueue
    package let worker: Worker
    package let cron: Cron
    package let ingest: Ingest
    package let recordings: RecordingIntake
    package let youtube: YouTubeIntake
    package let fetcher: PoliteFetcher
    package let cache: SegmentCache
    package let retriever: Retriever
    /// The language model; nil where none is configured: then answers are quotes.
    package let chat: (any ChatModel)?
    package let ask: Ask
    package let runs: RunHost
    let changes: LibraryChanges
    private let closeProviders: @Sendable () async -> Void
    package let logger: Logger

    /// Opens the library, brings its schema up to date and wires the parts.
    ///
    /// - Parameters:
    ///   - embeddingModel: for tests; nil builds the one that the settings name.
    ///   - chatModel: for tests; nil builds the one that the settings name.
    ///   - databaseConfiguration: for tests: how long to wait for a lock.
    ///   - youtubeSource: for tests; nil is yt-dlp.
    ///   - transcriptionModel: for tests; nil builds the one that the settings name.
    ///   - workerTiming: for tests.
    ///   - runTiming: for tests.
    /// - Throws: `DataDirectoryError`, `DatabaseError`, `MigrationError`, `SchemaIncomplete`, `MailError`.
    package static func build(
        _ settings: Settings, logger: Logger, embeddingModel: (any EmbeddingModel)? = nil,
        chatModel: (any ChatModel)? = nil, databaseConfiguration: DatabaseConfiguration = DatabaseConfiguration(),
        youtubeSource: (any YouTubeSource)? = nil, transcriptionModel: (any TranscriptionModel)? = nil,
        workerTiming: WorkerTiming = WorkerTiming(),
        runTiming: RunTiming = RunTiming()
    ) async throws -> Components {
        let database = try await settings.storage.open(logger: logger, configuration: databaseConfiguration)
        try await LibrarySchema.migrator(for: database).run(on: database)
        try await LibrarySchema.checkColumns(on: database)
        let embedder =
            embeddingModel.map { Embedder($0, logger: logger) } ?? settings.embedding.embedder(logger: logger)
        let bell = JobBell()
        let indexVideo = IndexVideo(database: database, embedder: embedder, logger: logger)
        let tasks = try clockTasks(
            on: database, maximumVideos: settings.youtube.maximumVideos, logger: logger)
        let youtube = YouTubeParts(settings, database, youtubeSource, transcriptionModel, bell, logger)
        youtube.removeLeftovers()
        AudioFolder.removeLeftovers()
        let notices = try settings.notices.notices(
            database: database, pageBase: settings.publicURL, logger: logger)
        let bindings =
            [.indexVideo(indexVideo, slots: settings.workers), JobBinding.cron(tasks, on: database)]
            + youtube.bindings(settings, database, notices, logger) + notices.bindings()
        let queue = JobQueue(database: database, bindings: bindings, bell: bell)
        let worker = Worker(
            database: database, bindings: bindings, bell: bell, lockPath: try settings.storage.ingestLockPath,
            timing: workerTiming, logger: logger)
        let cache = SegmentCache(
            database: database, maximumBytes: settings.searchMemoryBytes, logger: logger,
            onDamaged: { bell.announce() })
        let retriever = Retriever(
            database: database, cache: cache, embedder: embedder, pageBase: settings.publicURL)
        let chat = chatModel ?? settings.chat?.chatModel()
        let holder = RunHolder(name: "\(ProcessName.current)/\(UUID())", lease: runTiming.lease)
        let ask = Ask(database: database, retriever: retriever, chat: chat, holder: holder, logger: logger)
        let runs = RunHost(
            database: database, holder: holder, timing: runTiming, pageBase: settings.publicURL, logger: logger,
            produce: { run, emit in try await ask.produce(run, emit: emit) })
        return Components(
            settings: settings, database: database, embedder: embedder, bell: bell, queue: queue, worker: worker,
            cron: Cron(tasks, database: database, bell: bell, logger: logger),
            ingest: Ingest(database: database, onAccepted: { bell.announce() }),
            recordings: RecordingIntake(
                database: database, hasTranscriber: youtube.hasTranscriber, logger: logger,
                onAccepted: { bell.announce() }),
            youtube: youtube.intake,
            fetcher: youtube.fetcher, cache: cache, retriever: retriever, chat: chat, ask: ask, runs: runs,
            changes: LibraryChanges(database: database, cache: cache, bell: bell, logger: logger),
            closeProviders: {
                await youtube.close()
                await notices.close()
            }, logger: logger)
    }

    /// Puts back to work what was given up, and what was indexed without the model that is there now.
    package func resumeWork() async throws {
        _ = try await queue.redrive(kind: IndexVideoJob.kind)
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await PendingIngest.revive(on: tx)
            // Without a model the old segments serve by their words: to replace them would throw their vectors away.
            if let model = embedder.identity { try await StoredTranscript.acceptOutdated(model: model.name, on: tx) }
        }
        try await adoptOrphans()
        try await cron.register()
    }

    /// Gives accepted transcripts and recordings that have no job theirs.
    package func adoptOrphans() async throws {
        while try await database.transaction(
            attempts: Job.conflictAttempts,
            { try await Recording.adoptOrphans(on: $0) + PendingIngest.adoptOrphans(on: $0) }) > 0
        {}
        bell.announce()
    }

    /// Gives back what is held.
    package func close() async throws {
        await runs.close()
        await closeProviders()
        await chat?.close()
        await embedder.close()
        try await database.close()
    }
}

extension JobBinding {
    static func indexVideo(_ handler: IndexVideo, slots: Int) -> JobBinding {
        JobBinding(
            IndexVideoJob.self, slots: slots, timeLimit: indexTimeLimit,
            onBuried: { job, reason, tx in
                guard let video = VideoID(job.subject) else { return }
                try await PendingIngest.bury(video, error: reason, since: job.startedAt, on: tx)
            },
            onRedriven: { job, tx in
                guard let video = VideoID(job.subject) else { return }
                try await PendingIngest.revive(video, on: tx)
            },
            { try await handler($0, $1) })
    }

    /// A recording of a hundred hours takes about ten minutes of embedding on one core.
    private static let indexTimeLimit = Duration.seconds(4 * 3_600)
}

extension EmbeddingSettings {
    /// The model that the settings name, or why there is none.
    package func embedder(logger: Logger) -> Embedder {
        switch self {
        case .embedded(let folder):
            let missing = OpenVINOEmbeddingModel.missingFiles(in: folder)
            guard missing.isEmpty else {
                return Embedder(
                    nil,
                    absence: """
                        the embedding model is not installed (\(missing.joined(separator: ", ")) not found in \
                        \(folder)): `scripts/setup` installs it
                        """, logger: logger)
            }
            return Embedder(OpenVINOEmbeddingModel(folder: folder), logger: logger)
        case .endpoint(let baseURL, let apiKey, let model, let dimensions, let requestsDimensions):
            var configuration = EndpointEmbeddingModel.Configuration(
                baseURL: baseURL, apiKey: apiKey, model: model, dimensions: dimensions)
            configuration.requestsDimensions = requestsDimensions
            return Embedder(EndpointEmbeddingModel(configuration), logger: logger)
        }
    }
}
