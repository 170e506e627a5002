package import Database
package import Logging
package import Providers

/// The summaries of videos: each is made once, by whoever asks for it first on whatever instance, and kept as long as
/// the transcript, the model and what it is told are the same.
package struct VideoSummaries: Sendable {
    /// How long the others wait for the one who makes it.
    static let patience = Duration.seconds(300)
    /// How often they look.
    static let lookAgain = Duration.milliseconds(250)
    /// How long a model that has failed is not asked again.
    static let recovery = Duration.seconds(60)

    let database: Database
    let model: (any ChatModel)?
    let leases: Leases
    let callLimit: Duration
    let logger: Logger

    package init(database: Database, model: (any ChatModel)?, logger: Logger) {
        self.init(database: database, model: model, callLimit: ModelSummary.callLimit, logger: logger)
    }

    /// - Parameter callLimit: how long the model has for each answer.
    init(database: Database, model: (any ChatModel)?, callLimit: Duration, logger: Logger) {
        self.database = database
        self.model = model
        self.callLimit = callLimit
        self.logger = logger
        leases = Leases(database: database, lockPath: nil, logger: logger)
    }

    /// The summary of a video, made if it is not there.
    ///
    /// - Throws: `SummaryError`, `DatabaseError`, `LeaseLost`, `CancellationError`.
    package func summary(of video: Video) async throws -> VideoSummary {
        guard video.state == .ready else { throw SummaryError(of: video) }
        let deadline = ContinuousClock.now + Self.patience
        while true {
            if let known = try await current(video.id) { return known }
            let made = try await leases.withLease("summary:\(video.id)") { lease in
                if let known = try await current(video.id) { return known }
                return try await make(video, under: lease)
            }
            if let made { return made }
            guard ContinuousClock.now < deadline else { throw SummaryError.beingMade }
            try await Task.sleep(for: Self.lookAgain)
        }
    }

    private func current(_ video: VideoID) async throws -> VideoSummary? {
        try await VideoSummary.current(
            of: video, model: model?.name ?? "", promptVersion: ModelSummary.version, patience: Self.recovery,
            on: database)
    }

    private func make(_ video: Video, under lease: ProcessingLock) async throws -> VideoSummary {
        let text = try await VideoText.read(video, on: database)
        let written = try await written(text)
        let summary = VideoSummary(
            videoID: video.id, transcript: text.transcript, model: written == nil ? "" : model?.name ?? "",
            wantedModel: model?.name ?? "", promptVersion: ModelSummary.version,
            body: written?.summary ?? KeySentences.summary(of: text),
            chapters: text.chapters.isEmpty ? chapters(of: text, titled: written?.titles) : text.chapters)
        try await database.transaction { tx in
            guard try await lease.isHeld(in: tx) else { throw LeaseLost(name: lease.name) }
            try await summary.keep(on: tx)
        }
        return summary
    }

    /// What the model makes of it; nil where there is none, or it fails.
    private func written(_ text: VideoText) async throws -> (summary: String, titles: [String?])? {
        guard let model else { return nil }
        do {
            let asked = ModelSummary(text, model: model, callLimit: callLimit)
            guard let summary = try await asked.summary() else {
                logger.warning("the model's summary says nothing of the video", metadata: ["video": "\(text.video.id)"])
                return nil
            }
            return (summary, try await titles(of: text, by: asked))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning(
                "a summary was not made by the model",
                metadata: ["video": "\(text.video.id)", "error": "\(String(reflecting: error))"])
            return nil
        }
    }

    /// The summary is worth keeping without them.
    private func titles(of text: VideoText, by asked: ModelSummary) async throws -> [String?] {
        guard text.chapters.isEmpty else { return [] }
        do {
            return try await asked.titles(of: chapterTexts(text))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.info("the model has named no chapters", metadata: ["error": "\(String(reflecting: error))"])
            return []
        }
    }

    private func chapterTexts(_ text: VideoText) -> [String] {
        let starts = ChapterFinder.starts(in: text)
        let ends = starts.dropFirst() + [text.passages.count]
        return zip(starts, ends).map { text.passages[$0..<$1].map(\.text).joined(separator: " ") }
    }

    private func chapters(of text: VideoText, titled titles: [String?]?) -> [VideoSummary.Chapter] {
        let starts = ChapterFinder.starts(in: text)
        let byWords = KeyTermTitles.titles(of: chapterTexts(text), language: text.video.language)
        return starts.enumerated().map { place, start in
            let written = titles.flatMap { place < $0.count ? $0[place] : nil }
            return VideoSummary.Chapter(
                start: text.passages[start].startMilliseconds, title: written ?? byWords[place])
        }
    }
}
