import Database
import Foundation
import Logging
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("What is due by the clock") struct CronTests {
    /// A clock that tests set.
    private final class Clock: Sendable {
        private let time: Mutex<Date>

        init(_ time: Date) { self.time = Mutex(time) }

        var now: Date { time.withLock(\.self) }

        func advance(by seconds: TimeInterval) {
            time.withLock { $0 += seconds }
        }
    }

    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    private func cron(
        _ tasks: [CronTask], _ library: TestLibrary, _ clock: Clock
    ) -> Cron {
        Cron(
            tasks, database: library.components.database, bell: JobBell(), logger: library.components.logger,
            now: { _ in clock.now })
    }

    private func worker(_ tasks: [CronTask], _ library: TestLibrary) -> Worker {
        Worker(
            database: library.components.database,
            bindings: [.cron(tasks, on: library.components.database)], bell: JobBell(), lockPath: nil,
            logger: library.components.logger)
    }

    @Test(
        "each of ten minutes' ticks runs once, on one of two instances, and none is missed",
        arguments: TestEngine.allCases)
    func onceEach(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let clock = Clock(Self.start)
        let ran = Mutex<[String: Int]>([:])
        let task = CronTask("tick", try CronSchedule("* * * * * *"), missed: .all) { running in
            ran.withLock { $0[running.job.subject, default: 0] += 1 }
        }
        let (one, two) = (cron([task], library, clock), cron([task], library, clock))
        try await one.register()

        for _ in 0..<240 {
            clock.advance(by: 2.5)
            async let first = one.look()
            async let second = two.look()
            _ = try await (first, second)
        }
        let (left, right) = (worker([task], library), worker([task], library))
        async let first: Void = left.drain()
        async let second: Void = right.drain()
        _ = try await (first, second)

        #expect(ran.withLock(\.count) == 600)
        #expect(ran.withLock { $0.values.allSatisfy { $0 == 1 } })
        let runs = try await CronRun.recent(of: "tick", limit: 1_000, on: library.components.database)
        #expect(Set(runs.map(\.dueAt)).count == 600)
        #expect(runs.allSatisfy { $0.state == .completed && $0.finishedAt != nil })
    }

    @Test("a run that still goes on has no second one beside it, and what it missed is made up for once")
    func noPileUp() async throws {
        let library = try await TestLibrary()
        let clock = Clock(Self.start)
        let task = CronTask("slow", try CronSchedule("*/10 * * * * *"), missed: .latest) { _ in }
        let cron = cron([task], library, clock)
        try await cron.register()
        for _ in 0..<10 {
            clock.advance(by: 10)
            _ = try await cron.look()
        }
        #expect(try await CronRun.recent(of: "slow", limit: 100, on: library.components.database).count == 1)

        try await worker([task], library).drain()
        _ = try await cron.look()

        let runs = try await CronRun.recent(of: "slow", limit: 100, on: library.components.database)
        #expect(runs.map { $0.dueAt.timeIntervalSince(Self.start) } == [100, 10])
    }

    @Test("a tick whose work fails for ever is failed with its reason, and leaves no job behind")
    func failure() async throws {
        struct Broken: Error, CustomStringConvertible { var description: String { "the disk is made of cheese" } }
        let library = try await TestLibrary()
        let database = library.components.database
        let clock = Clock(Self.start)
        let task = CronTask("broken", try CronSchedule("* * * * * *"), missed: .latest) { _ in throw Broken() }
        let cron = cron([task], library, clock)
        try await cron.register()
        clock.advance(by: 1)
        _ = try await cron.look()

        while try await Job.list(limit: 1, on: database).isEmpty == false {
            try await database.execute("UPDATE jobs SET run_at = now() WHERE state = 'scheduled'")
            try await worker([task], library).drain()
        }

        let run = try #require(try await CronRun.recent(limit: 1, on: database).first)
        #expect(run.state == .failed)
        #expect(run.error?.contains("made of cheese") == true)
        #expect(try await cron.standing().first?.lastStatus == .failed)
    }

    @Test("a task of another version of the program waits for it")
    func unknownTask() async throws {
        let library = try await TestLibrary()
        let database = library.components.database
        try await database.transaction {
            _ = try await CronRun.record(
                CronJob(task: "of-tomorrow", dueAt: Self.start), by: "test", on: $0)
        }
        try await worker([], library).drain()
        let job = try #require(try await Job.list(limit: 1, on: database).first)
        #expect(job.state == .scheduled)
        #expect(job.attempts == 0)
    }

    @Test("a task is late when a tick was due and nobody has started it; another expression begins anew")
    func late() async throws {
        let library = try await TestLibrary()
        let clock = Clock(Self.start)
        func cron(_ expression: String) throws -> Cron {
            self.cron(
                [CronTask("task", try CronSchedule(expression), missed: .latest) { _ in }], library, clock)
        }
        try await cron("* * * * *").register()
        #expect(try await cron("* * * * *").standing().first?.isLate == false)
        clock.advance(by: 600)
        #expect(try await cron("* * * * *").standing().first?.isLate == true)
        try await cron("0 * * * *").register()
        #expect(try await cron("0 * * * *").standing().first?.isLate == false)
    }

    @Test("a run that somebody asked for stands for no tick")
    func byHand() async throws {
        let library = try await TestLibrary()
        let clock = Clock(Self.start)
        let task = CronTask("task", try CronSchedule("* * * * * *"), missed: .all) { _ in }
        let cron = cron([task], library, clock)
        try await cron.register()
        clock.advance(by: 3.5)
        #expect(try await cron.trigger("task"))
        _ = try await cron.look()
        let runs = try await CronRun.recent(of: "task", limit: 10, on: library.components.database)
        #expect(runs.map { $0.dueAt.timeIntervalSince(Self.start) } == [3.5, 3, 2, 1])
    }

    @Test("more missed ticks than are made up for at a time come in the next look, which is at once")
    func manyMissed() async throws {
        let library = try await TestLibrary()
        let clock = Clock(Self.start)
        let task = CronTask("task", try CronSchedule("* * * * * *"), missed: .all) { _ in }
        let cron = cron([task], library, clock)
        try await cron.register()
        clock.advance(by: 150)
        #expect(try await cron.look() == .zero)
        #expect(try await cron.look() > .zero)
        #expect(try await CronRun.recent(of: "task", limit: 200, on: library.components.database).count == 150)
    }

    @Test("a task can be started besides its times, an unknown one can't")
    func trigger() async throws {
        let library = try await TestLibrary()
        let clock = Clock(Self.start)
        let ran = Mutex(0)
        let task = CronTask("yearly", try CronSchedule("@yearly"), missed: .skip) { _ in ran.withLock { $0 += 1 } }
        let cron = cron([task], library, clock)
        try await cron.register()
        #expect(try await cron.trigger("yearly"))
        #expect(try await !cron.trigger("daily"))
        try await worker([task], library).drain()
        #expect(ran.withLock(\.self) == 1)
        let standing = try #require(try await cron.standing().first)
        #expect(standing.lastStatus == .completed)
        #expect(standing.averageDuration != nil)
    }

    @Test("the program's own tasks find nothing to do in a library that is whole", arguments: TestEngine.allCases)
    func ownTasks(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.components.cron.register()
        for task in library.components.cron.tasks { #expect(try await library.components.cron.trigger(task.name)) }
        try await library.components.worker.drain()
        let runs = try await CronRun.recent(limit: 10, on: library.components.database)
        #expect(runs.count == library.components.cron.tasks.count)
        #expect(runs.allSatisfy { $0.state == .completed })
    }

    @Test("what is old goes, and nothing else", arguments: TestEngine.allCases)
    func cleaning(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        for age in [1, 8] {
            try await database.execute(
                """
                INSERT INTO job_archive (id, kind, version, subject, payload, requester, priority, state, attempts,
                    max_attempts, fence, created_at, finished_at)
                VALUES (\(JobID()), 'test', 1, \(String(age)), '{}', '', 1, 'completed', 1, 1, 1, now(),
                    seconds_from_now(\(-Double(age) * 24 * 3_600)))
                """)
        }
        let removed = try await QueueCleaning.run(on: database)
        #expect(removed == ["jobs": 1])
        #expect(try await ArchivedJob.list(limit: 10, on: database).map(\.subject) == ["1"])
    }
}
