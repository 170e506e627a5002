internal import Database
internal import Foundation
internal import Hummingbird

private struct TriggerRequest: Decodable {
    var job: String?
}

extension API {
    /// How many runs are shown, the newest first.
    private static let shownRuns = 50

    /// `GET /api/cron/status`
    func cronStatus(_ request: Request, _ context: APIContext) async throws -> Response {
        try context.caller.requireAdministrator()
        let tasks = try await cron.standing()
        let runs = try await CronRun.recent(limit: Self.shownRuns, on: database)
        let counts = try await CronRun.countByState(on: database)
        return .success { json in
            json.key("jobs")
            json.array(tasks) { $1.write(to: &$0) }
            json.key("recentJobs")
            json.array(runs) { $1.write(to: &$0) }
            json.key("stats")
            json.object { json in
                json.key("job")
                json.object { json in
                    json.field("total", counts.values.reduce(0, +))
                    json.field("completed", counts[.completed] ?? 0)
                    json.field("failed", counts[.failed] ?? 0)
                }
            }
        }
    }

    /// `POST /api/monitor/trigger-cron`: runs one task now, or all of them.
    func triggerCron(_ request: Request, _ context: APIContext) async throws -> Response {
        try context.caller.requireAdministrator()
        var request = request
        let name = try await request.optionalJSON(TriggerRequest.self)?.job
        let names = name.map { [$0] } ?? cron.tasks.map(\.name)
        for name in names where try await !cron.trigger(name) {
            throw Problem.notFound("There is no task \(name.quotedForPeople).")
        }
        return .success { json in
            json.field("message", "Started: \(names.joined(separator: ", ")).")
            json.key("triggered")
            json.array(names) { $0.string($1) }
        }
    }
}

extension CronStanding {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("schedule", schedule)
            json.field("lastRun", lastRun)
            json.field("nextRun", nextRun)
            json.field("late", isLate)
            json.field("lastStatus", lastStatus?.rawValue)
            json.key("averageMs")
            if let averageDuration { json.number(averageDuration / .milliseconds(1)) } else { json.null() }
        }
    }
}

extension CronRun {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.description)
            json.field("name", task)
            json.field("dueAt", dueAt)
            json.field("instance", instance)
            json.field("status", state.rawValue)
            json.field("error", error)
            json.field("startedAt", startedAt)
            json.field("finishedAt", finishedAt)
            json.field("queueId", jobID?.description)
        }
    }
}
