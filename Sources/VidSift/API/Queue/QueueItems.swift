internal import Database
internal import Hummingbird

extension API {
    /// How many attempts of an item are shown, the last first.
    private static let shownAttempts = 50

    /// `GET /api/queue/items`
    func listItems(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = try RequestQuery(request)
        let limit = try query.limit()
        let kind = try query.text("kind").map { JobKind(rawValue: $0) }
        let status = try query.choice("state", among: QueueItem.Status.self)
        let items =
            if let state = status?.ended {
                try await ArchivedJob.list(states: [state], kind: kind, limit: limit, on: database).map {
                    QueueItem($0)
                }
            } else {
                try await openItems(status?.open.map { [$0] } ?? JobState.allCases, kind, limit: limit)
            }
        return .success { json in
            json.key("items")
            json.array(items.filter { context.caller.mayManage(requester: $0.requester) }) { $1.write(to: &$0) }
        }
    }

    /// `GET /api/queue/items/:id`
    func getItem(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await namedItem(context)
        let history = try await JobAttempt.list(of: item.id, limit: Self.shownAttempts, on: database)
        return .success { json in
            json.key("queueItem")
            item.write(to: &json, attempts: history)
        }
    }

    /// `GET /api/queue/position/:queueItemId`
    func queuePosition(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await namedItem(context, as: "queueItemId")
        return .success { json in
            json.field("position", item.position)
            json.field("inQueue", item.isInQueue)
            json.field("estimatedStart", item.estimatedStart)
            json.field("status", item.status.rawValue)
        }
    }

    /// `POST /api/queue/items/:id/cancel`
    func cancelItem(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await namedItem(context)
        let cancelled = try await queue.cancel(item.id)
        let message =
            switch cancelled {
            case .cancelled: "It is cancelled."
            case .requested: "It is running; its worker is told to stop."
            case .nothing: "It has ended already."
            }
        return try await changed(item, success: cancelled != .nothing, message: message)
    }

    /// `POST /api/queue/items/:id/retry`
    func retryItem(_ request: Request, _ context: APIContext) async throws -> Response {
        let item = try await namedItem(context)
        let retried = try await queue.retry(item.id)
        let message =
            switch retried {
            case .queued: "It is queued."
            case .already: "It is queued or running already, or the same work is."
            case .completed:
                if let reason = item.error {
                    "It was done: \(reason) `POST /api/queue/video` has the video asked for again."
                } else {
                    "It was done; there is nothing to repeat."
                }
            case .unknown: throw Self.noSuchItem
            }
        return try await changed(item, success: retried == .queued, message: message)
    }

    private func changed(_ before: QueueItem, success: Bool, message: String) async throws -> Response {
        let item = try await queueItem(before.id) ?? before
        return .json { json in
            json.field("success", success)
            json.field("message", message)
            json.key("queueItem")
            item.write(to: &json)
        }
    }

    /// `GET /api/queue/items/:id/events`: the item whenever it changes, until it has ended.
    func followItem(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try await namedItem(context).id
        let place = try followers.admit()
        let follower = StateFollower(
            timing: streamTiming, logger: context.logger, look: { try await queueItem(id) },
            isSame: { $0.isSame(as: $1) }, hasEnded: \.hasEnded,
            write: { item, json in
                json.key("queueItem")
                item.write(to: &json)
            })
        return EventStream(timing: streamTiming, context) { frames in
            await follower.produce(into: frames)
            withExtendedLifetime(place) {}
        }.response(to: request)
    }
}
