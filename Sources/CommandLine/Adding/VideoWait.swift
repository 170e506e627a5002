internal import Database
internal import VidSift

/// Waits until the words of a video of YouTube are searchable, or can't be had, whoever works on it.
struct VideoWait: Sendable {
    private static let pause = Duration.milliseconds(200)

    let video: VideoID
    /// The link as it was typed.
    let text: String
    let library: Components
    let progress: ProgressLine

    func outcome() async throws -> Adding.Outcome {
        var pauses = PauseNotes(library.database, progress)
        while true {
            // The job first: it ends in the transaction that changes the video.
            let job = try await job()
            if let outcome = try await outcome(isBeingWorkedOn: job != nil) { return outcome }
            if let job {
                progress.report(job.kind == FetchVideoJob.kind ? 0 : job.progress.fraction)
                try await pauses.tell(of: job)
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func job() async throws -> Job? {
        for kind in ChannelWork.videoKinds {
            if let job = try await Job.get(kind, video.description, on: library.database) { return job }
        }
        return nil
    }

    /// Nil while it is not known.
    private func outcome(isBeingWorkedOn: Bool) async throws -> Adding.Outcome? {
        guard let video = try await Video.get(video, on: library.database) else {
            return failed("it was removed meanwhile")
        }
        if isBeingWorkedOn { return nil }
        if video.state == .ready { return .added(video) }
        let fetch = try await VideoFetch.get(video.id, on: library.database)
        if fetch?.outcome == .later { return .later(video, reason: fetch?.reason ?? "its time has not come") }
        return failed(video.lastError ?? "nobody works on it: it was cancelled")
    }

    private func failed(_ reason: String) -> Adding.Outcome {
        .failed(path: text, reason: "\(text): \(reason)")
    }
}
