internal import Foundation
internal import VidSift

/// All that is known of one job.
struct JobDetails: Sendable {
    /// The most attempts that are shown, the last first.
    private static let shownAttempts = 100

    var job: ShownJob
    var attempts: [JobAttempt]
    /// From 1; 0 when it does not wait for a worker.
    var position = 0
    /// How long until it begins, in seconds; nil where that can't be told.
    var startsIn: Double?
    var openChildren = 0
    var endedChildren: [ArchivedJob.State: Int]

    /// - Throws: `DatabaseError`.
    init(_ found: JobQueue.Found, in library: Components) async throws {
        let database = library.database
        job = ShownJob(found)
        attempts = try await JobAttempt.list(of: job.id, limit: Self.shownAttempts, on: database)
        endedChildren = try await ArchivedJob.childrenByState(of: job.id, on: database)
        guard case .open(let job) = found else { return }
        openChildren = job.openChildren
        position = try await job.position(on: database)
        startsIn = try await Self.wait(of: job, at: position, in: library)
    }

    /// Those before it, as long as the last of the kind took, spread over the places of the workers that live.
    private static func wait(of job: Job, at position: Int, in library: Components) async throws -> Double? {
        guard position > 0,
            let usual = try await Job.usualDuration(of: job.kind, on: library.database)
        else { return nil }
        let workers = try await WorkerPresence.alive(within: library.worker.timing.lease, on: library.database)
        let places = workers.reduce(0) { $0 + ($1.slots[job.kind.rawValue] ?? 0) }
        guard places > 0 else { return nil }
        return (usual / .seconds(1)) * Double((position - 1) / places)
    }
}

extension JobDetails {
    /// Name and value, parted by tabs; then a line for each attempt.
    var lines: [String] {
        let facts: [(String, String?)] = [
            ("id", job.id.description), ("kind", job.kind.rawValue), ("subject", job.subject),
            ("state", job.state.rawValue), ("cancel requested", job.isCancelRequested ? "yes" : nil),
            ("priority", job.priority.name), ("requester", job.requester.isEmpty ? nil : job.requester),
            ("attempts", "\(job.attempts)/\(job.maximumAttempts)"), ("progress", progress),
            ("position", position > 0 ? "\(position)" : nil), ("starts in", startsIn.map { "\(Int($0.rounded())) s" }),
            ("worker", job.worker), ("error", job.lastError), ("parent", job.parentID?.description),
            ("children", children), ("created", job.createdAt.stamp), ("due", job.runAt?.stamp),
            ("started", job.startedAt?.stamp), ("finished", job.finishedAt?.stamp),
        ]
        return facts.compactMap { name, value in value.map { "\(name)\t\(Clean.line($0))" } }
            + attempts.map(\.line)
    }

    private var progress: String? {
        guard let progress = job.progress, progress.total > 0 else { return nil }
        return "\(progress.done)/\(progress.total) (\(job.percent))"
    }

    private var children: String? {
        let counts = [("open", openChildren)] + ended.map { ($0.name.rawValue, $0.count) }
        let shown = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        return shown.isEmpty ? nil : shown.joined(separator: ", ")
    }

    private var ended: [(name: ShownJobState, count: Int)] {
        ArchivedJob.State.allCases.map { (ShownJobState($0), endedChildren[$0] ?? 0) }
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            job.writeFields(to: &json)
            json.field("position", position)
            json.key("startsInSeconds")
            if let startsIn { json.number(startsIn) } else { json.null() }
            json.key("children")
            json.object { json in
                json.field("open", openChildren)
                json.field("completed", endedChildren[.completed] ?? 0)
                json.field("failed", endedChildren[.buried] ?? 0)
                json.field("cancelled", endedChildren[.cancelled] ?? 0)
            }
            json.key("history")
            json.array(attempts) { $1.write(to: &$0) }
        }
    }
}

extension JobAttempt {
    fileprivate var line: String {
        ["attempt", outcome.rawValue, startedAt.stamp, endedAt.stamp, worker, error ?? ""]
            .map(Clean.line).joined(separator: "\t")
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("fence", fence)
            json.field("outcome", outcome.rawValue)
            json.field("worker", worker)
            json.field("startedAt", startedAt.stamp)
            json.field("endedAt", endedAt.stamp)
            json.field("error", error)
        }
    }
}
