package import Database
package import Foundation
package import Logging
internal import ServiceLifecycle

/// Starts what is due by the clock. Any number of instances may run it: each tick is one row, and whoever writes it
/// enqueues the work in the same transaction.
package struct Cron: Service {
    /// How long it is asleep at most: a task that another instance has made known is seen by then.
    private static let longestPause = Duration.seconds(10)
    /// How long after its time a tick without a record counts as late.
    package static let tolerance = Duration.seconds(60)

    package let tasks: [CronTask]
    let database: Database
    let bell: JobBell
    let instance: String
    let logger: Logger
    /// The time by which ticks are due: the database's, so that no instance's own clock counts. For tests.
    let now: @Sendable (Database) async throws -> Date

    package init(
        _ tasks: [CronTask], database: Database, bell: JobBell, logger: Logger,
        now: @escaping @Sendable (Database) async throws -> Date = { try await CronTaskRecord.now(on: $0) }
    ) {
        self.tasks = tasks
        self.database = database
        self.bell = bell
        self.logger = logger
        self.now = now
        instance = ProcessName.current
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = FailureStreak("looking at the clock", logger)
            while !Task.isCancelled {
                var pause = Self.longestPause
                do {
                    pause = min(pause, try await look())
                    failures.end()
                } catch is CancellationError {
                    return
                } catch {
                    failures.add(error)
                }
                // Cancelled: then the loop ends.
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Records and starts what is due now.
    ///
    /// - Returns: how long it is until the next tick of any task.
    package func look() async throws -> Duration {
        let now = try await self.now(database)
        let records = try await records(at: now)
        var next = now.addingTimeInterval(Self.longestPause / .seconds(1))
        for task in tasks {
            guard let record = records[task.name] else { continue }
            let ticks = due(task, record, at: now)
            for tick in ticks { try await start(task, at: tick) }
            // The rest of those that were missed comes at once.
            if ticks.count >= MissedTicks.mostAtOnce { next = now }
            if let tick = task.schedule.next(after: now) { next = min(next, tick) }
        }
        return .seconds(max(0, next.timeIntervalSince(now)))
    }

    /// A task that makes up for missed ticks by one run has none beside that which still runs.
    private func due(_ task: CronTask, _ record: CronTaskRecord, at now: Date) -> [Date] {
        if record.isRunning, task.missed != .all { return [] }
        let progress = CronProgress(firstSeen: record.since, lastTick: record.lastTick)
        return task.schedule.dueTicks(since: progress, now: now, missed: task.missed)
    }

    private func records(at now: Date) async throws -> [String: CronTaskRecord] {
        var records = try await Self.recordsByName(on: database)
        let unknown = tasks.filter { records[$0.name] == nil }
        guard !unknown.isEmpty else { return records }
        try await register(unknown, at: now)
        records = try await Self.recordsByName(on: database)
        return records
    }

    private static func recordsByName(on database: Database) async throws -> [String: CronTaskRecord] {
        let all = try await CronTaskRecord.all(on: database)
        return Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Makes tasks known. A task whose expression has changed begins anew: to be called at the start.
    package func register() async throws {
        try await register(tasks, at: try await now(database))
    }

    private func register(_ tasks: [CronTask], at now: Date) async throws {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            for task in tasks {
                try await CronTaskRecord.register(
                    task.name, expression: task.schedule.description, now: now, on: tx)
            }
        }
    }

    @discardableResult
    private func start(_ task: CronTask, at tick: Date, byHand isByHand: Bool = false) async throws -> Bool {
        let isOurs = try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await CronRun.record(
                CronJob(task: task.name, dueAt: tick), by: instance, byHand: isByHand, on: tx)
        }
        if isOurs { bell.announce() }
        return isOurs
    }

    /// Starts a task now, besides its times; it runs on one instance.
    ///
    /// - Returns: false where there is no task of that name.
    package func trigger(_ name: String) async throws -> Bool {
        guard let task = tasks.first(where: { $0.name == name }) else { return false }
        try await start(task, at: try await now(database), byHand: true)
        return true
    }
}

/// A task as those who look after the program see it.
package struct CronStanding: Sendable, Hashable {
    package var name: String
    package var schedule: String
    package var lastRun: Date?
    package var nextRun: Date?
    /// Whether a tick was due some time ago and nobody has started it.
    package var isLate: Bool
    package var lastStatus: CronRun.State?
    /// Of the last runs that were completed.
    package var averageDuration: Duration?
}

extension Cron {
    /// How many runs tell how long one takes.
    private static let measuredRuns = 20

    package func standing() async throws -> [CronStanding] {
        let now = try await self.now(database)
        let records = try await Self.recordsByName(on: database)
        var standings: [CronStanding] = []
        for task in tasks {
            let runs = try await CronRun.recent(of: task.name, limit: Self.measuredRuns, on: database)
            let record = records[task.name]
            let progress = record.map { CronProgress(firstSeen: $0.since, lastTick: $0.lastTick) }
            standings.append(
                CronStanding(
                    name: task.name, schedule: task.schedule.expression.description, lastRun: runs.first?.startedAt,
                    nextRun: task.schedule.next(after: now),
                    isLate: progress.map {
                        task.schedule.lateTick(since: $0, now: now, tolerance: Self.tolerance) != nil
                    } ?? false,
                    lastStatus: runs.first?.state, averageDuration: Self.average(of: runs)))
        }
        return standings
    }

    private static func average(of runs: [CronRun]) -> Duration? {
        let seconds = runs.filter { $0.state == .completed }.compactMap { run in
            run.finishedAt.map { $0.timeIntervalSince(run.startedAt) }
        }
        return seconds.isEmpty ? nil : .seconds(seconds.reduce(0, +) / Double(seconds.count))
    }
}
