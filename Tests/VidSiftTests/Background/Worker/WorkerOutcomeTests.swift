import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("What a worker writes down about an attempt") struct WorkerOutcomeTests {
    @Test("what was done is in the archive and nowhere else", arguments: TestEngine.allCases)
    func done(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let ids = try await [bench.enqueue("a"), bench.enqueue("b")]
        try await drain(bench) { _, _ in .done }
        for id in ids {
            let ended = try #require(try await bench.ended(id))
            #expect(ended.state == .completed && ended.attempts == 1 && ended.lastError == nil)
            #expect(try await bench.outcomes(id) == [])
        }
        #expect(try await Job.list(limit: 9, on: bench.database).isEmpty)
    }

    @Test("an effect that ends the job does it once, whatever the handler returns then", arguments: TestEngine.allCases)
    func completing(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let undone = try await bench.enqueue("undone", attempts: 1)
        let database = bench.database
        try await drain(bench) { work, running in
            try await running.completing(on: database) { tx -> Void? in
                try await running.leaveEffect(in: tx)
                try await running.complete(in: tx)
                if work.subject == "undone" { throw Undo() }
                return ()
            }
            return .retry(after: nil, reason: "too late to say")
        }
        #expect(try await bench.effects("s") == 1)
        #expect(try await bench.ended(id)?.state == .completed)
        #expect(try await bench.effects("undone") == 0)
        #expect(try await bench.ended(undone)?.state == .buried)
    }

    @Test("what failed waits, is tried again, and is given up after its attempts", arguments: TestEngine.allCases)
    func retry(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s", attempts: 3)
        for attempt in 1...3 {
            try await drain(bench) { _, _ in throw Undo() }
            if attempt < 3 {
                let job = try #require(try await bench.job(id))
                #expect(job.state == .scheduled && job.attempts == attempt && job.lastError == "Undo()")
                #expect(try await wait(for: id, in: bench) > (attempt == 1 ? 3 : 7))
                try await bench.passTime()
            }
        }
        #expect(try await bench.ended(id)?.lastError == "given up after 3 attempts: Undo()")
        let attempts = try await JobAttempt.list(of: id, limit: 9, on: bench.database)
        #expect(attempts.map(\.outcome) == [.buried, .failed, .failed] && attempts.map(\.fence) == [3, 2, 1])
        #expect(attempts.allSatisfy { !$0.worker.isEmpty && $0.startedAt <= $0.endedAt })
        #expect(attempts.last?.error == "Undo()")
    }

    @Test("what the other side asks for is waited", arguments: TestEngine.allCases)
    func retryAfter(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        try await drain(bench) { _, _ in .retry(after: .seconds(3_600), reason: "busy") }
        #expect(try await wait(for: id, in: bench) > 3_500)
        let far = try await bench.enqueue("far")
        try await drain(bench) { _, _ in .retry(after: .seconds(1 << 40), reason: "busy") }
        #expect(try await wait(for: far, in: bench) <= 86_400)
    }

    @Test("waiting is no attempt", arguments: TestEngine.allCases)
    func sleep(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s", attempts: 1)
        for _ in 0..<3 {
            try await drain(bench) { _, _ in .sleep(until: .after(.seconds(60))) }
            let job = try #require(try await bench.job(id))
            #expect(job.state == .scheduled && job.attempts == 0 && job.lastError == nil)
            try await bench.passTime()
        }
        try await drain(bench) { _, _ in .done }
        #expect(try await bench.ended(id)?.state == .completed)
    }

    @Test(
        "what can't succeed is given up at once, with its reason and what goes with it", arguments: TestEngine.allCases)
    func buried(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let binding = JobBinding(
            TestWork.self,
            onBuried: { job, reason, tx in
                #expect(reason == "private")
                try await tx.execute("INSERT INTO effects (subject, fence) VALUES (\(job.subject), \(job.fence))")
            }, { _, _ in .buried(reason: "private") })
        try await bench.worker([binding]).drain()
        let ended = try #require(try await bench.ended(id))
        #expect(ended.state == .buried && ended.lastError == "private" && ended.attempts == 1)
        #expect(try await bench.outcomes(id) == [.buried])
        #expect(try await bench.effects("s") == 1)
    }

    @Test("a job whose process ends five times is not begun again", arguments: TestEngine.allCases)
    func crashes(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        for _ in 0..<5 {
            #expect(try await bench.ended(id) == nil)
            _ = try await bench.claimOne()
            try await bench.expire(id)
            #expect(try await Job.rescue(.expired, by: "two", on: bench.database) == 1)
        }
        try await drain(bench) { _, _ in
            Issue.record("it was begun")
            return .done
        }
        let ended = try #require(try await bench.ended(id))
        #expect(ended.state == .buried && ended.lastError?.hasPrefix("given up after 5 attempts") == true)
        #expect(try await bench.outcomes(id) == [.buried, .lost, .lost, .lost, .lost, .lost])
    }

    @Test(
        "an error of any form and length is written down", arguments: TestEngine.allCases,
        [
            "a\u{0}b", "\u{0}", "a\u{0}\u{301}b", String(repeating: "\u{e9}\r\n", count: 3_000),
            "e" + String(repeating: "\u{301}", count: 5_000),
        ])
    func errors(engine: TestEngine, reason: String) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        try await drain(bench) { _, _ in .buried(reason: reason) }
        let ended = try #require(try await bench.ended(id))
        let error = try #require(ended.lastError)
        #expect(error.utf8.count <= 8_000 && !error.unicodeScalars.contains("\u{0}"))
    }

    @Test("a kind that this program does not know stays, and is counted", arguments: TestEngine.allCases)
    func unknownKind(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let kind = JobKind(rawValue: "of tomorrow")
        let job = NewJob(kind: kind, version: 1, subject: "s", payload: "{}")
        let id = try await job.enqueue(on: bench.database).id
        try await drain(bench) { _, _ in .done }
        #expect(try await bench.job(id)?.state == .pending)
        let standing = try await QueueStanding.get(on: bench.database)
        #expect(standing.kinds[kind]?.pending == 1 && standing.oldestPending != nil)
    }

    @Test("a payload of another version is kept for a program that knows it", arguments: TestEngine.allCases)
    func unknownVersion(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let job = NewJob(
            kind: TestWork.kind, version: 99, subject: "s", payload: #"{"new":1}"#, maximumAttempts: 1)
        let id = try await job.enqueue(on: bench.database).id
        for _ in 0..<2 {
            try await drain(bench) { _, _ in .done }
            let job = try #require(try await bench.job(id))
            #expect(job.state == .scheduled && job.attempts == 0 && job.payload == #"{"new":1}"#)
            #expect(job.lastError?.contains("version 99") == true)
            try await bench.passTime()
        }
    }

    @Test("a payload that can't be read is given up", arguments: TestEngine.allCases)
    func malformed(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await NewJob(kind: TestWork.kind, version: 1, subject: "s", payload: "[]")
            .enqueue(on: bench.database).id
        try await drain(bench) { _, _ in .done }
        #expect(try await bench.ended(id)?.state == .buried)
    }

    @Test("a job whose video is gone ends", arguments: TestEngine.allCases)
    func withoutSubject(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await NewJob(IndexVideoJob(video: VideoID())).enqueue(on: bench.database).id
        try await bench.library.components.worker.drain()
        #expect(try await bench.job(id) == nil)
        #expect(try await bench.ended(id) != nil)
    }

    private func drain(
        _ bench: Workbench, _ handler: @escaping @Sendable (TestWork, RunningJob) async throws -> JobOutcome
    ) async throws {
        try await bench.worker([JobBinding(TestWork.self, slots: 2, handler)]).drain()
    }

    /// How many seconds a job waits from now by the database's clock.
    private func wait(for id: JobID, in bench: Workbench) async throws -> Double {
        let (run, now) = try await bench.database.pipeline {
            (
                $0.value("SELECT run_at FROM jobs WHERE id = \(id)", as: Moment.self),
                $0.value("SELECT now()", as: Moment.self)
            )
        }
        return try #require(try run.value).seconds(since: try #require(try now.value))
    }
}
