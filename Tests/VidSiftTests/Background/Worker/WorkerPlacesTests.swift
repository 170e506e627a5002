import Database
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("The places of a worker") struct WorkerPlacesTests {
    @Test("never more at a time than a kind has places, and no kind waits for another", arguments: TestEngine.allCases)
    func slots(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let end = TestDatabases.Gate()
        let level = Level()
        let hanging = JobBinding(OtherWork.self, slots: 2) { _, _ in
            await end.wait()
            return .done
        }
        let quick = JobBinding(TestWork.self, slots: 3) { _, _ in
            level.rise()
            for _ in 0..<20 { await Task.yield() }
            level.fall()
            return .done
        }
        for number in 0..<5 { _ = try await NewJob(OtherWork(subject: "\(number)")).enqueue(on: database) }
        let jobs = try (0..<60).map { try NewJob(TestWork(subject: "\($0)")) }
        try await database.transaction { _ = try await NewJob.enqueue(jobs, on: $0) }
        try await bench.working([bench.worker([hanging, quick])]) {
            try await eventually("the quick ones are done", within: .seconds(20)) {
                try await QueueStanding.get(on: database).kinds[TestWork.kind]?.completed == 60
            }
            let others = try await QueueStanding.get(on: database).kinds[OtherWork.kind]
            #expect(others?.running == 2 && others?.pending == 3)
            end.open()
        }
        #expect(level.most <= 3)
    }

    /// How many are at work, and how many ever were.
    private final class Level: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock(\.most) }
        func rise() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func fall() { state.withLock { $0.now -= 1 } }
    }

    @Test("one announcement begins the work, without the next look", arguments: TestEngine.allCases)
    func inProcess(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let bell = JobBell()
        let worker = bench.worker([JobBinding(TestWork.self) { _, _ in .done }], timing: .withoutLooking, bell: bell)
        try await bench.working([worker]) {
            for number in 0..<3 {
                let id = try await bench.enqueue("\(number)")
                bell.announce()
                try await eventually("it is done", within: .seconds(10)) { try await bench.ended(id) != nil }
            }
        }
    }

    @Test(
        "what another instance writes down is begun without the next look",
        arguments: TestEngine.allCases.filter { $0 == .postgres })
    func notified(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let components = bench.library.components
        let worker = bench.worker(
            [JobBinding(TestWork.self) { _, _ in .done }], timing: .withoutLooking, bell: components.bell)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await components.changes.run() }
            defer { group.cancelAll() }
            try await bench.working([worker]) {
                try await bench.withAnother { other in
                    for number in 0..<3 {
                        let id = try await NewJob(TestWork(subject: "\(number)")).enqueue(on: other).id
                        try await eventually("it is done", within: .seconds(10)) { try await bench.ended(id) != nil }
                    }
                }
            }
        }
    }

    @Test("a drain does what becomes due by what it does, and nothing that is not due", arguments: TestEngine.allCases)
    func drain(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let later = try await bench.enqueue("later", delay: .seconds(3_600))
        let parent = try await bench.enqueue("3")
        let worker = bench.worker([
            JobBinding(TestWork.self, slots: 2) { work, running in
                guard let depth = Int(work.subject), depth > 0, running.job.fence == 1 else { return .done }
                let child = try NewJob(TestWork(subject: "\(depth - 1)"), parentID: running.job.id)
                try await database.transaction { _ = try await child.enqueue(on: $0) }
                return .sleep(until: .childrenEnded)
            }
        ])
        try await worker.drain()
        #expect(try await bench.ended(parent)?.state == .completed)
        #expect(try await ArchivedJob.list(limit: 9, on: database).count == 4)
        #expect(try await Job.list(limit: 9, on: database).map(\.id) == [later])
    }
}

extension WorkerTiming {
    /// Looks for work by itself hardly ever.
    static let withoutLooking = WorkerTiming(
        lease: .milliseconds(1_500), heartbeat: .milliseconds(150), poll: .seconds(3_600),
        grace: .milliseconds(400), abandon: .milliseconds(300))
}
