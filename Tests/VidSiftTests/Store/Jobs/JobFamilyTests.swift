import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Jobs with children") struct JobFamilyTests {
    private static let sleep = JobSettlement(outcome: .putOff, next: .whenChildrenEnd, countsAsAttempt: false)

    @Test("a parent goes on with the end of its last child, however that is", arguments: TestEngine.allCases)
    func lastChild(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let (parent, held) = try await parent(in: bench, children: 3)
        #expect(try await bench.job(parent)?.openChildren == 3)
        #expect(try await database.transaction { try await held.letGo(Self.sleep, on: $0) })
        #expect(try await bench.job(parent)?.state == .waiting)

        let children = try await bench.claim(2).map(\.held)
        #expect(try await database.transaction { try await children[0].complete(on: $0) })
        #expect(try await database.transaction { try await children[1].bury(error: "no", on: $0) })
        #expect(try await bench.job(parent)?.state == .waiting)
        let last = try #require(try await Job.children(of: parent, limit: 9, on: database).first)
        #expect(try await Job.cancel(last.id, on: database) == .cancelled)

        let job = try #require(try await bench.job(parent))
        #expect(job.state == .pending && job.openChildren == 0 && job.attempts == 0)
        #expect(
            try await ArchivedJob.childrenByState(of: parent, on: database)
                == [.completed: 1, .buried: 1, .cancelled: 1])
    }

    @Test("a parent whose children ended before it could wait goes on at once", arguments: TestEngine.allCases)
    func early(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let (parent, held) = try await parent(in: bench, children: 1)
        let child = try await bench.claimOne()
        #expect(try await bench.database.transaction { try await child.complete(on: $0) })
        #expect(try await bench.database.transaction { try await held.letGo(Self.sleep, on: $0) })
        #expect(try await bench.job(parent)?.state == .pending)
    }

    @Test("a parent whose children end on two workers at once goes on once", arguments: TestEngine.allCases)
    func concurrent(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let parents = JobBinding(OtherWork.self) { work, running in
            let ended = try await ArchivedJob.childrenByState(of: running.job.id, on: database)
            if ended[.completed] == 60 { return .done }
            #expect(ended.isEmpty)
            let children = try (0..<60).map {
                try NewJob(TestWork(subject: "\(work.subject) \($0)"), parentID: running.job.id)
            }
            try await database.transaction { tx in
                #expect(try await running.isHeld(in: tx))
                _ = try await NewJob.enqueue(children, on: tx)
            }
            return .sleep(until: .childrenEnded)
        }
        let children = JobBinding(TestWork.self, slots: 8) { _, _ in .done }
        let parent = try await NewJob(OtherWork(subject: "parent")).enqueue(on: database).id
        try await bench.withAnother { other in
            let workers = [database, engine == .sqlite ? database : other].map {
                bench.worker([parents, children], on: $0)
            }
            try await bench.working(workers) {
                _ = try await eventually("the parent has ended", within: .seconds(20)) {
                    try await bench.ended(parent) != nil
                }
            }
        }
        let ended = try #require(try await bench.ended(parent))
        #expect(ended.state == .completed && ended.fence == 2 && ended.attempts == 1)
        #expect(try await Job.list(limit: 9, on: database).isEmpty)
    }

    @Test("a child of a parent that was given up and put back to work can end", arguments: TestEngine.allCases)
    func redrivenParent(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let (parent, held) = try await parent(in: bench, children: 1)
        let child = try await bench.claimOne()
        #expect(try await bench.database.transaction { try await held.bury(error: "no", on: $0) })
        #expect(try await ArchivedJob.redrive(parent, on: bench.database))
        #expect(try await bench.job(parent)?.openChildren == 1)
        #expect(try await bench.database.transaction { try await child.complete(on: $0) })
        #expect(try await bench.job(parent)?.openChildren == 0)
    }

    @Test("a child that is put back to work keeps its parent waiting", arguments: TestEngine.allCases)
    func redrivenChild(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let (parent, held) = try await parent(in: bench, children: 2)
        #expect(try await database.transaction { try await held.letGo(Self.sleep, on: $0) })
        let child = try await bench.claimOne()
        #expect(try await database.transaction { try await child.bury(error: "no", on: $0) })
        #expect(try await ArchivedJob.redrive(child.id, on: database))
        #expect(try await bench.job(parent)?.openChildren == 2)
        for held in try await bench.claim(9).map(\.held) {
            #expect(try await bench.job(parent)?.state == .waiting)
            #expect(try await database.transaction { try await held.complete(on: $0) })
        }
        #expect(try await bench.job(parent)?.state == .pending)
    }

    /// A running parent with children that wait for a worker.
    private func parent(in bench: Workbench, children: Int) async throws -> (JobID, HeldJob) {
        let id = try await bench.enqueue("parent")
        let held = try await bench.claimOne()
        for number in 0..<children { try await bench.enqueue("child \(number)", parent: id) }
        return (id, held)
    }
}
