import Foundation
import Logging
import VidSift

/// Makes the values that the program's own code works on.
struct RealValues {
    private static let logger = Logger(label: "model") { _ in SwiftLogNoOpLogHandler() }

    /// A line of a renewal's answer.
    func renewed(_ row: ModelRow) -> RenewedJob {
        RenewedJob(id: row.id, fence: row.fence, isCancelRequested: row.isCancelRequested)
    }

    func running(_ row: ModelRow, _ claim: HeldJob) -> RunningJob {
        RunningJob(job: job(row), claim: claim, isArchived: true, logger: Self.logger)
    }

    private func job(_ row: ModelRow) -> Job {
        Job(
            id: row.id, kind: row.kind, version: 1, subject: row.subject, payload: "{}", requester: row.requester,
            priority: row.priority, turn: row.turn, state: row.state, runAt: date(row.runAt), attempts: row.attempts,
            crashes: row.crashes, maximumAttempts: row.maximumAttempts, fence: row.fence, worker: row.worker,
            leaseUntil: row.leaseUntil.map(date), startedAt: nil, isCancelRequested: row.isCancelRequested,
            progress: JobProgress(done: 0, total: 0), lastError: row.lastError, parentID: row.parentID,
            openChildren: row.openChildren, createdAt: date(0))
    }

    private func date(_ milliseconds: Int) -> Date {
        Date(timeIntervalSinceReferenceDate: Double(milliseconds) / 1_000)
    }
}
