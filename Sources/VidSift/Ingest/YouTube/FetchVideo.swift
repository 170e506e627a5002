internal import Captions
package import Database
internal import Foundation
package import Logging
internal import Providers

/// Gets the words of a video of YouTube: from another channel that has it, or its captions.
package struct FetchVideo: Sendable {
    /// Attempts that fail for no fault of the video's, after which it is given up.
    static let maximumAttempts = 8
    /// Automatic captions come hours after the video: so long after its appearance a video without any is asked again.
    static let captionsMayCome = Duration.seconds(3 * 24 * 3_600)
    static let pauseForCaptions = Duration.seconds(6 * 3_600)
    static let pauseForBroadcast = Duration.seconds(3_600)
    static let pauseForOwner = Duration.seconds(600)

    let database: Database
    let fetcher: PoliteFetcher
    /// Codes, best first.
    let languages: [String]
    /// Whether what has no captions is listened to.
    let transcribes: Bool
    let logger: Logger

    package init(
        database: Database, fetcher: PoliteFetcher, languages: [String], transcribes: Bool, logger: Logger
    ) {
        self.database = database
        self.fetcher = fetcher
        self.languages = languages
        self.transcribes = transcribes
        self.logger = logger
    }

    /// Gives videos whose words are wanted their jobs, where they have none: after a move from another database.
    ///
    /// - Returns: how many were missing.
    package static func adoptOrphans(limit: Int, on tx: some SQLRunner) async throws -> Int {
        let orphans = try await VideoFetch.orphans(limit: limit, on: tx)
        for video in orphans { _ = try await VideoFetch.want(video, on: tx) }
        let jobs = try orphans.map {
            try NewJob(FetchVideoJob(video: $0), priority: .low, maximumAttempts: maximumAttempts)
        }
        return try await NewJob.enqueue(jobs, on: tx)
    }

    /// The handler of `FetchVideoJob`.
    package func callAsFunction(_ job: FetchVideoJob, _ running: RunningJob) async throws -> JobOutcome {
        guard let video = try await Video.get(job.video, on: database), var fetch = try await fetch(of: job.video),
            let youtubeID = video.youtubeID.flatMap(YouTubeVideoID.init)
        else { return .done }
        if let twin = try await VideoFetch.twin(of: video.id, on: database) {
            return try await link(video, to: twin, running)
        }
        do {
            let description = try await fetcher.information(of: youtubeID)
            fetch.publishedAt = fetch.publishedAt ?? description.publishedAt
            // Of one that was asked for by its id nothing else was known, and may come to nothing yet.
            if video.title == youtubeID.rawValue, let title = Title(description.title) {
                try await VideoFetch.entitle(video.id, title, on: database)
            }
            let captions = try await fetcher.captions(of: description, languages: languages)
            return try await accept(captions, description, video.id, running)
        } catch let error as YouTubeNotNow {
            return .sleep(until: .after(error.after + (try await spread(running.job))), reason: error.reason)
        } catch let error as YtDlpError {
            return try await settle(error, video.id, fetch, running)
        } catch let error as IngestError {
            return try await running.giveUp(
                video.id, as: .failed, error.description, on: database, logger: logger)
        }
    }

    /// How much longer a video waits so that those which wait don't come back all at once: as long as half of them take,
    /// left to chance. What somebody asked for by itself comes back first.
    private func spread(_ job: Job) async throws -> Duration {
        guard job.priority < .high else { return .zero }
        let waiting = try await Job.count(of: FetchVideoJob.kind, .scheduled, atMost: Self.mostCounted, on: database)
        let each = fetcher.limits.share * Double(PoliteFetcher.requestsForVideo)
        return .seconds(each * Double(waiting) / 2 * .random(in: 0..<1))
    }

    private static let mostCounted = 1_000

    private func fetch(of video: VideoID) async throws -> VideoFetch? {
        let fetch = try await VideoFetch.get(video, on: database)
        return fetch?.outcome == .wanted ? fetch : nil
    }

    private func link(_ video: Video, to twin: VideoID, _ running: RunningJob) async throws -> JobOutcome {
        let linked = try await running.completing(on: database) { tx -> Bool? in
            guard try await VideoIndex.copy(from: twin, to: video.id, in: video.channelID, on: tx) else { return nil }
            try await VideoFetch.record(.linked, nil, of: video.id, on: tx)
            try await running.complete(in: tx)
            return true
        }
        // The twin or the video itself was deleted meanwhile: the next attempt sees which.
        return linked == true ? .done : .sleep(until: .after(.zero))
    }

    private func accept(
        _ captions: Providers.CaptionFile, _ description: YtDlpVideo, _ video: VideoID, _ running: RunningJob
    ) async throws -> JobOutcome {
        let submission = Ingest.Submission(
            bytes: captions.bytes, fileName: "captions.\(captions.format)", key: "", sourceID: description.id,
            title: description.title, language: captions.language)
        let prepared = try Ingest.Prepared(submission, chapters: description.chapters.map(Chapter.init))
        _ = try await running.completing(on: database) { tx -> Bool? in
            guard try await VideoFetch.isWanted(video, in: tx) else { return nil }
            try await PendingIngest.accept(
                video, checksum: prepared.checksum, title: prepared.title.text, transcript: prepared.json,
                requester: running.job.requester, priority: running.job.priority, parentID: running.job.parentID,
                on: tx)
            try await VideoFetch.record(.captions, nil, of: video, on: tx)
            try await running.complete(in: tx)
            return true
        }
        return .done
    }

    private func settle(
        _ error: YtDlpError, _ video: VideoID, _ fetch: VideoFetch, _ running: RunningJob
    ) async throws -> JobOutcome {
        switch error.outcome {
        case .passing: return .retry(after: nil, reason: error.reason)
        case .blocked: return .retry(after: nil, reason: error.reason)
        case .ownersTurn:
            logger.error("YouTube can't be asked", metadata: ["error": "\(String(reflecting: error))"])
            return .sleep(until: .after(Self.pauseForOwner), reason: error.reason)
        case .notYet:
            let start = error.startsAt.map { Duration.seconds(max(0, $0.timeIntervalSinceNow)) } ?? .zero
            return try await wait(video, start + Self.pauseForBroadcast, error.reason, running)
        case .permanent where error.kind == .noCaptions:
            if let date = fetch.publishedAt, date.timeIntervalSinceNow > -(Self.captionsMayCome / .seconds(1)) {
                return try await wait(
                    video, Self.pauseForCaptions, "\(error.reason) It is new; they may come.", running)
            }
            guard transcribes else {
                return try await running.giveUp(
                    video, as: .noCaptions, error.reason, on: database, logger: logger)
            }
            return try await listen(to: video, error.reason, running)
        case .permanent:
            return try await running.giveUp(video, as: .unavailable, error.reason, on: database, logger: logger)
        }
    }

    /// Leaves the video to the job that listens to it.
    private func listen(to video: VideoID, _ reason: String, _ running: RunningJob) async throws -> JobOutcome {
        _ = try await running.completing(on: database) { tx -> Bool? in
            try await VideoFetch.record(.wanted, "\(reason) Its sound is written down.", of: video, on: tx)
            _ = try await NewJob(
                TranscribeVideoJob(video: video), requester: running.job.requester, priority: running.job.priority,
                maximumAttempts: TranscribeVideo.maximumAttempts, parentID: running.job.parentID
            ).enqueue(on: tx)
            try await running.complete(in: tx)
            return true
        }
        return .done
    }

    /// Nothing can be had yet: another job asks again, so that no channel waits for it.
    private func wait(
        _ video: VideoID, _ time: Duration, _ reason: String, _ running: RunningJob
    ) async throws -> JobOutcome {
        _ = try await running.completing(on: database) { tx -> Bool? in
            try await VideoFetch.record(.later, reason, of: video, on: tx)
            _ = try await NewJob(
                AwaitVideoJob(video: video), requester: running.job.requester, priority: .low, delay: time
            ).enqueue(on: tx)
            try await running.complete(in: tx)
            return true
        }
        return .done
    }
}

extension Chapter {
    init(_ chapter: YtDlpVideo.Chapter) {
        self.init(start: MediaTime(milliseconds: Int(max(0, chapter.start) * 1_000)), title: chapter.title)
    }
}
