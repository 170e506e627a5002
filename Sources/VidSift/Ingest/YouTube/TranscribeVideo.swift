package import Database
package import Logging
package import Providers

/// Has the sound of a video written down that has no captions: YouTube's, or that of a recording that was added.
///
/// What is written down becomes searchable piece by piece, while the rest is still listened to. What was heard is kept:
/// an attempt goes on where the one before it broke off.
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
        if let recording = try await Recording.get(job.video, on: database) {
            return try await listen(to: recording, running)
        }
        guard let video = try await Video.get(job.video, on: database),
            let youtubeID = video.youtubeID.flatMap(YouTubeVideoID.init),
            try await VideoFetch.get(video.id, on: database)?.outcome == .wanted
        else { return .done }
        do {
            return try await AudioFolder.with { folder in
                let audio = try await fetcher.audio(of: youtubeID, into: folder, maximumBytes: Self.maximumAudioBytes)
                return try await writeDown(audio.path, of: ListenedVideo(video), in: folder, running)
            }
        } catch is OutdatedSound {
            return .done
        } catch let error as YouTubeNotNow {
            return .sleep(until: .after(error.after), reason: error.reason)
        } catch let error as YtDlpError {
            switch error.outcome {
            case .passing, .blocked, .notYet: return .retry(after: nil, reason: error.reason)
            case .ownersTurn: return .sleep(until: .after(Self.pauseForOwner), reason: error.reason)
            case .permanent:
                return try await running.giveUp(
                    video.id, as: .noCaptions, "It has no captions, and its sound can't be had: \(error.reason)",
                    on: database, logger: logger)
            }
        } catch let error as AudioError {
            logger.warning("sound can't be read", metadata: ["error": "\(String(reflecting: error))"])
            guard !error.isRetryable else { return .retry(after: nil, reason: error.description) }
            return try await running.giveUp(
                video.id, as: .failed, error.description, on: database, logger: logger)
        } catch let error as ProviderError {
            guard !error.isRetryable else { return .retry(after: error.retryAfter, reason: error.description) }
            return try await running.giveUp(
                video.id, as: .failed, error.description, on: database, logger: logger)
        } catch IngestError.noSpeech {
            return try await running.giveUp(
                video.id, as: .noCaptions, "It has no captions, and nobody speaks in it.", on: database,
                logger: logger)
        } catch let error as IngestError {
            return try await running.giveUp(
                video.id, as: .failed, error.description, on: database, logger: logger)
        }
    }

    /// Has the parts of a file transcribed that an earlier attempt has not left, each written down as soon as it is there,
    /// and at the end all of them accepted.
    ///
    /// - Throws: `OutdatedSound` where that is no longer wanted; `LeaseLost`, `AudioError`, `ProviderError`, `IngestError`,
    ///   `DatabaseError`.
    func writeDown(
        _ path: String, of video: ListenedVideo, in folder: String, _ running: RunningJob
    ) async throws -> JobOutcome {
        let plan = try await transcriber.plan(path)
        let checksum = try plan.checksum
        var parts = try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await check(video, running, in: tx)
            return try await TranscribedPart.resume(video.id, plan: checksum, on: tx)
        }
        if !parts.isEmpty { running.report(done: parts.count, of: plan.chunks.count) }
        try await transcriber.transcribe(path, plan, from: parts.count, in: folder, language: video.language) { part in
            parts.append(part)
            running.report(done: parts.count, of: plan.chunks.count)
            try await keep(part, of: video, checksum, running)
            guard parts.count.isMultiple(of: Self.partsAtATime), parts.count < plan.chunks.count else { return }
            try await acceptBeginning(parts, of: video, running)
        }
        let prepared = try video.preparedWhole(parts)
        let isDone = try await running.completing(on: database) { tx -> Bool? in
            guard try await video.isWanted(in: tx) else { return nil }
            try await accept(prepared, of: video, running, parentID: running.job.parentID, on: tx)
            try await video.settle(on: tx)
            try await running.claim.forgetError(on: tx)
            try await running.complete(in: tx)
            return true
        }
        guard isDone == true else { throw OutdatedSound() }
        return .done
    }

    /// Writes a part down, so that an attempt that breaks off leaves it to the next.
    private func keep(
        _ part: TranscribedChunk, of video: ListenedVideo, _ plan: String, _ running: RunningJob
    ) async throws {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await check(video, running, in: tx)
            try await TranscribedPart(part).insert(of: video.id, plan: plan, on: tx)
        }
    }

    /// Has what is written down so far indexed, where somebody speaks in it.
    private func acceptBeginning(
        _ parts: [TranscribedChunk], of video: ListenedVideo, _ running: RunningJob
    ) async throws {
        guard let prepared = try? video.prepared(parts) else { return }
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await check(video, running, in: tx)
            try await accept(prepared, of: video, running, parentID: nil, on: tx)
        }
    }

    /// - Throws: `OutdatedSound`, `LeaseLost` where this attempt has nothing to write any more.
    private func check(_ video: ListenedVideo, _ running: RunningJob, in tx: Transaction) async throws {
        // The video first and the job second, as at the end.
        guard try await video.isWanted(in: tx) else { throw OutdatedSound() }
        guard try await running.isHeld(in: tx) else { throw LeaseLost(name: running.job.description) }
    }

    private func accept(
        _ prepared: Ingest.Prepared, of video: ListenedVideo, _ running: RunningJob, parentID: JobID?,
        on tx: some SQLRunner
    ) async throws {
        try await PendingIngest.accept(
            video.id, checksum: prepared.checksum, title: video.title, transcript: prepared.json,
            requester: running.job.requester, priority: running.job.priority, parentID: parentID, on: tx)
    }
}
