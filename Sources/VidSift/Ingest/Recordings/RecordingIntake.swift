internal import Database
internal import Foundation
internal import Logging
internal import Providers
internal import Synchronization

/// Takes recordings in: makes their sound small, writes it down with the job that listens to it, all or nothing.
package struct RecordingIntake: Sendable {
    /// The longest recording: what is written down of it at once keeps others from writing for a second or two.
    static let maximumDuration = AudioTime(milliseconds: 12 * 3_600_000)
    /// The most bytes of sound: half as many again as the longest recording has.
    static let maximumSoundBytes = 256 << 20
    /// The most recordings that one process makes small at a time; each takes a processor.
    static let maximumAtATime = 4
    /// Bytes of a file that are read at a time.
    private static let readingBytes = 1 << 20

    let database: Database
    /// Whether anybody listens.
    let hasTranscriber: Bool
    let preparation: AudioPreparation
    let logger: Logger
    /// Called when there is new work.
    let onAccepted: @Sendable () -> Void
    private let places = Places()

    init(
        database: Database, hasTranscriber: Bool, programs: AudioPreparation.Settings = AudioPreparation.Settings(),
        logger: Logger, onAccepted: @escaping @Sendable () -> Void
    ) {
        self.database = database
        self.hasTranscriber = hasTranscriber
        var programs = programs
        programs.maximumDuration = Self.maximumDuration
        preparation = AudioPreparation(programs)
        self.logger = logger
        self.onAccepted = onAccepted
    }

    /// A file on disk and what is said about it.
    package struct Submission: Sendable {
        package var path: String
        /// The file's name as people know it.
        package var fileName: String
        /// What names the source: the same key with other content replaces.
        package var key: String
        package var sourceID: String
        package var youtubeID: String?
        package var title: String?
        package var language: String?

        package init(
            path: String, fileName: String, key: String, sourceID: String, youtubeID: String? = nil,
            title: String? = nil, language: String? = nil
        ) {
            self.path = path
            self.fileName = fileName
            self.key = key
            self.sourceID = sourceID
            self.youtubeID = youtubeID
            self.title = title
            self.language = language
        }
    }

    /// Why no recording can be taken in as things are; nil where one can.
    package func refusal() async throws -> RecordingRefusal? {
        guard hasTranscriber else { return .noTranscriber }
        return try await preparation.missingProgram().map { .programMissing($0) }
    }

    /// Makes the sound of a recording small, and writes it down in one transaction.
    ///
    /// - Throws: `IngestError` where there is no sound to be had of it, or nobody to listen to it; `DatabaseError`.
    package func accept(
        _ submission: Submission, channel: ChannelChoice, requester: String = "", priority: JobPriority = .normal
    ) async throws -> Ingest.Outcome {
        if let refusal = try await refusal() {
            throw IngestError.noRecordings(name: submission.fileName, refusal)
        }
        let source = try source(of: submission)
        if let known = try await known(source, in: channel) { return .unchanged(known) }
        guard places.take() else { throw IngestError.tooManyRecordings(name: submission.fileName) }
        defer { places.giveBack() }
        let outcome = try await naming(submission.fileName) {
            try await AudioFolder.with { folder in
                let path = "\(folder)/sound.\(AudioPreparation.compactFileExtension)"
                let sound = try await preparation.compact(
                    submission.path, to: path, maximumBytes: Self.maximumSoundBytes)
                return try await database.transaction(
                    isolation: .serializable, attempts: Ingest.maximumAttempts
                ) { tx in
                    let channelID = try await channel.resolve(on: tx)
                    return try await Self.write(source, path, sound, channelID, requester, priority, on: tx)
                }
            }
        }
        if case .accepted = outcome { onAccepted() }
        return outcome
    }

    /// Says of which file it is that there is no sound to be had.
    private func naming<Value>(_ fileName: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as AudioError {
            logger.info("sound can't be read", metadata: ["error": "\(String(reflecting: error))"])
            switch error {
            case .programMissing(let program): throw IngestError.noRecordings(name: fileName, .programMissing(program))
            case .failed, .tookTooLong: throw IngestError.soundFailed(name: fileName, reason: error.description)
            case .noFile, .noAudio, .damaged, .unsupported, .tooLong, .tooLarge:
                throw IngestError.sound(name: fileName, reason: error.description)
            }
        }
    }

    private static func write(
        _ source: VideoSource, _ path: String, _ sound: CompactSound, _ channel: ChannelID?, _ requester: String,
        _ priority: JobPriority, on tx: some SQLRunner
    ) async throws -> Ingest.Outcome {
        let (video, standing) = try await source.place(in: channel, on: tx)
        if case .unchanged = standing { return .unchanged(video) }
        let recording = Recording(
            videoID: video, checksum: source.checksum, title: source.title.text, language: source.language,
            bytes: sound.bytes, stage: .accepted)
        let job = try await recording.accept(requester: requester, priority: priority, on: tx)
        guard try await SoundPiece.insertAll(of: path, video: video, on: tx) == sound.bytes else {
            throw IngestError.soundFailed(name: source.title.text, reason: AudioError.failed("").description)
        }
        return .accepted(video, job: job, isReplacement: standing != .unknown)
    }

    /// The video that has this very content, or is about to have it.
    private func known(_ source: VideoSource, in channel: ChannelChoice) async throws -> VideoID? {
        let id: ChannelID?
        switch channel {
        case .library: id = nil
        case .known(let known): id = known
        case .named(let name):
            guard let title = Title(name) else { throw IngestError.noChannelName }
            guard let known = try await Channel.id(named: title, on: database) else { return nil }
            id = known
        }
        guard case .unchanged(let video) = try await source.standing(in: id, on: database) else { return nil }
        try await source.identify(video, on: database)
        return video
    }

    /// - Throws: `IngestError` where the file is empty or can't be read.
    private func source(of submission: Submission) throws -> VideoSource {
        let name = SourceName(fileName: submission.fileName)
        let titles = [submission.title, name.title, submission.fileName]
        return VideoSource(
            key: submission.key, sourceID: submission.sourceID, youtubeID: submission.youtubeID,
            checksum: try Self.checksum(of: submission),
            title: titles.lazy.compactMap(\.self).compactMap(Title.init).first ?? .untitled,
            language: submission.language)
    }

    private static func checksum(of submission: Submission) throws -> String {
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: submission.path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw IngestError.unreadable(name: submission.fileName, reason: "it is not a file")
            }
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: submission.path))
            defer { try? file.close() }  // Nothing was written: there is nothing that closing could lose.
            var checksum = SourceChecksum()
            var isEmpty = true
            while let bytes = try file.read(upToCount: readingBytes), !bytes.isEmpty {
                try Task.checkCancellation()
                checksum.update(bytes)
                isEmpty = false
            }
            if isEmpty { throw IngestError.empty(name: submission.fileName) }
            return checksum.value(title: submission.title, language: submission.language)
        } catch let error as IngestError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw IngestError.unreadable(name: submission.fileName, reason: (error as NSError).localizedDescription)
        }
    }

    /// How many recordings are being made small.
    private final class Places: Sendable {
        private let taken = Mutex(0)

        func take() -> Bool {
            taken.withLock { taken in
                guard taken < RecordingIntake.maximumAtATime else { return false }
                taken += 1
                return true
            }
        }

        func giveBack() { taken.withLock { $0 -= 1 } }
    }
}
