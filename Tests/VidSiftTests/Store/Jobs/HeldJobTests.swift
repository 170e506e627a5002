import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("The right to write about a job") struct HeldJobTests {
    @Test("whoever was silent past his lease can write nothing more", arguments: TestEngine.allCases)
    func stale(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let old = try await bench.claimOne()
        try await bench.expire(id)
        #expect(try await Job.rescue(.expired, by: "two", on: bench.database) == 1)

        try await expectPowerless(old, bench)
        let new = try await bench.claimOne(as: "two")
        try await expectPowerless(old, bench)
        // The same worker may have it again; then the fence alone tells.
        try await expectPowerless(HeldJob(id: id, worker: "two", fence: old.fence, parentID: nil), bench)

        #expect(new.fence == old.fence + 1)
        #expect(try await bench.outcomes(id) == [.lost])
        #expect(try await bench.database.transaction { try await new.isHeld(in: $0) })
        #expect(try await HeldJob.complete([new, old], archived: true, on: bench.database) == 1)
        #expect(try await bench.ended(id)?.worker == "two")
    }

    private func expectPowerless(_ old: HeldJob, _ bench: Workbench) async throws {
        let database = bench.database
        let before = try await bench.job(old.id)
        let settlement = JobSettlement(outcome: .failed, next: .scheduled, error: "late", countsAsAttempt: true)
        let accepted = try await database.transaction { tx in
            [
                try await old.isHeld(in: tx), try await old.complete(on: tx), try await old.cancel(on: tx),
                try await old.bury(error: "late", on: tx), try await old.letGo(settlement, on: tx),
            ]
        }
        #expect(accepted == [false, false, false, false, false])
        #expect(try await HeldJob.complete([old], archived: true, on: database) == 0)
        #expect(try await HeldJob.complete([old], archived: false, on: database) == 0)
        #expect(try await database.execute(Job.progressUpdate(JobProgress(done: 9, total: 9), of: old)) == 0)
        #expect(try await bench.job(old.id) == before)
        #expect(try await bench.ended(old.id) == nil)
    }

    @Test("an effect and the end of its job are one", arguments: TestEngine.allCases)
    func together(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        let held = try await bench.claimOne()
        await #expect(throws: Undo.self) {
            try await bench.database.transaction { tx in
                try await tx.execute("INSERT INTO effects (subject, fence) VALUES ('s', 1)")
                #expect(try await held.complete(on: tx))
                throw Undo()
            }
        }
        #expect(try await bench.effects("s") == 0)
        #expect(try await bench.job(id)?.state == .running)
        #expect(try await bench.ended(id) == nil)
    }

    @Test("those that were to be cancelled are taken once more, for that alone", arguments: TestEngine.allCases)
    func rescueCancelled(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        _ = try await bench.claimOne()
        _ = try await Job.cancel(id, on: bench.database)
        try await bench.expire(id)
        #expect(try await Job.rescue(.expired, by: "two", on: bench.database) == 1)
        let held = try await bench.claimOne()
        let job = try #require(try await bench.job(id))
        #expect(JobTransition.beforeAttempt(at: job, policy: RetryPolicy()) == .cancel)
        #expect(try await bench.database.transaction { try await held.cancel(on: $0) })
        #expect(try await bench.ended(id)?.state == .cancelled)
        #expect(try await bench.outcomes(id) == [.cancelled, .lost])
    }

    @Test("whoever was not heard of himself takes no lease from others", arguments: TestEngine.allCases)
    func unheardRescuer(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let database = bench.database
        let id = try await bench.enqueue("s")
        _ = try await bench.claimOne()
        try await bench.expire(id)
        let rescuer = WorkerID()
        let seenByMe = Job.Abandoned.expiredSeenBy(rescuer, within: .seconds(3))

        #expect(try await Job.rescue(seenByMe, by: rescuer.description, on: database) == 0)
        try await database.execute(WorkerPresence.sign(of: rescuer, name: "two", slots: [:]))
        try await database.execute("UPDATE workers SET seen_at = seconds_from_now(-4)")
        #expect(try await Job.rescue(seenByMe, by: rescuer.description, on: database) == 0)
        try await database.execute(WorkerPresence.sign(of: rescuer, name: "two", slots: [:]))
        #expect(try await Job.rescue(seenByMe, by: rescuer.description, on: database) == 1)
    }

    @Test(
        "a lease that was lost and found by its own worker is an attempt and no crash, any other a crash and no attempt",
        arguments: TestEngine.allCases)
    func ownLoss(engine: TestEngine) async throws {
        let bench = try await Workbench(engine)
        let id = try await bench.enqueue("s")
        for (rescuer, crashes) in [("one", 0), ("two", 1), ("two", 2), ("one", 2)] {
            _ = try await bench.claimOne()
            #expect(try await Job.rescue(.expired, by: rescuer, on: bench.database) == 0)
            try await bench.expire(id)
            #expect(try await Job.rescue(.expired, by: rescuer, on: bench.database) == 1)
            #expect(try await bench.job(id)?.crashes == crashes)
        }
        // Only the end of an attempt breaks the row of crashes: what is put off each time in between has an end, too.
        for (isAttempt, crashes, attempts) in [(false, 2, 2), (true, 0, 3)] {
            let held = try await bench.claimOne()
            let settlement = JobSettlement(outcome: .interrupted, next: .pending, countsAsAttempt: isAttempt)
            #expect(try await bench.database.transaction { try await held.letGo(settlement, on: $0) })
            #expect(try await bench.job(id)?.crashes == crashes)
            #expect(try await bench.job(id)?.attempts == attempts)
        }
    }
}
