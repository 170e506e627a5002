import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Cancelling jobs and putting them back to work") struct CancelAndRedriveTests {
    @Test("what does not run ends at once, what runs is told", arguments: TestEngine.allCases)
    func states(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let running = try await bench.enqueue("running")
        _ = try await bench.claimOne()
        let pending = try await bench.enqueue("pending")
        let scheduled = try await bench.enqueue("scheduled", delay: .seconds(60))
        for id in [pending, scheduled] {
            #expect(try await bench.queue.cancel(id) == .cancelled)
            #expect(try await bench.ended(id)?.state == .cancelled)
            #expect(try await bench.queue.cancel(id) == .nothing)
        }
        #expect(try await bench.queue.cancel(running) == .requested)
        #expect(try await bench.job(running)?.isCancelRequested == true)
        #expect(try await bench.queue.cancel(JobID()) == .nothing)
        #expect(try await Job.list(limit: 9, on: bench.database).map(\.id) == [running])
    }

    @Test("a parent is cancelled with its children and theirs", arguments: TestEngine.allCases)
    func family(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let parent = try await bench.enqueue("parent")
        let held = try await bench.claimOne()
        let running = try await bench.enqueue("running", parent: parent)
        _ = try await bench.claimOne()
        let pending = try await bench.enqueue("pending", parent: parent)
        let grandchild = try await bench.enqueue("grandchild", delay: .seconds(60), parent: pending)
        let sleep = JobSettlement(outcome: .putOff, next: .whenChildrenEnd, countsAsAttempt: false)
        #expect(try await bench.database.transaction { try await held.letGo(sleep, on: $0) })

        #expect(try await bench.queue.cancel(parent) == .cancelled)

        for id in [parent, pending, grandchild] { #expect(try await bench.ended(id)?.state == .cancelled) }
        #expect(try await Job.list(limit: 9, on: bench.database).map(\.id) == [running])
        #expect(try await bench.job(running)?.isCancelRequested == true)
    }

    @Test("a job that was to be cancelled and is put off is cancelled, not put off", arguments: TestEngine.allCases)
    func putOff(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let held = try await bench.claimOne()
        #expect(try await bench.queue.cancel(id) == .requested)
        let hour = JobSettlement(
            outcome: .failed, next: .scheduled, delay: .seconds(3_600), error: "later", countsAsAttempt: true)
        _ = try await bench.database.transaction { try await held.letGo(hour, on: $0) }
        try await bench.worker([JobBinding(TestWork.self) { _, _ in .done }]).drain()
        #expect(try await bench.ended(id)?.state == .cancelled)
    }

    @Test("what was given up is tried anew, and its history stays", arguments: TestEngine.allCases)
    func retry(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let queue = queue(bench)
        let id = try await buried("s", reason: "no", in: bench)
        #expect(try await queue.retry(id) == .queued)
        let job = try #require(try await bench.job(id))
        #expect(job.state == .pending && job.attempts == 0 && job.fence == 1 && job.lastError == "no")
        #expect(try await bench.ended(id) == nil)
        #expect(try await bench.effects("s") == 1)
        #expect(try await queue.retry(id) == .already)
        let held = try await bench.claimOne()
        #expect(held.fence == 2)
        #expect(try await bench.database.transaction { try await held.bury(error: "no", on: $0) })
        #expect(try await JobAttempt.list(of: id, limit: 9, on: bench.database).map(\.fence) == [2, 1])

        let scheduled = try await bench.enqueue("later", delay: .seconds(60))
        #expect(try await queue.retry(scheduled) == .queued)
        let done = try await bench.claimOne()
        #expect(done.id == scheduled)
        #expect(try await bench.database.transaction { try await done.complete(on: $0) })
        #expect(try await queue.retry(scheduled) == .completed)
        #expect(try await queue.retry(JobID()) == .unknown)
    }

    @Test("a class is put back to work by its kind and reason", arguments: TestEngine.allCases)
    func redrive(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let queue = queue(bench)
        for number in 0..<5 { _ = try await buried("full \(number)", reason: "full", in: bench) }
        let other = try await buried("other", reason: "no", in: bench)
        let cancelled = try await bench.enqueue("unwanted")
        _ = try await queue.cancel(cancelled)
        #expect(try await queue.redrive(kind: OtherWork.kind) == 0)
        #expect(try await queue.redrive(kind: TestWork.kind, reason: "full") == 5)
        #expect(try await bench.effects("full 4") == 1)
        #expect(try await bench.ended(other)?.state == .buried)
        #expect(try await queue.redrive(kind: TestWork.kind) == 1)
        #expect(try await bench.ended(cancelled)?.state == .cancelled)
    }

    @Test(
        "where the same work waits already nothing is put back, nor what goes with it", arguments: TestEngine.allCases)
    func redriveBeside(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await buried("s", reason: "no", in: bench)
        try await bench.enqueue("s")
        #expect(try await queue(bench).retry(id) == .already)
        #expect(try await bench.ended(id)?.state == .buried)
        #expect(try await bench.effects("s") == 0)
    }

    private func queue(_ bench: Workbench) -> JobQueue {
        let binding = JobBinding(
            TestWork.self,
            onRedriven: { job, tx in
                try await tx.execute("INSERT INTO effects (subject, fence) VALUES (\(job.subject), \(job.fence))")
            }, { _, _ in .done })
        return JobQueue(database: bench.database, bindings: [binding], bell: JobBell())
    }

    private func buried(_ subject: String, reason: String, in bench: Workbench) async throws -> JobID {
        let id = try await bench.enqueue(subject)
        let held = try await bench.claimOne()
        #expect(try await bench.database.transaction { try await held.bury(error: reason, on: $0) })
        return id
    }
}
