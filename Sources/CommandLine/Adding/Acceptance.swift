internal import VidSift

/// A file that was written down, and the job that indexes it.
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
            let found = try await Job.get(IndexVideoJob.kind, video.description, on: library.database)
            job = found?.id
            manner = found == nil ? .unchanged : .resumed
            guard let found else { return }
            knownAttempts = found.attempts - (found.state == .running ? 1 : 0)
            _ = try await library.queue.retry(found.id)
        }
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
        while true {
            switch try await library.queue.find(job) {
            case .ended(let job):
                switch job.state {
                case .completed: return nil
                case .buried: return job.lastError ?? "it was given up"
                case .cancelled: return "it was cancelled"
                }
            case .open(let job):
                if job.state == .scheduled, job.attempts > knownAttempts, let reason = job.lastError {
                    return "\(reason) Adding it again tries again, and so does `vidsift serve`."
                }
                onProgress(job.progress.fraction)
            case nil: return nil
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
