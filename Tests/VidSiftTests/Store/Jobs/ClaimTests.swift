import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Claiming jobs") struct ClaimTests {
    @Test("first by priority, then by time, then by id", arguments: TestEngine.allCases)
    func order(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        try await bench.enqueue("low", priority: .low)
        try await bench.enqueue("late")
        try await bench.enqueue("high", priority: .high)
        try await bench.enqueue("early")
        try await bench.enqueue("twin")
        let (early, twin) = ("early", "twin")
        try await bench.database.execute(
            "UPDATE jobs SET run_at = seconds_from_now(-60) WHERE subject IN (\(early), \(twin))")
        #expect(try await bench.claimed(6) == ["high", "early", "twin", "late", "low"])
    }

    @Test("a requester's thousand jobs do not stand before another's one", arguments: TestEngine.allCases)
    func fair(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let many = try (0..<1_000).map { try NewJob(TestWork(subject: "a\($0)"), requester: "a") }
        try await bench.database.transaction { _ = try await NewJob.enqueue(many, on: $0) }
        _ = try await bench.claim(100)
        try await bench.enqueue("b", requester: "b")
        #expect(try await bench.claimed(2).contains("b"))
    }

    @Test("requesters take turns within a priority", arguments: TestEngine.allCases)
    func turns(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        for requester in ["a", "b", "c"] {
            for number in 0..<4 { try await bench.enqueue("\(requester)\(number)", requester: requester) }
        }
        try await bench.enqueue("first", requester: "a", priority: .high)
        let order = try await bench.claimed(13)
        #expect(order.first == "first")
        for round in 0..<4 {
            let subjects = order.dropFirst(1 + 3 * round).prefix(3)
            #expect(Set(subjects) == ["a\(round)", "b\(round)", "c\(round)"])
        }
    }

    @Test("jobs that waited for their time take turns, too", arguments: TestEngine.allCases)
    func scheduledTurns(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        for number in 0..<50 { try await bench.enqueue("a\(number)", requester: "a", delay: .seconds(3_600)) }
        try await bench.passTime()
        try await Job.promoteDue(on: bench.database)
        try await bench.enqueue("b", requester: "b")
        #expect(try await bench.claimed(2).contains("b"))
    }

    @Test("no job is claimed twice, whoever claims beside", arguments: TestEngine.allCases)
    func exclusive(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let jobs = try (0..<500).map { try NewJob(TestWork(subject: "\($0)")) }
        try await bench.database.transaction { _ = try await NewJob.enqueue(jobs, on: $0) }
        let claimed = try await bench.withAnother { other in
            try await withThrowingTaskGroup(of: [Job].self) { group in
                for number in 0..<8 {
                    let database = number.isMultiple(of: 2) ? bench.database : other
                    group.addTask {
                        var mine: [Job] = []
                        while true {
                            let more = try await bench.claim(7, as: "worker \(number)", on: database)
                            if more.isEmpty { return mine }
                            mine += more
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(claimed.count == 500 && Set(claimed.map(\.id)).count == 500)
        #expect(claimed.allSatisfy { $0.fence == 1 && $0.attempts == 1 && $0.state == .running })
    }

    @Test("not before its time", arguments: TestEngine.allCases)
    func scheduled(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("later", delay: .seconds(3_600))
        #expect(try await Job.promoteDue(on: bench.database) == 0)
        #expect(try await bench.claim().isEmpty)
        try await bench.passTime()
        #expect(try await bench.claim().isEmpty)
        #expect(try await Job.isAnyDue(of: [TestWork.kind], on: bench.database))
        #expect(try await Job.promoteDue(on: bench.database) == 1)
        #expect(try await bench.claim().map(\.id) == [id])
    }

    @Test("a place in the queue is the place in the order of claims", arguments: TestEngine.allCases)
    func position(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        for number in 0..<3 { try await bench.enqueue("a\(number)", requester: "a") }
        for number in 0..<2 { try await bench.enqueue("b\(number)", requester: "b") }
        try await bench.enqueue("high", priority: .high)
        let jobs = try await Job.list(limit: 9, on: bench.database)
        var positions: [String: Int] = [:]
        for job in jobs { positions[job.subject] = try await job.position(on: bench.database) }
        let order = try await bench.claimed(6)
        #expect(positions == Dictionary(uniqueKeysWithValues: zip(order, 1...)))
    }
}
