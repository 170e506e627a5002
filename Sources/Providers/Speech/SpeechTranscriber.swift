internal import Foundation

/// Turns the sound of a file into text with times: plans its parts, cuts them out, has each transcribed, and hands each
/// over as soon as it is there.
///
/// Memory and disk hold a few parts, however long the recording is.
public struct SpeechTranscriber: Sendable {
    /// How it is done.
    public struct Settings: Sendable {
        /// How the parts are sent.
        public var format = AudioFormat.flac
        /// The longest part.
        public var maximumChunk = ChunkLimits.usualMaximum
        /// The most parts that are being worked on, and so the most files at a time.
        public var concurrentChunks = 2
        /// The language that is spoken (BCP 47, such as `en` or `pt-BR`), where it is known.
        public var language: String?
        /// From where on a text is taken for made up.
        public var thresholds = InventedText.Thresholds()

        /// The defaults.
        public init() {}
    }

    private let model: any TranscriptionModel
    private let preparation: AudioPreparation
    private let settings: Settings

    /// Starts nothing yet.
    public init(
        _ model: any TranscriptionModel, preparation: AudioPreparation = AudioPreparation(),
        settings: Settings = Settings()
    ) {
        self.model = model
        self.preparation = preparation
        self.settings = settings
    }

    /// How the file at `path` is cut: all of it is decoded once for that. Whoever keeps the plan can go on with it later.
    ///
    /// - Throws: ``AudioError``, `CancellationError`
    public func plan(_ path: String) async throws -> AudioPlan {
        try await preparation.plan(
            path,
            limits: ChunkLimits(
                maximumFileBytes: model.maximumFileBytes, format: settings.format, maximum: settings.maximumChunk))
    }

    /// Transcribes the parts of a plan, from the one numbered `first` on.
    ///
    /// - Parameters:
    ///   - path: The file for which `plan` was made.
    ///   - language: The language that is spoken in it (BCP 47), where it is known; without one, that of the settings.
    ///   - folder: Where the parts' files are for as long as they are needed; the system's own without.
    ///   - receive: Gets the parts in order, each as soon as it and those before it are there. No further part is begun
    ///     before it has returned.
    /// - Throws: ``AudioError``, ``ProviderError``, what `receive` throws, or `CancellationError`; the files are gone then.
    public func transcribe(
        _ path: String, _ plan: AudioPlan, from first: Int = 0, in folder: String? = nil, language: String? = nil,
        receive: (TranscribedChunk) async throws -> Void
    ) async throws {
        let parts = try PartsFolder(in: folder ?? NSTemporaryDirectory())
        defer { parts.remove() }
        let sieve = InventedText(silences: plan.silences, thresholds: settings.thresholds)
        try await withThrowingTaskGroup(of: TranscribedChunk.self) { group in
            let first = max(0, first)
            var waiting = plan.chunks.dropFirst(first)
            func begin() {
                guard let chunk = waiting.popFirst() else { return }
                group.addTask { try await transcribed(chunk, of: path, in: language, parts, sieve) }
            }
            for _ in 0..<max(1, settings.concurrentChunks) { begin() }
            var finished: [Int: TranscribedChunk] = [:]
            var next = first
            for try await part in group {
                finished[part.chunk.index] = part
                while let part = finished.removeValue(forKey: next) {
                    try await receive(part)
                    next += 1
                    begin()
                }
            }
        }
    }

    private func transcribed(
        _ chunk: AudioChunk, of path: String, in language: String?, _ parts: PartsFolder, _ sieve: InventedText
    ) async throws -> TranscribedChunk {
        if chunk.isSilent { return TranscribedChunk(chunk: chunk, segments: []) }
        let file = parts.path(of: chunk, settings.format)
        defer { parts.remove(file) }
        try await preparation.extract(chunk.span, of: path, as: settings.format, to: file)
        let heard = try await model.transcribe(
            SpeechRecording(path: file, duration: chunk.span.length, language: language ?? settings.language))
        let (said, dropped) = sieve.sift(heard.segments.map { $0.shifted(by: chunk.span.start) })
        return TranscribedChunk(chunk: chunk, language: heard.language, segments: said, dropped: dropped)
    }
}

/// A folder of its own for the files of one recording's parts.
private struct PartsFolder: Sendable {
    private let path: String

    /// - Throws: ``AudioError`` where no folder can be made.
    init(in folder: String) throws {
        path = (folder as NSString).appendingPathComponent("vidsift-speech-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw AudioError.failed("no folder for the parts can be made in \(folder): \(error)")
        }
    }

    func path(of chunk: AudioChunk, _ format: AudioFormat) -> String {
        (path as NSString).appendingPathComponent("part-\(chunk.index).\(format.fileExtension)")
    }

    /// What can't be removed is nothing that a transcript should fail for.
    func remove(_ file: String) { try? FileManager.default.removeItem(atPath: file) }

    func remove() { remove(path) }
}
