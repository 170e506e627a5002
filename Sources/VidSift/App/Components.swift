package import Database
internal import Foundation
package import Logging
package import Providers

/// Everything that the command line and the server share, built once, in the order of dependence.
package struct Components: Sendable {
    package let settings: Settings
    package let database: Database
    package let embedder: Embedder
    package let progress: ProgressBoard
    package let wakeUp: WakeUp
    package let jobs: JobRunner
    package let ingest: Ingest
    package let cache: SegmentCache
    package let retriever: Retriever
    package let ask: Ask
    let changes: LibraryChanges
    package let logger: Logger

    /// Opens the library, brings its schema up to date and wires the parts.
    ///
    /// - Parameters:
    ///   - embeddingModel: for tests; nil builds the one that the settings name.
    ///   - databaseConfiguration: for tests: how long to wait for a lock.
    ///   - onProgress: called at each step of an index that is being built.
    /// - Throws: `DataDirectoryError`, `DatabaseError`, `MigrationError`.
    package static func build(
        _ settings: Settings, logger: Logger, embeddingModel: (any EmbeddingModel)? = nil,
        databaseConfiguration: DatabaseConfiguration = DatabaseConfiguration(),
        onProgress: (@Sendable (VideoID, ProgressBoard.Step) -> Void)? = nil
    ) async throws -> Components {
        let database = try await settings.storage.open(logger: logger, configuration: databaseConfiguration)
        try await LibrarySchema.migrator(for: database).run(on: database)
        let embedder =
            embeddingModel.map { Embedder($0, logger: logger) } ?? settings.embedding.embedder(logger: logger)
        let progress = ProgressBoard(onReport: onProgress)
        let wakeUp = WakeUp()
        let indexVideo = IndexVideo(database: database, embedder: embedder, progress: progress, logger: logger)
        let jobs = JobRunner(
            database: database, handlers: [.indexVideo: { try await indexVideo($0, under: $1) }],
            rights: WorkRights(database: database, lockPath: try settings.storage.ingestLockPath, logger: logger),
            wakeUp: wakeUp, logger: logger)
        let cache = SegmentCache(
            database: database, maximumBytes: settings.searchMemoryBytes, logger: logger,
            onDamaged: { wakeUp.signal() })
        let retriever = Retriever(
            database: database, cache: cache, embedder: embedder, pageBase: settings.publicURL)
        return Components(
            settings: settings, database: database, embedder: embedder, progress: progress, wakeUp: wakeUp,
            jobs: jobs, ingest: Ingest(database: database, onAccepted: { wakeUp.signal() }), cache: cache,
            retriever: retriever, ask: Ask(database: database, retriever: retriever, logger: logger),
            changes: LibraryChanges(database: database, cache: cache, wakeUp: wakeUp, logger: logger), logger: logger)
    }

    /// Puts back to work what was given up, and what was indexed without the model that is there now.
    package func resumeWork() async throws {
        try await jobs.reviveFailed()
        // Without a model the old segments serve by their words: to replace them would throw their vectors away.
        if let model = embedder.identity { try await jobs.acceptOutdated(model: model.name) }
        wakeUp.signal()
    }

    /// Gives back what is held.
    package func close() async throws {
        await embedder.close()
        try await database.close()
    }
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
