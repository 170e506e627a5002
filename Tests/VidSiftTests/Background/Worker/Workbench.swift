import Database
import Logging
import ServiceLifecycle
import TestDatabases
import Testing

@testable import VidSift

/// A piece of work for tests.
struct TestWork: JobPayload {
    static let kind = JobKind(rawValue: "test")
    static let version = 1
    var subject: String
}

/// A piece of work of another kind.
struct OtherWork: JobPayload {
    static let kind = JobKind(rawValue: "other")
    static let version = 1
    var subject: String
}

/// A library whose queue is tried, with a table in which work leaves its effects.
struct Workbench {
    let library: TestLibrary

    var database: Database { library.components.database }
    var queue: JobQueue { JobQueue(database: database, bindings: [], bell: JobBell()) }

    init(_ engine: TestEngine) async throws {
        library = try await TestLibrary(engine: engine, databaseConfiguration: .fast)
        try await database.execute("CREATE TABLE effects (subject text NOT NULL, fence bigint NOT NULL)")
    }

    /// Runs the closure with connections of its own, as another instance has them.
    func withAnother<T: Sendable>(_ body: (Database) async throws -> T) async throws -> T {
        let other = try await library.components.settings.storage.open(
            logger: library.components.logger, configuration: .fast)
        do {
            let result = try await body(other)
            try await other.close()
            return result
        } catch {
            // What went wrong inside says more than a failure to close.
            try? await other.close()
            throw error
        }
    }

    // MARK: - Workers

    func worker(
        _ bindings: [JobBinding], timing: WorkerTiming = .short, on database: Database? = nil,
        bell: JobBell = JobBell(), lockPath: String? = nil
    ) -> Worker {
        Worker(
            database: database ?? self.database, bindings: bindings, bell: bell, lockPath: lockPath, timing: timing,
            logger: library.components.logger)
    }

    /// Has the workers work while the closure runs.
    func working<T: Sendable>(_ workers: [Worker], _ body: () async throws -> T) async throws -> T {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { try await worker.run() } }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Has the worker work until the closure has ended and the worker has stopped as a server does.
    func untilStopped(_ worker: Worker, _ body: @Sendable (ServiceGroup) async throws -> Void) async throws {
        let services = ServiceGroup(services: [worker], logger: library.components.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                try await body(services)
            } catch {
                group.cancelAll()
                throw error
            }
            try await group.waitForAll()
        }
    }

    // MARK: - Jobs

    @discardableResult
    func enqueue(
        _ subject: String, requester: String = "", priority: JobPriority = .normal, delay: Duration = .zero,
        attempts: Int = NewJob.usualAttempts, parent: JobID? = nil
    ) async throws -> JobID {
        let job = try NewJob(
            TestWork(subject: subject), requester: requester, priority: priority, delay: delay,
            maximumAttempts: attempts, parentID: parent)
        return try await database.transaction { try await job.enqueue(on: $0) }.id
    }

    /// Claims at most so many, as a worker of that name does.
    func claim(
        _ limit: Int = 1, as worker: String = "one", on database: Database? = nil
    ) async throws -> [Job] {
        let claimant = Claimant(worker: worker, lease: .seconds(60))
        return try await (database ?? self.database).rows(
            Job.claim(TestWork.kind, limit: limit, by: claimant), as: Job.self)
    }

    func claimOne(as worker: String = "one") async throws -> HeldJob {
        try #require(try await claim(as: worker).first).held
    }

    /// The subjects in the order in which single claims find them.
    func claimed(_ count: Int) async throws -> [String] {
        var subjects: [String] = []
        for _ in 0..<count { subjects += try await claim().map(\.subject) }
        return subjects
    }

    /// Has a claim end as if its worker had been silent for long.
    func expire(_ id: JobID) async throws {
        try await database.execute("UPDATE jobs SET lease_until = seconds_from_now(-60) WHERE id = \(id)")
    }

    /// Has what waits for its time be due.
    func passTime() async throws {
        try await database.execute("UPDATE jobs SET run_at = seconds_from_now(-1) WHERE state = 'scheduled'")
    }

    func job(_ id: JobID) async throws -> Job? { try await Job.get(id, on: database) }

    func ended(_ id: JobID) async throws -> ArchivedJob? { try await ArchivedJob.get(id, on: database) }

    func outcomes(_ id: JobID) async throws -> [JobAttempt.Outcome] {
        try await JobAttempt.list(of: id, limit: 100, on: database).map(\.outcome)
    }

    // MARK: - Effects

    func effects(_ subject: String) async throws -> Int {
        try await database.value("SELECT count(*) FROM effects WHERE subject = \(subject)", as: Int.self) ?? 0
    }
}

extension Job {
    /// The claim that the row tells of.
    var held: HeldJob { HeldJob(id: id, worker: worker ?? "", fence: fence, parentID: parentID) }
}

extension RunningJob {
    /// Leaves an effect.
    func leaveEffect(in tx: Transaction) async throws {
        try await tx.execute("INSERT INTO effects (subject, fence) VALUES (\(job.subject), \(job.fence))")
    }
}

extension WorkerTiming {
    /// The usual proportions, four times as fast.
    static let short = WorkerTiming(
        lease: .milliseconds(1_500), heartbeat: .milliseconds(150), poll: .milliseconds(100),
        grace: .milliseconds(400), abandon: .milliseconds(300))
}

/// What a test throws to have something undone.
struct Undo: Error {}
