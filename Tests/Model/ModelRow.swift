import VidSift

/// A row of `jobs`; its times are milliseconds of a virtual clock.
struct ModelRow: Sendable, Hashable {
    var id: JobID
    var kind: JobKind
    var subject: String
    var requester = ""
    var priority = JobPriority.normal
    var turn = 0
    var state = JobState.pending
    var runAt: Int
    var attempts = 0
    var crashes = 0
    var maximumAttempts = 3
    var fence = 0
    var worker: String?
    var leaseUntil: Int?
    var isCancelRequested = false
    var lastError: String?
    var parentID: JobID?
    var openChildren = 0
}

/// A row of `job_archive`.
struct ModelEnd: Sendable, Hashable {
    var row: ModelRow
    var state: ArchivedJob.State
}

/// A row of `job_attempts`.
struct ModelAttempt: Sendable, Hashable {
    var job: JobID
    var fence: Int
    var worker: String
    var outcome: JobAttempt.Outcome
}

/// A CHECK of the schema that a statement would break: its transaction fails.
struct BrokenCheck: Error {
    var reason: String
}
