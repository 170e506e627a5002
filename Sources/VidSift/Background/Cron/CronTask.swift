internal import Database

/// Work that is done by the clock: when, and what.
package struct CronTask: Sendable {
    package var name: String
    package var schedule: CronSchedule
    package var missed: MissedTicks
    let run: @Sendable (RunningJob) async throws -> Void

    /// - Parameter run: the work of one tick. It can be interrupted anywhere and begun again.
    package init(
        _ name: String, _ schedule: CronSchedule, missed: MissedTicks,
        run: @escaping @Sendable (RunningJob) async throws -> Void
    ) {
        self.name = name
        self.schedule = schedule
        self.missed = missed
        self.run = run
    }
}

extension JobBinding {
    /// Tasks that run beside one another.
    private static let cronSlots = 3
    private static let cronTimeLimit = Duration.seconds(3_600)
    /// How long a tick of a task waits that only another version of the program knows.
    private static let unknownTaskPause = Duration.seconds(60)

    /// The jobs of the clock: `cron_runs` keeps the record of each, so the archive need not.
    static func cron(_ tasks: [CronTask], on database: Database) -> JobBinding {
        let tasks = Dictionary(tasks.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        return JobBinding(
            CronJob.self, slots: cronSlots, timeLimit: cronTimeLimit, isArchived: false,
            onBuried: { job, reason, tx in try await CronRun.finish(CronJob.decode(job), error: reason, on: tx) },
            { job, running in
                guard let task = tasks[job.task] else {
                    return .sleep(until: .after(unknownTaskPause), reason: "no task of that name is known here")
                }
                try await task.run(running)
                _ = try await running.completing(on: database) { tx -> Bool? in
                    try await CronRun.finish(job, on: tx)
                    try await running.complete(in: tx)
                    return true
                }
                return .done
            })
    }
}
