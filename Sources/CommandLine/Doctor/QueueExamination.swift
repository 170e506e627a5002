internal import Database
internal import VidSift

/// Looks at background work: what waits, what was given up, and whether anybody works.
struct QueueExamination {
    /// The most classes of given-up jobs that are told.
    private static let shownClasses = 5

    let database: Database

    func findings() async throws -> [Finding] {
        let counts = try await QueueStanding.get(on: database)
        let workers = try await WorkerPresence.alive(within: WorkerTiming().lease, on: database)
        let classes = try await ArchivedJob.buriedClasses(limit: Self.shownClasses + 1, on: database)
        return [jobs(counts, isWorked: !workers.isEmpty), alive(workers)] + givenUp(classes)
    }

    private func jobs(_ standing: QueueStanding, isWorked: Bool) -> Finding {
        func sum(_ count: (QueueCounts) -> Int) -> Int { standing.kinds.values.reduce(0) { $0 + count($1) } }
        let pending = sum { $0.pending }
        let parts = [
            (pending, "wait for a worker"), (sum { $0.running }, "run"), (sum { $0.scheduled }, "wait for their time"),
            (sum { $0.waiting }, "wait for others"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        guard !parts.isEmpty else { return .fine("jobs", "none is left to do") }
        var detail = parts.joined(separator: ", ")
        if pending > 0 { detail += "; the oldest for \(Int(standing.oldestPendingAge / .seconds(1))) s" }
        guard pending > 0, !isWorked else { return .fine("jobs", detail) }
        return .warning("jobs", "\(detail), and nobody works", remedy: "`vidsift work`, or `vidsift serve`, does them")
    }

    private func alive(_ workers: [WorkerPresence]) -> Finding {
        guard !workers.isEmpty else { return .fine("workers", "none at the moment") }
        return .fine("workers", "\(workers.count): " + workers.map { Clean.line($0.name) }.joined(separator: ", "))
    }

    private func givenUp(_ classes: [BuriedClass]) -> [Finding] {
        let shown = classes.prefix(Self.shownClasses).map { one in
            Finding.warning(
                "jobs given up", "\(one.jobs) of \(Clean.line(one.kind.rawValue)): \(Clean.line(one.reason))",
                remedy: "`vidsift jobs redrive` lists the classes and puts one back to work")
        }
        guard classes.count > Self.shownClasses else { return shown }
        return shown + [.warning("jobs given up", "and others", remedy: "`vidsift jobs redrive` lists all")]
    }
}
