import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Writing a job down") struct EnqueueTests {
    @Test("a job goes with the transaction that is undone", arguments: TestEngine.allCases)
    func undone(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        await #expect(throws: Undo.self) {
            try await bench.database.transaction { tx in
                _ = try await NewJob(TestWork(subject: "undone")).enqueue(on: tx)
                throw Undo()
            }
        }
        #expect(try await Job.get(TestWork.kind, "undone", on: bench.database) == nil)
    }

    @Test("nobody sees a job before its transaction has committed", arguments: TestEngine.allCases)
    func uncommitted(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        try await bench.withAnother { other in
            let id = try await bench.database.transaction { tx in
                let id = try await NewJob(TestWork(subject: "new")).enqueue(on: tx).id
                #expect(try await !Job.isAnyDue(of: [TestWork.kind], on: other))
                // SQLite has one writer at a time.
                if engine == .postgres { #expect(try await bench.claim(on: other).isEmpty) }
                return id
            }
            #expect(try await bench.claim(on: other).map(\.id) == [id])
        }
    }

    @Test("one job of a kind for a subject, until it has ended", arguments: TestEngine.allCases)
    func once(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let again = try NewJob(TestWork(subject: "s"))
        let id = try await bench.enqueue("s")
        #expect(try await again.enqueue(on: database) == .alreadyThere(id))
        let held = try await bench.claimOne()
        #expect(try await again.enqueue(on: database) == .alreadyThere(id))
        #expect(try await NewJob(OtherWork(subject: "s")).enqueue(on: database).isNew)

        #expect(try await database.transaction { try await held.complete(on: $0) })

        #expect(try await NewJob.enqueue([again, again], on: database) == 1)
        #expect(try await Job.get(TestWork.kind, "s", on: database)?.id != id)
        #expect(try await bench.ended(id)?.state == .completed)
    }

    @Test("of many who write the same down at once one is first", arguments: TestEngine.allCases)
    func crowd(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let results = try await withThrowingTaskGroup(of: Enqueued.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await database.transaction { try await NewJob(TestWork(subject: "s")).enqueue(on: $0) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter(\.isNew).count == 1)
        #expect(Set(results.map(\.id)).count == 1)
    }

    @Test("a payload has a limit", arguments: TestEngine.allCases)
    func tooLarge(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        func job(bytes: Int) -> NewJob {
            NewJob(
                kind: TestWork.kind, version: 1, subject: "\(bytes)",
                payload: "\"" + String(repeating: "x", count: bytes - 2) + "\"")
        }
        let most = NewJob.maximumPayloadBytes
        #expect(try await job(bytes: most).enqueue(on: bench.database).isNew)
        await #expect(throws: PayloadTooLarge.self) { try await job(bytes: most + 1).enqueue(on: bench.database) }
        await #expect(throws: PayloadTooLarge.self) {
            try await NewJob.enqueue([job(bytes: 9), job(bytes: most + 1)], on: bench.database)
        }
        #expect(try await Job.list(limit: 9, on: bench.database).map(\.subject) == ["\(most)"])
    }
}
