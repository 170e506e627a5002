internal import Captions
package import Database
internal import Foundation
package import Logging
package import Providers

/// Has the sound of a video written down that has no captions.
///
/// What is written down becomes searchable piece by piece, while the rest is still listened to.
package struct TranscribeVideo: Sendable {
    static let maximumAttempts = 8
    /// The most bytes of sound: some hundred hours of speech.
    static let maximumAudioBytes = 4 << 30
    /// Parts of the sound after which what there is becomes searchable; each is some minutes long.
    static let partsAtATime = 3
    static let pauseForOwner = Duration.seconds(600)

    let database: Database
    let fetcher: PoliteFetcher
    let transcriber: SpeechTranscriber
    let logger: Logger

    package init(database: Database, fetcher: PoliteFetcher, transcriber: SpeechTranscriber, logger: Logger) {
        self.database = database
        self.fetcher = fetcher
        self.transcriber = transcriber
        self.logger = logger
    }

    /// The handler of `TranscribeVideoJob`.
    package func callAsFunction(_ job: TranscribeVideoJob, _ running: RunningJob) async throws -> JobOutcome {
        guard let video = try await Video.get(job.video, on: database),
            let youtubeID = video.youtubeID.flatMap(YouTubeVideoID.init),
            try await VideoFetch.get(video.id, on: database)?.outcome == .wanted
        else { return .done }
        do {
            return try await withAudioFolder { folder in
                let audio = try await fetcher.audio(of: youtubeID, into: folder, maximumBytes: Self.maximumAudioBytes)
                return try await writeDown(audio, of: video, in: folder, running)
            }
        } catch let error as YouTubeNotNow {
            return .sleep(until: .after(error.after), reason: error.reason)
        } catch let error as YtDlpError {
            switch error.outcome {
            case .passing, .blocked, .notYet: return .retry(after: nil, reason: error.reason)
            case .ownersTurn: return .sleep(until: .after(Self.pauseForOwner), reason: error.reason)
            case .permanent:
                return try await running.giveUp(
                    video.id, as: .noCaptions, "It has no captions, and its sound can't be had: \(error.reason)",
                    on: database)
            }
        } catch let error as AudioError {
            logger.warning("sound can't be read", metadata: ["error": "\(String(reflecting: error))"])
            guard !error.isRetryable else { return .retry(after: nil, reason: error.description) }
            return try await running.giveUp(video.id, as: .failed, error.description, on: database)
        } catch let error as ProviderError {
            guard !error.isRetryable else { return .retry(after: error.retryAfter, reason: error.description) }
            return try await running.giveUp(video.id, as: .failed, error.description, on: database)
        } catch IngestError.noSpeech {
            return try await running.giveUp(
                video.id, as: .noCaptions, "It has no captions, and nobody speaks in it.", on: database)
        } catch let error as IngestError {
            return try await running.giveUp(video.id, as: .failed, error.description, on: database)
        }
    }

    private func withAudioFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("vidsift-audio-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    private func writeDown(
        _ audio: DownloadedAudio, of video: Video, in folder: String, _ running: RunningJob
    ) async throws -> JobOutcome {
        let plan = try await transcriber.plan(audio.path)
        var parts: [TranscribedChunk] = []
        try await transcriber.transcribe(audio.path, plan, in: folder) { part in
            parts.append(part)
            running.report(done: parts.count, of: plan.chunks.count)
            guard parts.count.isMultiple(of: Self.partsAtATime), parts.count < plan.chunks.count else { return }
            try await acceptBeginning(parts, of: video, running)
        }
        let prepared = try prepared(parts, of: video)
        _ = try await running.completing(on: database) { tx -> Bool? in
            guard try await VideoFetch.isWanted(video.id, in: tx) else { return nil }
            try await accept(prepared, of: video, running, parentID: running.job.parentID, on: tx)
            try await VideoFetch.record(.transcribed, nil, of: video.id, on: tx)
            try await running.complete(in: tx)
            return true
        }
        return .done
    }

    /// Has what is written down so far indexed, where somebody speaks in it.
    private func acceptBeginning(_ parts: [TranscribedChunk], of video: Video, _ running: RunningJob) async throws {
        guard let prepared = try? prepared(parts, of: video) else { return }
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            guard try await running.isHeld(in: tx) else { throw LeaseLost(name: running.job.description) }
            guard try await VideoFetch.isWanted(video.id, in: tx) else { return }
            try await accept(prepared, of: video, running, parentID: nil, on: tx)
        }
    }

    private func prepared(_ parts: [TranscribedChunk], of video: Video) throws -> Ingest.Prepared {
        let transcript = Transcript(
            title: video.title, language: parts.lazy.compactMap(\.language).first,
            cues: TranscriptJoining.joined(parts).map(Cue.init))
        return try Ingest.Prepared(transcript, name: video.title)
    }

    private func accept(
        _ prepared: Ingest.Prepared, of video: Video, _ running: RunningJob, parentID: JobID?, on tx: some SQLRunner
    ) async throws {
        try await PendingIngest.accept(
            video.id, checksum: prepared.checksum, title: video.title, transcript: prepared.json,
            requester: running.job.requester, priority: running.job.priority, parentID: parentID, on: tx)
    }
}

extension Cue {
    init(_ segment: TranscribedSegment) {
        self.init(
            start: MediaTime(segment.span.start), end: MediaTime(segment.span.end), text: segment.text,
            words: segment.words.map {
                Word(start: MediaTime($0.span.start), end: MediaTime($0.span.end), text: $0.text)
            })
    }
}

extension MediaTime {
    fileprivate init(_ time: AudioTime) {
        self.init(milliseconds: time.milliseconds)
    }
}
