internal import Database
internal import Foundation

extension API {
    /// Workers that were silent for a whole lease are not counted.
    private static let longestSilence = WorkerTiming().lease

    /// The item that the path names; somebody else's is not there.
    func namedItem(_ context: APIContext, as name: String = "id") async throws -> QueueItem {
        guard let id = JobID(try context.pathText(name)), let item = try await queueItem(id),
            context.caller.mayManage(requester: item.requester)
        else { throw Self.noSuchItem }
        return item
    }

    static let noSuchItem = Problem.notFound("There is no such item in the queue.")

    /// A job with its place and an estimate; nil where there is none.
    func queueItem(_ id: JobID) async throws -> QueueItem? {
        switch try await queue.find(id) {
        case .ended(let job): return QueueItem(job)
        case .open(let job):
            var item = QueueItem(job)
            guard job.state == .pending else { return item }
            let position = try await job.position(on: database)
            item.wait(
                at: position, pace: try await pace(of: job.kind), now: try await CronTaskRecord.now(on: database))
            return item
        case nil: return nil
        }
    }

    /// Jobs that have not ended, in the order in which they begin, with their places.
    func openItems(_ states: [JobState], _ kind: JobKind?, limit: Int) async throws -> [QueueItem] {
        let jobs = try await Job.list(states: states, kind: kind, limit: limit, on: database)
        let now = try await CronTaskRecord.now(on: database)
        var (paces, positions): ([JobKind: WorkPace], [JobKind: Int]) = ([:], [:])
        var items: [QueueItem] = []
        for job in jobs {
            var item = QueueItem(job)
            if job.state == .pending {
                if paces[job.kind] == nil { paces[job.kind] = try await pace(of: job.kind) }
                // The list begins with the first of each kind and leaves none out.
                positions[job.kind, default: 0] += 1
                item.wait(
                    at: positions[job.kind] ?? 0, pace: paces[job.kind] ?? WorkPace(usual: nil, places: 0), now: now)
            }
            items.append(item)
        }
        return items
    }

    func pace(of kind: JobKind) async throws -> WorkPace {
        let workers = try await liveWorkers()
        return WorkPace(
            usual: try await Job.usualDuration(of: kind, on: database),
            places: workers.reduce(0) { $0 + ($1.slots[kind.rawValue] ?? 0) })
    }

    func liveWorkers() async throws -> [WorkerPresence] {
        try await WorkerPresence.alive(within: Self.longestSilence, on: database)
    }
}
