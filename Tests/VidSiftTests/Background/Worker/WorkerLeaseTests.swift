import Database
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("The leases of a worker") struct WorkerLeaseTests {
    @Test("a job may take many leases", arguments: TestEngine.allCases)
    func long(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let end = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self) { _, _ in
            await end.wait()
            return .done
        }
        let workers = [bench.worker([binding]), bench.worker([binding])]
        try await bench.working(workers) {
            // Renewed at least twice over.
            try await eventually("three leases have passed", within: .seconds(20)) {
                try await bench.database.value(
                    """
                    SELECT count(*) FROM jobs WHERE id = \(id) AND state = 'running' AND lease_until > now()
                        AND started_at < seconds_from_now(-4.5)
                    """, as: Int.self) == 1
            }
            end.open()
            try await eventually("it is done", within: .seconds(10)) { try await bench.ended(id) != nil }
        }
        #expect(try await bench.ended(id)?.fence == 1)
    }

    @Test("a lost lease stops the work, which writes nothing more", arguments: TestEngine.allCases)
    func lost(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let id = try await bench.enqueue("s")
        let (started, refused) = (TestDatabases.Gate(), TestDatabases.Gate())
        let binding = JobBinding(TestWork.self) { work, running in
            if work.subject == "next" { return .done }
            started.open()
            try? await Task.sleep(for: .seconds(600))
            // A handler that goes on all the same.
            let isHeld = try await Task { try await database.transaction { try await running.isHeld(in: $0) } }.value
            if !isHeld { refused.open() }
            return .done
        }
        try await bench.working([bench.worker([binding])]) {
            await started.wait()
            try await database.execute("UPDATE jobs SET worker = 'thief', fence = fence + 1 WHERE id = \(id)")
            let stolen = try await bench.job(id)
            try await eventually("the work was stopped", within: .seconds(10)) { refused.isOpen }
            let next = try await bench.enqueue("next")
            try await eventually("the next is done", within: .seconds(10)) { try await bench.ended(next) != nil }
            #expect(try await bench.job(id) == stolen)
        }
        #expect(try await bench.outcomes(id) == [])
    }

    @Test("the wish to cancel reaches a running handler", arguments: TestEngine.allCases)
    func cancel(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let (started, told) = (TestDatabases.Gate(), TestDatabases.Gate())
        let binding = JobBinding(TestWork.self) { _, _ in
            started.open()
            defer { told.open() }
            try await Task.sleep(for: .seconds(600))
            return .done
        }
        try await bench.working([bench.worker([binding])]) {
            await started.wait()
            #expect(try await bench.queue.cancel(id) == .requested)
            let time = try await eventually("it has ended", within: .seconds(10)) { try await bench.ended(id) != nil }
            #expect(told.isOpen && time < .seconds(3))
        }
        #expect(try await bench.ended(id)?.state == .cancelled)
        #expect(try await bench.outcomes(id) == [.cancelled])
    }

    @Test(
        "progress is seen, and written down no more often than the worker shows that it lives",
        arguments: TestEngine.allCases)
    func progress(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        try await countProgress(on: bench.database)
        let id = try await bench.enqueue("s")
        let end = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self) { _, running in
            for number in 1...1_000_000 { running.report(done: number, of: 1_000_000) }
            await end.wait()
            return .done
        }
        let start = ContinuousClock.now
        try await bench.working([bench.worker([binding])]) {
            try await eventually("all of it is seen", within: .seconds(20)) {
                try await bench.job(id)?.progress == JobProgress(done: 1_000_000, total: 1_000_000)
            }
            end.open()
        }
        let heartbeats = Int((ContinuousClock.now - start) / WorkerTiming.short.heartbeat) + 2
        let writes = try await bench.effects("progress")
        #expect(writes >= 1 && writes <= heartbeats)
    }

    private func countProgress(on database: Database) async throws {
        let insertion = "INSERT INTO effects (subject, fence) VALUES ('progress', 0);"
        switch database.kind {
        case .sqlite:
            try await database.execute(
                """
                CREATE TRIGGER count_progress AFTER UPDATE OF progress_done ON jobs
                BEGIN \(unescaped: insertion) END
                """)
        case .postgres:
            try await database.execute(
                """
                CREATE FUNCTION count_progress() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN \(unescaped: insertion) RETURN NULL; END $$
                """)
            try await database.execute(
                """
                CREATE TRIGGER count_progress AFTER UPDATE OF progress_done ON jobs
                FOR EACH ROW EXECUTE FUNCTION count_progress()
                """)
        }
    }

    @Test("a transaction longer than a lease costs no other job its lease", arguments: TestEngine.allCases)
    func longTransaction(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let (held, end) = (TestDatabases.Gate(), TestDatabases.Gate())
        let writing = JobBinding(OtherWork.self) { _, running in
            try await running.completing(on: database) { tx -> Void? in
                guard try await running.isHeld(in: tx) else { return nil }
                held.open()
                // Time itself is what is tried.
                try await Task.sleep(for: WorkerTiming.short.lease * 2)
                try await running.leaveEffect(in: tx)
                try await running.complete(in: tx)
                return ()
            }
            return .done
        }
        let patient = JobBinding(TestWork.self) { _, _ in
            await end.wait()
            return .done
        }
        let other = try await bench.enqueue("patient")
        let id = try await NewJob(OtherWork(subject: "s")).enqueue(on: database).id
        // Where there is one writer nobody can renew meanwhile; there the folder's lock keeps all others away.
        let lockPath = try bench.library.components.settings.storage.ingestLockPath
        try await bench.working([bench.worker([writing, patient], lockPath: lockPath)]) {
            await held.wait()
            try await eventually("it is done", within: .seconds(20)) { try await bench.ended(id) != nil }
            end.open()
            try await eventually("the other is done", within: .seconds(10)) { try await bench.ended(other) != nil }
        }
        #expect(try await bench.ended(id)?.fence == 1)
        #expect(try await bench.ended(other)?.fence == 1)
        #expect(try await bench.effects("s") == 1)
    }

    @Test(
        "a database that stalls for longer than a lease has no job done by two at once",
        arguments: TestEngine.allCases.filter { $0 == .postgres })
    func stall(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let census = Census()
        let end = TestDatabases.Gate()
        let binding = JobBinding(TestWork.self, slots: 4) { work, _ in
            census.enter(work.subject)
            defer { census.leave(work.subject) }
            while !end.isOpen { try await Task.sleep(for: .milliseconds(10)) }
            return .done
        }
        let ids = try await [bench.enqueue("a"), bench.enqueue("b"), bench.enqueue("c")]
        try await bench.withAnother { other in
            try await bench.withAnother { third in
                let workers = [bench.worker([binding]), bench.worker([binding], on: other)]
                try await bench.working(workers) {
                    try await eventually("all run", within: .seconds(10)) { census.count == 3 }
                    try await third.transaction { tx in
                        try await tx.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
                        // Time itself is what is tried.
                        try await Task.sleep(for: WorkerTiming.short.lease * 2)
                    }
                    end.open()
                    for id in ids {
                        try await eventually("it is done", within: .seconds(20)) { try await bench.ended(id) != nil }
                    }
                }
            }
        }
        #expect(census.most == 1)
    }

    /// Who is at work on what.
    private final class Census: Sendable {
        private let state = Mutex((now: [String: Int](), most: 0))
        var count: Int { state.withLock { $0.now.values.reduce(0, +) } }
        var most: Int { state.withLock(\.most) }
        func enter(_ name: String) {
            state.withLock { state in
                state.now[name, default: 0] += 1
                state.most = max(state.most, state.now[name, default: 0])
            }
        }
        func leave(_ name: String) { state.withLock { $0.now[name, default: 1] -= 1 } }
    }
}
