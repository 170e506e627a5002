import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Dead rows of the queue on a server") struct JobCompactionTests {
    @Test(
        "go while somebody keeps an old snapshot open, and not while somebody is in the way",
        arguments: TestEngine.allCases.filter { $0 == .postgres })
    func compact(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let parent = try await bench.enqueue("parent")
        _ = try await bench.claimOne()
        for number in 0..<50 { try await bench.enqueue("child \(number)", requester: "a", parent: parent) }
        let alive = try await Job.list(limit: 100, on: database)
        try await bench.withAnother { other in
            try await other.read { snapshot in
                _ = try await snapshot.value("SELECT count(*) FROM videos", as: Int.self)
                try await makeDeadRows(30_000, on: database)
                try await bench.withAnother { third in
                    try await third.transaction { tx in
                        try await tx.execute("LOCK TABLE jobs IN ROW EXCLUSIVE MODE")
                        let start = ContinuousClock.now
                        #expect(try await JobCompaction.run(on: database) == 0)
                        #expect(ContinuousClock.now - start < .seconds(1))
                    }
                }
                #expect(try await bytes(of: database) > 2_000_000)
                try await eventually("dead rows are counted and go", within: .seconds(10)) {
                    try await JobCompaction.run(on: database) >= 30_000
                }
                #expect(try await bytes(of: database) < 200_000)
            }
        }
        #expect(try await Job.list(limit: 100, on: database) == alive)
        #expect(try await bench.job(parent)?.openChildren == 50)
    }

    private func makeDeadRows(_ count: Int, on database: Database) async throws {
        try await database.execute(
            """
            INSERT INTO jobs (id, kind, version, subject, payload, priority, state, run_at, max_attempts, created_at,
                updated_at)
            SELECT gen_random_uuid(), 'dead', 1, number::text, '{}', 1, 'pending', now(), 1, now(), now()
            FROM generate_series(1, \(count)) AS number
            """)
        try await database.transaction { tx in
            #expect(try await tx.execute("DELETE FROM jobs WHERE kind = 'dead'") == count)
            _ = try await tx.value("SELECT 1 FROM pg_stat_force_next_flush()", as: Int.self)
        }
        try await eventually("the dead rows are counted", within: .seconds(10)) {
            try await database.value(
                "SELECT n_dead_tup FROM pg_stat_all_tables WHERE relid = 'jobs'::regclass", as: Int.self) ?? 0 >= count
        }
    }

    private func bytes(of database: Database) async throws -> Int {
        try await database.value("SELECT pg_relation_size('jobs')", as: Int.self) ?? 0
    }
}
