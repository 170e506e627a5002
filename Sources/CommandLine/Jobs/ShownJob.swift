internal import Foundation
internal import VidSift

/// A job as it is shown, whether it has ended or not.
struct ShownJob: Sendable {
    var id: JobID
    var kind: JobKind
    var subject: String
    var state: ShownJobState
    var requester: String
    var priority: JobPriority
    var attempts: Int
    var maximumAttempts: Int
    /// Nil once it has ended.
    var progress: JobProgress?
    var isCancelRequested = false
    var worker: String?
    var lastError: String?
    var parentID: JobID?
    var createdAt: Date
    var runAt: Date?
    var startedAt: Date?
    var finishedAt: Date?

    init(_ found: JobQueue.Found) {
        switch found {
        case .open(let job): self.init(job)
        case .ended(let job): self.init(job)
        }
    }

    init(_ job: Job) {
        (id, kind, subject, state) = (job.id, job.kind, job.subject, ShownJobState(job.state))
        (requester, priority, attempts, maximumAttempts) =
            (job.requester, job.priority, job.attempts, job.maximumAttempts)
        (progress, isCancelRequested, worker) = (job.progress, job.isCancelRequested, job.worker)
        (lastError, parentID, createdAt) = (job.lastError, job.parentID, job.createdAt)
        (runAt, startedAt) = (job.runAt, job.startedAt)
    }

    init(_ job: ArchivedJob) {
        (id, kind, subject, state) = (job.id, job.kind, job.subject, ShownJobState(job.state))
        (requester, priority, attempts, maximumAttempts) =
            (job.requester, job.priority, job.attempts, job.maximumAttempts)
        (worker, lastError, parentID, createdAt) = (job.worker, job.lastError, job.parentID, job.createdAt)
        (startedAt, finishedAt) = (job.startedAt, job.finishedAt)
    }
}

extension ShownJob {
    /// Id, state, kind, subject, attempts, progress and last error, parted by tabs.
    var line: String {
        [
            id.description, state.rawValue, Clean.line(kind.rawValue), Clean.line(subject),
            "\(attempts)/\(maximumAttempts)", percent, Clean.line(lastError ?? ""),
        ].joined(separator: "\t")
    }

    var percent: String {
        guard let progress, progress.total > 0 else { return "-" }
        return "\(Int(progress.fraction * 100)) %"
    }

    /// Writes the fields into an object that has been begun.
    func writeFields(to json: inout JSONWriter) {
        json.field("id", id.description)
        json.field("kind", kind.rawValue)
        json.field("subject", subject)
        json.field("state", state.rawValue)
        json.field("requester", requester)
        json.field("priority", priority.name)
        json.field("attempts", attempts)
        json.field("maxAttempts", maximumAttempts)
        if let progress {
            json.key("progress")
            json.object { json in
                json.field("done", progress.done)
                json.field("total", progress.total)
            }
        }
        json.field("cancelRequested", isCancelRequested)
        json.field("worker", worker)
        json.field("error", lastError)
        json.field("parentId", parentID?.description)
        json.field("createdAt", createdAt.stamp)
        json.field("runAt", runAt?.stamp)
        json.field("startedAt", startedAt?.stamp)
        json.field("finishedAt", finishedAt?.stamp)
    }
}

extension Date {
    /// As the server writes it.
    var stamp: String { formatted(ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
