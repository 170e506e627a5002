import Foundation
import Synchronization
import TestDatabases
import Testing

@testable import Database
@testable import VidSift

@Suite(.timeLimit(.minutes(5))) struct QueryPlanTests {
    @Test("no statement that matters looks at a whole table of 100,000 rows", arguments: TestEngine.allCases)
    func plans(engine: TestEngine) async throws {
        let place = try await engine.makeDatabase(.large)
        let database = try await place.open()
        let recorder = RecordingRunner(database)

        try await LargeLibrary.runStatements(on: recorder)

        #expect(recorder.statements.count >= 80)
        for statement in recorder.statements {
            for plan in try await Plan.all(of: statement, on: database) {
                #expect(plan.scans == [], "\(statement)\n\(plan.text)")
            }
        }
        try await database.close()
    }

    @Test("a statement that does look at a whole table is noticed", arguments: TestEngine.allCases)
    func noticed(engine: TestEngine) async throws {
        let place = try await engine.makeDatabase(.large)
        let database = try await place.open()
        let plans = try await Plan.all(of: "SELECT * FROM videos v WHERE v.duration_ms = \(1)", on: database)
        #expect(plans.allSatisfy { !$0.scans.isEmpty } && !plans.isEmpty)
        try await database.close()
    }
}

/// What the engine would do for a statement.
private struct Plan {
    var text: String
    /// The steps that read a table from its beginning to its end.
    var scans: [String]

    /// On PostgreSQL the plan for these values, and the one for any, which a prepared statement may come to.
    static func all(of statement: SQL, on database: Database) async throws -> [Plan] {
        switch database.kind {
        case .sqlite:
            let steps = try await database.rows("EXPLAIN QUERY PLAN \(statement)", as: Step.self).map(\.detail)
            return [Plan(steps) { $0.hasPrefix("SCAN ") && !isOfResult($0) && !isOfFew($0) }]
        case .postgres:
            let commands: [SQL] = ["EXPLAIN \(statement)", "EXPLAIN (GENERIC_PLAN) \(statement)"]
            var plans: [Plan] = []
            for command in commands {
                let steps = try await database.values(command, as: String.self)
                plans.append(
                    Plan(steps) { step in LargeLibrary.tables.contains { step.contains("Seq Scan on \($0)") } })
            }
            return plans
        }
    }

    private init(_ steps: [String], isScan: (String) -> Bool) {
        text = steps.joined(separator: "\n")
        scans = steps.filter(isScan)
    }

    /// What was found already is gone through, not a table; `CONSTANT ROW` is a SELECT without one.
    private static func isOfResult(_ step: String) -> Bool {
        ["next", "mine", "found"].contains(String(step.dropFirst("SCAN ".count))) || step.contains("SUBQUERY")
            || step.contains("CONSTANT ROW") || step.hasPrefix("SCAN (")
    }

    /// Indexes of the few rows that are in work now or wait for it, an index that is read from its end as far as a list
    /// goes, and a table of a few rows.
    private static func isOfFew(_ step: String) -> Bool {
        step == "SCAN workers"
            || [
                "jobs_running", "jobs_waiting", "runs_running", "ingests_accepted", "job_archive_finished",
                "video_fetches_open", "channel_listings_open", "recordings_accepted",
            ].contains { step.hasSuffix("INDEX \($0)") }
    }

    private struct Step: RowDecodable {
        let detail: String
        init(row: Row) throws { detail = try row.decode("detail") }
    }
}

/// Runs statements, and remembers them.
private final class RecordingRunner: SQLRunner {
    private let runner: Database
    private let recorded = Mutex<[SQL]>([])

    init(_ runner: Database) { self.runner = runner }

    var statements: [SQL] { recorded.withLock { $0 } }

    func fetch<T: Sendable>(
        _ sql: SQL, limit: Int?, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> [T] {
        recorded.withLock { $0.append(sql) }
        return try await runner.fetch(sql, limit: limit, decode: decode)
    }

    func execute(_ sql: SQL) async throws -> Int {
        recorded.withLock { $0.append(sql) }
        return try await runner.execute(sql)
    }

    func pipeline<Results>(_ gather: (Pipeline) throws -> Results) async throws -> Results {
        try await runner.pipeline { pipeline in
            let results = try gather(pipeline)
            recorded.withLock { $0 += pipeline.steps.map(\.sql) }
            return results
        }
    }

    func insert(
        into table: String, columns: [String], rows: some Sequence<[SQLValue]> & Sendable
    ) async throws -> Int {
        try await runner.insert(into: table, columns: columns, rows: rows)
    }
}
