internal import Database
internal import VidSift

/// Waits until a channel or list of YouTube was gone through and its videos are searchable, or can't be had, whoever
/// works on it.
struct ChannelWait: Sendable {
    private static let pause = Duration.milliseconds(500)

    private let channel: ChannelID
    private let job: JobID
    /// What it is called until its name is known.
    private let text: String
    private let library: Components
    private let progress: ProgressLine

    init(
        _ accepted: YouTubeIntake.AcceptedChannel, _ text: String, in library: Components, _ progress: ProgressLine
    ) {
        (channel, job) = (accepted.channel, accepted.job)
        (self.text, self.library, self.progress) = (text, library, progress)
    }

    func outcome() async throws -> Adding.Outcome {
        var pauses = PauseNotes(library.database, progress)
        while true {
            guard case .open(let job) = try await library.queue.find(job) else { return try await end() }
            try await show()
            try await pauses.tell(of: job)
            try await Task.sleep(for: Self.pause)
        }
    }

    private func show() async throws {
        let report = try await ChannelReport.get(channel, on: library.database)
        let isListing = try await ChannelListing.get(channel, on: library.database)?.state == .listing
        let done = report.listed - report.open
        progress.report(
            isListing || report.listed == 0 ? 0 : Double(done) / Double(report.listed),
            label: isListing ? "\(text): \(report.listed) videos so far" : "\(text): \(done) of \(report.listed) videos"
        )
    }

    private func end() async throws -> Adding.Outcome {
        let database = library.database
        guard let channel = try await Channel.find(channel.description, on: database),
            let listing = try await ChannelListing.get(channel.id, on: database)
        else { return failed("it was removed meanwhile") }
        let report = try await ChannelReport.get(channel.id, on: database)
        if listing.state == .failed { return failed(listing.error ?? "nobody knows why") }
        if case .ended(let job) = try await library.queue.find(job), job.state != .completed {
            return failed(job.lastError ?? "it was cancelled")
        }
        return .channel(channel, report)
    }

    private func failed(_ reason: String) -> Adding.Outcome {
        .failed(path: text, reason: "\(text): \(reason)")
    }
}
