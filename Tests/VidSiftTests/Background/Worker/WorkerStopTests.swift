import Database
import ServiceLifecycle
import TestDatabases
import Testing

@testable import VidSift

@Suite("The end of a worker's work") struct WorkerStopTests {
    @Test("what runs may end within its grace, and nothing new is begun", arguments: TestEngine.allCases)
    func graceful(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let (started, stopping, end) = (TestDatabases.Gate(), TestDatabases.Gate(), TestDatabases.Gate())
        let binding = JobBinding(TestWork.self) { _, _ in
            // Told after the worker, which was there before.
            await withGracefulShutdownHandler {
                started.open()
                await end.wait()
            } onGracefulShutdown: {
                stopping.open()
            }
            return .done
        }
        let id = try await bench.enqueue("s")
        let next = try await bench.enqueue("next")
        var timing = WorkerTiming.short
        timing.grace = .seconds(600)
        let worker = bench.worker([binding], timing: timing)
        try await bench.untilStopped(worker) { services in
            await started.wait()
            try await eventually("the worker shows that it lives", within: .seconds(10)) {
                try await WorkerPresence.alive(within: .seconds(60), on: bench.database).map { $0.id } == [worker.id]
            }
            await services.triggerGracefulShutdown()
            await stopping.wait()
            end.open()
        }
        #expect(try await bench.ended(id)?.state == .completed)
        let waiting = try #require(try await bench.job(next))
        #expect(waiting.state == .pending && waiting.fence == 0)
        #expect(try await WorkerPresence.alive(within: .seconds(60), on: bench.database).isEmpty)
    }

    @Test("what does not end within its grace goes back at once, and it was no attempt", arguments: TestEngine.allCases)
    func interrupted(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let started = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self) { _, _ in
            started.open()
            try await Task.sleep(for: .seconds(600))
            return .done
        }
        let id = try await bench.enqueue("s")
        try await bench.untilStopped(bench.worker([binding])) { services in
            await started.wait()
            await services.triggerGracefulShutdown()
        }
        let job = try #require(try await bench.job(id))
        #expect(job.state == .pending && job.attempts == 0 && job.worker == nil)
        #expect(try await bench.outcomes(id) == [.interrupted])
        #expect(try await bench.claim().map(\.id) == [id])
    }

    @Test("a handler that does not end is left behind, and can write nothing", arguments: TestEngine.allCases)
    func abandoned(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let (started, end, refused) = (TestDatabases.Gate(), TestDatabases.Gate(), TestDatabases.Gate())
        let binding = JobBinding(TestWork.self) { _, running in
            started.open()
            await end.wait()
            let write = Task { try await database.transaction { try await running.complete(in: $0) } }
            if case .failure(let error) = await write.result, error is LeaseLost { refused.open() }
            return .done
        }
        let id = try await bench.enqueue("s")
        try await bench.untilStopped(bench.worker([binding])) { services in
            await started.wait()
            await services.triggerGracefulShutdown()
        }
        #expect(try await bench.job(id)?.state == .pending)
        #expect(try await bench.outcomes(id) == [.interrupted])
        end.open()
        await refused.wait()
        #expect(try await bench.job(id)?.state == .pending)
    }

    @Test("a task that is cancelled gives back what it holds, without grace", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let started = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self) { _, _ in
            started.open()
            try await Task.sleep(for: .seconds(600))
            return .done
        }
        let id = try await bench.enqueue("s")
        var timing = WorkerTiming.short
        timing.grace = .seconds(600)
        let worker = bench.worker([binding], timing: timing)
        let draining = Task { try await worker.drain() }
        await started.wait()
        draining.cancel()
        await #expect(throws: CancellationError.self) { try await draining.value }
        #expect(try await bench.job(id)?.state == .pending)
        #expect(try await bench.outcomes(id) == [.interrupted])
    }

    @Test(
        "whatever takes longer than its kind may has failed, also when it does not listen",
        arguments: TestEngine.allCases, [true, false])
    func timeLimit(engine: TestEngine, listens: Bool) async throws {
        let bench = try await Workbench(engine)
        let end = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self, timeLimit: .milliseconds(300)) { _, _ in
            if listens { try await Task.sleep(for: .seconds(600)) } else { await end.wait() }
            return .done
        }
        let id = try await bench.enqueue("s")
        var timing = WorkerTiming.short
        timing.heartbeat = .milliseconds(500)
        timing.abandon = timing.lease - .milliseconds(100)
        try await bench.working([bench.worker([binding], timing: timing)]) {
            _ = try await eventually("it is put off", within: .seconds(20)) {
                try await bench.outcomes(id).isEmpty == false
            }
        }
        end.open()
        #expect(try await bench.outcomes(id) == [.failed])
        #expect(try await bench.job(id)?.lastError?.hasPrefix("it took longer than") == true)
    }

    @Test("a database that is gone ends a drain with its error", arguments: TestEngine.allCases)
    func withoutDatabase(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        try await bench.database.close()
        await #expect(throws: DatabaseError.self) {
            try await bench.worker([JobBinding(TestWork.self) { _, _ in .done }]).drain()
        }
    }

    @Test("two stretches of work on one bell both end", arguments: TestEngine.allCases)
    func oneBell(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let bell = JobBell()
        let binding = JobBinding(TestWork.self) { _, _ in .done }
        let workers = [bench.worker([binding], bell: bell), bench.worker([binding], bell: bell)]
        let ended = [TestDatabases.Gate(), TestDatabases.Gate()]
        let tasks = zip(workers, ended).map { worker, end in
            Task {
                defer { end.open() }
                try await worker.run()
            }
        }
        for number in 0..<5 {
            let id = try await bench.enqueue("\(number)")
            try await eventually("it is done", within: .seconds(10)) { try await bench.ended(id) != nil }
        }
        for task in tasks { task.cancel() }
        // A task that hangs is not waited for.
        try await eventually("both have ended", within: .seconds(10)) { ended.allSatisfy { $0.isOpen } }
    }
}
