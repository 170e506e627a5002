internal import Database
internal import Foundation
internal import Hummingbird

/// A channel and how far its videos have come.
struct ChannelProgress: Sendable, Hashable {
    var channel: Channel
    var work: ChannelWork
    var report: ChannelReport
    /// For a channel or list of YouTube.
    var listing: Listing?
    var estimatedCompletion: Date?

    /// How far the list of a channel was gone through.
    struct Listing: Sendable, Hashable {
        var record: ChannelListing
        /// What goes through it, or waits for what it has found.
        var job: Job?
        /// What did so last.
        var last: ArchivedJob?
    }

    /// What is done with the channel as a whole.
    var status: QueueItem.Status {
        if work.running > 0 { return .processing }
        if let job = listing?.job { return hasBegun(job) ? .processing : .pending }
        if work.open > 0 { return .pending }
        if let listing, listing.record.jobID == listing.last?.id, let last = listing.last {
            if last.state != .completed { return QueueItem.Status(last.state) }
            if listing.record.state == .failed { return .failed }
        }
        return work.failed > 0 && work.processed == 0 ? .failed : .completed
    }

    private func hasBegun(_ job: Job) -> Bool {
        job.state == .running || job.state == .waiting || listing?.record.jobID == job.id
    }

    /// Whether nothing is left to do.
    var hasEnded: Bool { work.open == 0 && listing?.job == nil }

    /// The job that stands for all: that of the list, where there is one.
    var jobID: JobID? { listing?.job?.id ?? listing?.last?.id ?? work.jobID }

    var startedAt: Date? { [work.startedAt, listing?.job?.startedAt].compactMap(\.self).min() }

    /// Nil while anything is left to do.
    var completedAt: Date? {
        hasEnded ? [work.completedAt, listing?.last?.finishedAt].compactMap(\.self).max() : nil
    }

    /// Why the channel as a whole has failed, or waits; else the last failure of one of its videos.
    var error: String? {
        guard let listing else { return work.lastError }
        if let job = listing.job { return (job.state == .scheduled ? job.lastError : nil) ?? work.lastError }
        let ending = listing.record.jobID == listing.last?.id && listing.last?.state != .completed
        return listing.record.error ?? (ending ? listing.last?.lastError : nil) ?? work.lastError
    }

    /// Whether nothing differs but the estimate, which changes with every look, and what nobody sees.
    func isSame(as other: ChannelProgress) -> Bool {
        channel == other.channel && work == other.work && report == other.report && status == other.status
            && jobID == other.jobID && error == other.error && hasEnded == other.hasEnded
    }
}

extension API {
    /// `GET /api/channels/:id/status`
    func channelStatus(_ request: Request, _ context: APIContext) async throws -> Response {
        let progress = try await progress(of: namedChannel(context))
        return .success { progress.write(to: &$0) }
    }

    /// `GET /api/channels/:id/events`: the same whenever it changes, until nothing of the channel waits or runs.
    func followChannel(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try await namedChannel(context).id.description
        let place = try followers.admit()
        let follower = StateFollower<ChannelProgress>(
            timing: streamTiming, logger: context.logger,
            look: {
                guard let channel = try await Channel.find(id, on: database) else { return nil }
                return try await progress(of: channel)
            },
            isSame: { $0.isSame(as: $1) }, hasEnded: \.hasEnded, write: { $0.write(to: &$1) })
        return EventStream(timing: streamTiming, context) { frames in
            await follower.produce(into: frames)
            withExtendedLifetime(place) {}
        }.response(to: request)
    }

    private func progress(of channel: Channel) async throws -> ChannelProgress {
        // The list's job first: it ends after all that it has brought about.
        let listing = try await listing(of: channel.id)
        let work = try await ChannelWork.get(channel.id, on: database)
        let report = try await ChannelReport.get(channel.id, on: database)
        var progress = ChannelProgress(channel: channel, work: work, report: report, listing: listing)
        // While the list is read nobody knows how much there is to do.
        if work.open > 0, listing?.job == nil || listing?.record.state != .listing {
            progress.estimatedCompletion = try await completion(of: work.open, areFetched: listing != nil)
        }
        return progress
    }

    private func listing(of channel: ChannelID) async throws -> ChannelProgress.Listing? {
        let job = try await Job.get(ListChannelJob.kind, channel.description, on: database)
        guard let record = try await ChannelListing.get(channel, on: database) else { return nil }
        let last = try await ArchivedJob.last(ListChannelJob.kind, channel.description, on: database)
        return ChannelProgress.Listing(record: record, job: job, last: last)
    }

    /// When so many jobs will be done, as far as that can be told: by the slower of those who fetch and those who index.
    private func completion(of jobs: Int, areFetched: Bool) async throws -> Date? {
        var wait = try await pace(of: IndexVideoJob.kind).time(for: jobs)
        if areFetched {
            let fetching = try await pace(of: FetchVideoJob.kind).time(for: jobs)
            wait = [wait, fetching, youtube.fetcher.time(for: jobs)].compactMap(\.self).max()
        }
        let now = try await CronTaskRecord.now(on: database)
        return wait.map { now.addingTimeInterval($0 / .seconds(1)) }
    }
}

extension PoliteFetcher {
    /// How long it takes at least to fetch so many videos within the hour's requests.
    fileprivate func time(for videos: Int) -> Duration {
        let requests = videos * Self.requestsForVideo
        return .seconds(3_600) * requests / limits.requestsPerHour
    }
}

extension ChannelProgress {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("queue")
        json.object { json in
            json.field("id", jobID?.description)
            json.field("status", status.rawValue)
            json.field("total_videos", work.videos)
            json.field("videos_processed", work.processed)
            json.field("videos_failed", work.failed)
            json.key("current_video_index")
            if work.open > 0 { json.integer(min(work.videos, work.processed + work.failed + 1)) } else { json.null() }
            json.field("current_video_title", work.currentTitle)
            json.field("started_at", startedAt)
            json.field("completed_at", completedAt)
            json.field("estimated_completion_at", estimatedCompletion)
            json.field("error_message", error)
        }
        json.key("report")
        report.write(to: &json)
        json.key("channel")
        channel.write(to: &json)
    }
}
