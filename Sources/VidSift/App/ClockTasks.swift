internal import Database
internal import Logging

extension Components {
    /// What the program does by the clock (UTC).
    static func clockTasks(on database: Database, logger: Logger) throws -> [CronTask] {
        [
            CronTask("sweep", try CronSchedule("*/10 * * * * *"), missed: .latest) { running in
                try await sweep(database, logger)
            },
            CronTask("clean-up", try CronSchedule("17 * * * *"), missed: .latest) { running in
                var removed = try await QueueCleaning.run(on: database)
                let forgotten = try await RunCleaning.run(on: database)
                if forgotten > 0 { removed["runs' events"] = forgotten }
                for name in ["sweep", "clean-up"] {
                    _ = try await CronRun.removeOld(of: name, keeping: keptRuns, on: database)
                }
                logger.info("cleaned up", metadata: ["removed": "\(removed)"])
            },
        ]
    }

    /// How many runs of a task are kept.
    private static let keptRuns = 500

    /// Repairs what no worker repairs by itself: it finds nothing as long as all goes well.
    private static func sweep(_ database: Database, _ logger: Logger) async throws {
        let rescued = try await Job.rescue(.expiredLongAgo, by: "", on: database)
        let woken = try await Job.wakeForgottenParents(on: database)
        let adopted = try await database.transaction(attempts: Job.conflictAttempts) {
            try await PendingIngest.adoptOrphans(on: $0)
        }
        let compacted = try await JobCompaction.run(on: database)
        let interrupted = try await RunRescue.sweep(database)
        if rescued + woken + adopted + compacted + interrupted > 0 {
            logger.notice(
                "swept",
                metadata: [
                    "rescued": "\(rescued)", "parents": "\(woken)", "transcripts": "\(adopted)",
                    "deadRows": "\(compacted)", "answers": "\(interrupted)",
                ])
        }
    }
}
