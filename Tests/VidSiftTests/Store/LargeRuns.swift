import Database
import Foundation

@testable import VidSift

/// The runs of a large library: 100,000 with two events each, of which one in a thousand goes on.
enum LargeRuns {
    private static let holder = RunHolder(name: "h", lease: .seconds(20))

    static func fill(_ db: Database) async throws {
        let now = Date().sqlValue
        try await db.insert(
            into: "runs",
            columns: [
                "id", "session_id", "owner", "question", "state", "holder", "lease_until", "has_events", "created_at",
                "ended_at",
            ],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                let isRunning = number.isMultiple(of: 1_000)
                return [
                    run(number).sqlValue, LargeLibrary.session(number).sqlValue,
                    "owner-\(number % 1_000)".sqlValue, "?".sqlValue, (isRunning ? "running" : "done").sqlValue,
                    "h".sqlValue, isRunning ? now : .null, (isRunning || number % 100 == 1).sqlValue, now,
                    isRunning ? .null : now,
                ]
            })
        try await db.insert(
            into: "run_events", columns: ["run_id", "number", "body"],
            rows: (0..<LargeLibrary.rows).lazy.flatMap { number in
                (1...2).map { [run(number).sqlValue, $0.sqlValue, "{}".sqlValue] }
            })
    }

    /// What hosts, readers and the clock do with them all day.
    static func runStatements(on db: some SQLRunner) async throws {
        try await db.execute(
            RunRecord.beginning(
                RunID(), in: LargeLibrary.session(3), owner: "owner-3", question: "?", by: holder))
        _ = try await RunRecord.get(run(7), on: db)
        _ = try await RunRecord.get(run(7), owner: "owner-7", on: db)
        _ = try await RunRecord.running(in: LargeLibrary.session(1_000), owner: "owner-0", on: db)
        try await RunRecord.close(
            run(3_000), in: LargeLibrary.session(1_000), as: .failed, receipt: nil, right: .abandoned, on: db)
        try await db.execute(RunRecord.renewal(by: holder))
        _ = try await db.rows(RunRecord.stillHeld(by: holder), as: RenewedRun.self)
        _ = try await RunRecord.lastEvents(among: (0..<8).map { run($0 * 1_000) }, by: holder, on: db)
        _ = try await RunRecord.requestStop(run(1_000), on: db)
        try await RunRecord.follow(run(1_000), for: .seconds(30), on: db)
        _ = try await RunRecord.abandoned(longerThan: .seconds(10), limit: 100, on: db)
        try await db.execute(RunEvent.insertion(3, of: run(1_000), "{}", by: holder))
        _ = try await RunEvent.list(of: run(7), after: 1, limit: 32, on: db)
        _ = try await RunEvent.get(1, of: run(7), on: db)
        _ = try await RunEvent.last(of: run(7), on: db)
        try await RunRecord.close(
            run(2_000), in: LargeLibrary.session(1_000), as: .done, receipt: nil, right: .holder(holder), on: db)
        try await RunEvent.append(3, of: run(2_000), "{}", on: db)
        _ = try await RunEvent.appendInOrder(4, of: run(2_000), "{}", on: db)
        _ = try await ChatMessage.last(40, of: LargeLibrary.session(3), on: db)
        _ = try await ChatSession.adopt(from: "owner-9", to: "somebody", on: db)
        _ = try await RunEvent.removeEnded(before: .zero, limit: 4, on: db)
    }

    private static func run(_ number: Int) -> RunID { LargeLibrary.id(7, number) }
}
