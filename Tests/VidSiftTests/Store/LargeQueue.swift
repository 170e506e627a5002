import Database
import Foundation

@testable import VidSift

/// The queue of a large library: 100,000 jobs that are open, as many that have ended, and as many attempts.
enum LargeQueue {
    private static let kind = IndexVideoJob.kind

    static func fill(_ db: Database) async throws {
        let now = Date().sqlValue
        try await db.insert(
            into: "jobs",
            columns: [
                "id", "kind", "version", "subject", "payload", "requester", "priority", "turn", "state", "run_at",
                "max_attempts", "fence", "worker", "lease_until", "started_at", "created_at", "updated_at",
            ],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                let state = state(number)
                let isRunning = state == .running
                return [
                    job(number).sqlValue, kind.sqlValue, 1.sqlValue, LargeLibrary.video(number).description.sqlValue,
                    "{}".sqlValue, "caller-\(number % 500)".sqlValue, JobPriority.normal.sqlValue,
                    (number / 500).sqlValue, state.sqlValue, now, 10.sqlValue, 1.sqlValue,
                    isRunning ? "w".sqlValue : .null, isRunning ? now : .null, isRunning ? now : .null, now, now,
                ]
            })
        try await db.insert(
            into: "job_archive",
            columns: [
                "id", "kind", "version", "subject", "payload", "requester", "priority", "state", "attempts",
                "max_attempts", "fence", "last_error", "created_at", "started_at", "finished_at",
            ],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                let state: ArchivedJob.State = number % 100 == 0 ? .buried : .completed
                return [
                    ended(number).sqlValue, kind.sqlValue, 1.sqlValue, "subject-\(number)".sqlValue, "{}".sqlValue,
                    "".sqlValue, JobPriority.normal.sqlValue, state.sqlValue, 1.sqlValue, 10.sqlValue, 1.sqlValue,
                    "e".sqlValue, now, now, now,
                ]
            })
        try await db.insert(
            into: "job_attempts", columns: ["job_id", "fence", "worker", "started_at", "ended_at", "outcome"],
            rows: (0..<LargeLibrary.rows).lazy.map {
                [ended($0).sqlValue, 1.sqlValue, "w".sqlValue, now, now, JobAttempt.Outcome.failed.sqlValue]
            })
    }

    /// What workers, clients and the clock do with it all day.
    static func runStatements(on db: some SQLRunner) async throws {
        try await runClaims(on: db)
        try await runEnqueuing(on: db)
        try await runEnds(on: db)
        try await runLooks(on: db)
        try await runRepairs(on: db)
    }

    private static let claimant = Claimant(worker: "w", lease: .seconds(6))

    private static func runClaims(on db: some SQLRunner) async throws {
        for limit in [1, 256] {
            _ = try await db.rows(Job.claim(kind, limit: limit, by: claimant), as: Job.self)
        }
        try await Job.promoteDue(on: db)
        _ = try await Job.isAnyDue(of: [kind, CronJob.kind], on: db)
        _ = try await Job.isAnyOpen(of: [kind, CronJob.kind], on: db)
        for count in [1, 8] {
            let ids = (0..<count).map { job($0 * 1_000) }
            _ = try await db.rows(Job.renewal(of: ids, for: claimant), as: RenewedJob.self)
        }
        try await db.execute(Job.progressUpdate(JobProgress(done: 1, total: 2), of: held(0)))
    }

    private static func runEnqueuing(on db: some SQLRunner) async throws {
        for requester in ["", "caller-3", "nobody"] {
            let new = NewJob(
                kind: kind, version: 1, subject: "new-\(requester)", payload: "{}", requester: requester)
            _ = try await new.enqueue(on: db)
            _ = try await new.enqueue(on: db)
        }
        let children = (0..<3).map {
            NewJob(kind: kind, version: 1, subject: "child-\($0)", payload: "{}", parentID: job(1))
        }
        _ = try await NewJob.enqueue(children, on: db)
        try await Job.startOver(job(5), on: db)
        _ = try await Job.hurry(job(15), on: db)
    }

    private static func runEnds(on db: some SQLRunner) async throws {
        _ = try await held(0).isHeld(in: db)
        _ = try await held(0).complete(on: db)
        _ = try await held(1_000).bury(error: "e", on: db)
        _ = try await held(2_000).cancel(on: db)
        _ = try await held(3_000).letGo(
            JobSettlement(outcome: .failed, next: .whenChildrenEnd, error: "e", countsAsAttempt: true), on: db)
        _ = try await Job.cancel(job(1), on: db)
        _ = try await ArchivedJob.redrive(ended(100), on: db)
    }

    private static func runLooks(on db: some SQLRunner) async throws {
        _ = try await Job.get(job(7), on: db)
        _ = try await Job.get(kind, LargeLibrary.video(7).description, on: db)
        _ = try await Job.get(job(77), on: db)?.position(on: db)
        _ = try await Job.usualDuration(of: kind, on: db)
        _ = try await ArchivedJob.get(ended(7), on: db)
        _ = try await ArchivedJob.last(kind, "subject-7", on: db)
        _ = try await ArchivedJob.list(limit: 50, on: db)
        _ = try await ArchivedJob.list(states: [.buried], kind: kind, limit: 50, on: db)
        _ = try await ArchivedJob.buried(kind: kind, limit: 1_000, on: db)
        _ = try await ArchivedJob.childrenByState(of: job(1), on: db)
        _ = try await Job.children(of: job(1), limit: 50, on: db)
        _ = try await JobAttempt.list(of: ended(7), limit: 50, on: db)
        _ = try await WorkerPresence.alive(within: .seconds(6), on: db)
    }

    private static func runRepairs(on db: some SQLRunner) async throws {
        _ = try await Job.wakeForgottenParents(on: db)
        _ = try await ArchivedJob.removeOld(olderThan: .seconds(3_600), limit: 10, on: db)
    }

    /// One in a thousand runs, one in a thousand waits for its children, one in ten for its time.
    private static func state(_ number: Int) -> JobState {
        switch number % 1_000 {
        case 0: .running
        case 1: .waiting
        default: number % 10 == 5 ? .scheduled : .pending
        }
    }

    private static func held(_ number: Int) -> HeldJob {
        HeldJob(id: job(number), worker: "w", fence: 1, parentID: nil)
    }

    private static func job(_ number: Int) -> JobID { LargeLibrary.id(5, number) }
    private static func ended(_ number: Int) -> JobID { LargeLibrary.id(6, number) }
}
