internal import Database
internal import Foundation
internal import Hummingbird

private struct ProcessRequest: Decodable {
    var limit: Int?
}

extension API {
    private static let processLimits = 1...10_000

    /// `GET /api/queue/status`
    func queueStatus(_ request: Request, _ context: APIContext) async throws -> Response {
        let standing = try await QueueStanding.get(on: database)
        let channels = try await ChannelCounts.get(on: database)
        let indexFailures = standing.kinds[IndexVideoJob.kind]?.buried ?? 0
        let failed =
            try await VideoFetch.countGivenUp(on: database) + Recording.countFailed(on: database) + indexFailures
        let workers = try await liveWorkers().count
        let kinds = ChannelWork.videoKinds.compactMap { standing.kinds[$0] }
        func count(_ which: (QueueCounts) -> Int) -> Int { kinds.reduce(0) { $0 + which($1) } }
        return .success { json in
            json.key("status")
            json.object { json in
                json.key("channels")
                json.object { channels.write(to: &$0) }
                json.key("videos")
                json.object { json in
                    json.field("queued", count(\.queued))
                    json.field("pending", count(\.pending))
                    json.field("processing", count(\.running))
                    // A video that was fetched is done when it is indexed.
                    json.field("completed", standing.kinds[IndexVideoJob.kind]?.completed ?? 0)
                    // One whose words can't be had is nobody's failure: its job was done.
                    json.field("failed", failed)
                }
                json.field("workers", workers)
                json.field("oldestPendingSeconds", standing.oldestPendingAge / .seconds(1))
                json.field("throughputPerMinute", standing.throughputPerMinute)
            }
        }
    }

    /// `POST /api/queue/process-videos`: has the workers look at once.
    func processVideos(_ request: Request, _ context: APIContext) async throws -> Response {
        try context.caller.requireAdministrator()
        var request = request
        let limit = try await request.optionalJSON(ProcessRequest.self)?.limit ?? Self.processLimits.upperBound
        guard Self.processLimits.contains(limit) else {
            throw Problem.invalid(
                "limit: expected a whole number from 1 to \(Self.processLimits.upperBound), found \(limit).")
        }
        var due = 0
        for kind in ChannelWork.videoKinds where due < limit {
            due += try await Job.countDue(of: kind, atMost: limit - due, on: database)
        }
        queue.wake()
        return .success { json in
            json.field("message", due == 0 ? "Nothing is due." : "The workers are told of \(due) videos.")
            json.field("processed", due)
        }
    }
}

extension QueueCounts {
    /// Those that wait: for their time, a place, or others.
    fileprivate var queued: Int { scheduled + pending + waiting }
}

extension QueueStanding {
    fileprivate var throughputPerMinute: Double {
        Double(recentlyCompleted) / (Self.recent / .seconds(60))
    }
}

extension ChannelCounts {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("pending", pending)
        json.field("processing", running)
        json.field("completed", completed)
        json.field("failed", failed)
    }
}
