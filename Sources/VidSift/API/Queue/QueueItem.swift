internal import Foundation

/// A job as clients see it.
struct QueueItem: Sendable, Hashable {
    /// Where it stands.
    enum Status: String, Sendable, CaseIterable {
        case scheduled, pending, processing, waiting, completed, failed, cancelled

        init(_ state: JobState) {
            self =
                switch state {
                case .scheduled: .scheduled
                case .pending: .pending
                case .running: .processing
                case .waiting: .waiting
                }
        }

        init(_ state: ArchivedJob.State) {
            self =
                switch state {
                case .completed: .completed
                case .buried: .failed
                case .cancelled: .cancelled
                }
        }

        /// The state of a job that has not ended.
        var open: JobState? { JobState.allCases.first { Self($0) == self } }
        var ended: ArchivedJob.State? { ArchivedJob.State.allCases.first { Self($0) == self } }
    }

    var id: JobID
    var kind: JobKind
    var subject: String
    var requester: String
    var status: Status
    var priority: JobPriority
    /// From 1; 0 when it does not wait for a place.
    var position = 0
    var estimatedStart: Date?
    var attempts: Int
    var maximumAttempts: Int
    var progress: JobProgress?
    var error: String?
    var isCancelRequested = false
    var createdAt: Date
    var startedAt: Date?
    var finishedAt: Date?

    /// Whether it waits: for its time, a place, or its children.
    var isInQueue: Bool {
        switch status {
        case .scheduled, .pending, .waiting: true
        case .processing, .completed, .failed, .cancelled: false
        }
    }

    var hasEnded: Bool { status.ended != nil }

    /// Whether nothing but the estimate differs, which changes with every look.
    func isSame(as other: QueueItem) -> Bool {
        var (one, other) = (self, other)
        one.estimatedStart = nil
        other.estimatedStart = nil
        return one == other
    }
}

extension QueueItem {
    init(_ job: Job) {
        self.init(
            id: job.id, kind: job.kind, subject: job.subject, requester: job.requester, status: Status(job.state),
            priority: job.priority, attempts: job.attempts, maximumAttempts: job.maximumAttempts,
            progress: job.progress.total > 0 ? job.progress : nil, error: job.lastError,
            isCancelRequested: job.isCancelRequested, createdAt: job.createdAt, startedAt: job.startedAt)
        if job.state == .scheduled { estimatedStart = job.runAt }
    }

    init(_ job: ArchivedJob) {
        self.init(
            id: job.id, kind: job.kind, subject: job.subject, requester: job.requester, status: Status(job.state),
            priority: job.priority, attempts: job.attempts, maximumAttempts: job.maximumAttempts,
            error: job.reason, createdAt: job.createdAt, startedAt: job.startedAt,
            finishedAt: job.finishedAt)
    }

    /// Says where it stands among those that wait for a place.
    mutating func wait(at position: Int, pace: WorkPace, now: Date) {
        self.position = position
        estimatedStart = pace.time(for: position).map { now.addingTimeInterval($0 / .seconds(1)) }
    }
}

extension QueueItem {
    func write(to json: inout JSONWriter, attempts history: [JobAttempt]? = nil) {
        json.object { json in
            json.field("id", id.description)
            json.field("kind", kind.rawValue)
            json.field("subject", subject)
            json.field("status", status.rawValue)
            json.field("priority", priority.name)
            json.field("position", position)
            json.field("estimatedStart", estimatedStart)
            json.field("attempts", attempts)
            json.field("maxAttempts", maximumAttempts)
            if let progress { json.field("progress", progress.fraction) }
            json.field("error", error)
            json.field("cancelRequested", isCancelRequested)
            json.field("createdAt", createdAt)
            json.field("startedAt", startedAt)
            json.field("finishedAt", finishedAt)
            if let history {
                json.key("history")
                json.array(history) { $1.write(to: &$0) }
            }
        }
    }
}

extension JobAttempt {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("startedAt", startedAt)
            json.field("endedAt", endedAt)
            json.field("outcome", outcome.rawValue)
            json.field("worker", worker)
            json.field("error", error)
        }
    }
}
