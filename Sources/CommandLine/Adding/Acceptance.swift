internal import Database
internal import Foundation
internal import VidSift

/// A file that was written down, and the jobs that make it searchable: a recording has one that listens to it and then
/// one that makes its index, captions have that one only.
struct Acceptance: Sendable {
    private enum Manner: Sendable {
        case new, changed, unchanged
        /// The same content was there, without its index.
        case resumed
    }

    /// How the wait for an index has ended.
    enum End: Sendable {
        case ready(Video)
        case failed(String)
    }

    private static let pause = Duration.milliseconds(100)
    /// Who would have to wait longer than that for the next attempt goes.
    private static let longestSleep = TimeInterval(60)
    /// What may be done to a file's video, in this order.
    private static let kinds = [TranscribeVideoJob.kind, IndexVideoJob.kind]

    let video: VideoID
    /// Whether the same video was among the files before it.
    var isNamedBefore = false
    private let manner: Manner
    private let job: JobID?
    /// Attempts that had failed before: only a later failure is news.
    private var knownAttempts = 0

    /// A job that waits for its next attempt makes it now.
    init(_ outcome: Ingest.Outcome, in library: Components) async throws {
        video = outcome.videoID
        switch outcome {
        case .accepted(_, let job, let isReplacement):
            self.job = job
            manner = isReplacement ? .changed : .new
        case .unchanged:
            let found = try await Self.openJob(of: video, in: library)
            job = found?.id
            manner = found == nil ? .unchanged : .resumed
            guard let found else { return }
            knownAttempts = found.attempts - (found.state == .running ? 1 : 0)
            _ = try await library.queue.retry(found.id)
        }
    }

    private static func openJob(of video: VideoID, in library: Components) async throws -> Job? {
        for kind in kinds {
            if let job = try await Job.get(kind, video.description, on: library.database) { return job }
        }
        return nil
    }

    func outcome(_ video: Video) -> Adding.Outcome {
        switch manner {
        case .new: .added(video)
        case .changed: .replaced(video)
        case .resumed where !isNamedBefore: .finished(video)
        case .resumed, .unchanged: .unchanged(video)
        }
    }

    /// Waits for the index, or for the first failure, whoever works on it.
    func end(in library: Components, onProgress: @Sendable (Double) -> Void) async throws -> End {
        if let reason = try await failure(in: library, onProgress) { return .failed(reason) }
        guard let video = try await Video.get(video, on: library.database) else {
            return .failed("the video was removed meanwhile")
        }
        guard video.state == .ready else { return .failed(video.lastError ?? "its index is not made yet") }
        return .ready(video)
    }

    private func failure(in library: Components, _ onProgress: @Sendable (Double) -> Void) async throws -> String? {
        guard let job else { return nil }
        let course = try await end(of: job, knownAttempts, in: library, onProgress)
        guard course.reason == nil, course.kind == TranscribeVideoJob.kind else { return course.reason }
        // The job that makes the index was written down when this one ended; it may have ended, too.
        let subject = video.description
        if let next = try await Job.get(IndexVideoJob.kind, subject, on: library.database) {
            return try await end(of: next.id, 0, in: library, onProgress).reason
        }
        let last = try await ArchivedJob.last(IndexVideoJob.kind, subject, on: library.database)
        return last.flatMap { Self.reason(of: $0) }
    }

    /// What has become of a job.
    private struct Course {
        /// Nil where it has ended so long ago that nothing is known of it.
        var kind: JobKind?
        /// Why it has not done its work; nil where it has.
        var reason: String?
    }

    private func end(
        of id: JobID, _ knownAttempts: Int, in library: Components, _ onProgress: @Sendable (Double) -> Void
    ) async throws -> Course {
        while true {
            switch try await library.queue.find(id) {
            case .ended(let job): return Course(kind: job.kind, reason: Self.reason(of: job))
            case .open(let job):
                if job.state == .scheduled, let reason = job.lastError,
                    job.attempts > knownAttempts || job.runAt.timeIntervalSinceNow > Self.longestSleep
                {
                    return Course(
                        kind: job.kind,
                        reason: "\(reason) Adding it again tries again, and so does `vidsift serve`.")
                }
                onProgress(job.progress.fraction)
            case nil: return Course()
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Nil for one that was done.
    private static func reason(of job: ArchivedJob) -> String? {
        switch job.state {
        case .completed: nil
        case .buried: job.lastError ?? "it was given up"
        case .cancelled: "it was cancelled"
        }
    }
}
