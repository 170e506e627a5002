internal import Database
internal import Logging

extension Components {
    /// What the program does by the clock (UTC).
    ///
    /// - Parameter maximumVideos: the most of a channel.
    static func clockTasks(on database: Database, maximumVideos: Int, logger: Logger) throws -> [CronTask] {
        [
            CronTask("sweep", try CronSchedule("*/10 * * * * *"), missed: .latest) { running in
                try await sweep(database, maximumVideos, logger)
            },
            CronTask("new-videos", try CronSchedule("0 */6 * * *"), missed: .latest) { running in
                let channels = try await NewVideos.beginRound(on: database)
                if channels > 0 { logger.info("looking for new videos", metadata: ["channels": "\(channels)"]) }
            },
            CronTask("clean-up", try CronSchedule("17 * * * *"), missed: .latest) { running in
                var removed = try await QueueCleaning.run(on: database)
                let forgotten = try await RunCleaning.run(on: database)
                if forgotten > 0 { removed["runs' events"] = forgotten }
                let days = try await QuotaDay.removeOld(keeping: keptQuotaDays, on: database)
                if days > 0 { removed["days of YouTube's units"] = days }
                for name in ["sweep", "clean-up", "new-videos"] {
                    _ = try await CronRun.removeOld(of: name, keeping: keptRuns, on: database)
                }
                logger.info("cleaned up", metadata: ["removed": "\(removed)"])
            },
        ]
    }

    /// How many runs of a task are kept.
    private static let keptRuns = 500

    /// Days whose spent units of the Data API are remembered.
    private static let keptQuotaDays = 30
    /// Videos that are put back to work in one transaction.
    private static let orphansAtATime = 500

    /// Repairs what no worker repairs by itself: it finds nothing as long as all goes well.
    private static func sweep(_ database: Database, _ maximumVideos: Int, _ logger: Logger) async throws {
        let rescued = try await Job.rescue(.expiredLongAgo, by: "", on: database)
        let woken = try await Job.wakeForgottenParents(on: database)
        let adopted = try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await PendingIngest.adoptOrphans(on: tx) + Recording.adoptOrphans(on: tx)
                + FetchVideo.adoptOrphans(limit: orphansAtATime, on: tx)
                + ListChannel.adoptOrphans(maximumVideos: maximumVideos, limit: orphansAtATime, on: tx)
        }
        let compacted = try await JobCompaction.run(on: database)
        let interrupted = try await RunRescue.sweep(database)
        if rescued + woken + adopted + compacted + interrupted > 0 {
            logger.notice(
                "swept",
                metadata: [
                    "rescued": "\(rescued)", "parents": "\(woken)", "adopted": "\(adopted)",
                    "deadRows": "\(compacted)", "answers": "\(interrupted)",
                ])
        }
    }
}
