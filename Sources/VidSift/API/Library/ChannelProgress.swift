internal import Database
internal import Foundation
internal import Hummingbird

/// A channel and how far its videos have come.
struct ChannelProgress: Sendable, Hashable {
    var channel: Channel
    var work: ChannelWork
    var estimatedCompletion: Date?

    /// What is done with the channel as a whole.
    var status: QueueItem.Status {
        if work.running > 0 { return .processing }
        if work.open > 0 { return .pending }
        return work.failed > 0 && work.processed == 0 ? .failed : .completed
    }

    /// Whether nothing but the estimate differs, which changes with every look.
    func isSame(as other: ChannelProgress) -> Bool {
        channel == other.channel && work == other.work
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
            isSame: { $0.isSame(as: $1) }, hasEnded: { $0.work.open == 0 }, write: { $0.write(to: &$1) })
        return EventStream(timing: streamTiming, context) { frames in
            await follower.produce(into: frames)
            withExtendedLifetime(place) {}
        }.response(to: request)
    }

    private func progress(of channel: Channel) async throws -> ChannelProgress {
        let work = try await ChannelWork.get(channel.id, on: database)
        guard work.open > 0 else { return ChannelProgress(channel: channel, work: work) }
        let now = try await CronTaskRecord.now(on: database)
        let wait = try await pace(of: IndexVideoJob.kind).time(for: work.open)
        return ChannelProgress(
            channel: channel, work: work,
            estimatedCompletion: wait.map { now.addingTimeInterval($0 / .seconds(1)) })
    }
}

extension ChannelProgress {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("queue")
        json.object { json in
            json.field("id", work.jobID?.description)
            json.field("status", status.rawValue)
            json.field("total_videos", work.videos)
            json.field("videos_processed", work.processed)
            json.field("videos_failed", work.failed)
            json.key("current_video_index")
            if work.open > 0 { json.integer(min(work.videos, work.processed + work.failed + 1)) } else { json.null() }
            json.field("current_video_title", work.currentTitle)
            json.field("started_at", work.startedAt)
            json.field("completed_at", work.completedAt)
            json.field("estimated_completion_at", estimatedCompletion)
            json.field("error_message", work.lastError)
        }
        json.key("channel")
        channel.write(to: &json)
    }
}
