import Database
import Foundation
import TestDatabases
import Testing

/// Kills a worker at its points and restarts it; `Tests/Crash/crash-points` does that at every one.
@Suite struct CrashPointTests {
    private static let work = ["--offer", "atomic,fenced,retried,parent", "--lease", "\(lease)"]
    private static let lease = 1.2
    /// How many points there are at least: fewer would mean that the seam is not in place.
    private static let leastPoints = 150
    private static let share = 8
    private static let lanes = 4

    @Test(
        "a worker killed at any of its points leaves each accepted job to be done once", arguments: TestEngine.allCases)
    func killedAtItsPoints(engine: TestEngine) async throws {
        // given
        let points = try await rehearse(on: engine)
        try #require(points.count >= Self.leastPoints)
        let chosen = points.enumerated().filter { $0.offset % Self.share == Self.offset }.map(\.element)
        // when
        let killed = try await kill(at: chosen, on: engine)
        // then
        #expect(killed.count > chosen.count / 2, "heartbeats come by the clock, but most points come again")
    }

    @Test("the ledger sees a missing effect, a double one, and a job that was forgotten")
    func ledgerSeesFaults() async throws {
        // given
        let place = try await TestEngine.sqlite.makeCrashPlace()
        let subject = try CrashSubject("work", at: place, ["--offer", "atomic,atomic,atomic"])
        #expect(await subject.end() == 0)
        let accepted = try subject.said("accepted")
        #expect(try await CrashSubject.faults(at: place, accepted: accepted) == [])
        // when
        let database = try await place.open()
        try await database.execute("DELETE FROM effects WHERE subject = 'job.0.0'")
        try await database.execute("INSERT INTO effects SELECT * FROM effects WHERE subject = 'job.0.1'")
        try await database.execute("DELETE FROM job_archive WHERE subject = 'job.0.2'")
        try await database.close()
        let faults = try await CrashSubject.faults(at: place, accepted: accepted)
        // then
        #expect(faults.contains("atomic:job.0.0 has no effect"))
        #expect(faults.contains { $0.hasPrefix("atomic:job.0.1 has the effects of fences") })
        #expect(faults.contains("atomic:job.0.2 is not in the archive"))
    }

    // MARK: - Steps

    /// Another eighth each day: over the days all points have their turn.
    private static let offset = Int(Date().timeIntervalSince1970 / 86_400) % share

    private func rehearse(on engine: TestEngine) async throws -> [String] {
        let place = try await engine.makeCrashPlace()
        let subject = try CrashSubject("work", at: place, Self.work + ["--tell-points"])
        #expect(await subject.end() == 0)
        #expect(try await CrashSubject.faults(at: place, accepted: subject.said("accepted")) == [])
        return try subject.said("point")
    }

    /// - Returns: the points that were reached.
    private func kill(at points: [String], on engine: TestEngine) async throws -> [String] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            var waiting = points[...]
            for _ in 0..<Self.lanes {
                if let point = waiting.popFirst() { group.addTask { try await kill(at: point, on: engine) } }
            }
            var killed: [String] = []
            while let result = try await group.next() {
                if let result { killed.append(result) }
                if let point = waiting.popFirst() { group.addTask { try await kill(at: point, on: engine) } }
            }
            return killed
        }
    }

    private func kill(at point: String, on engine: TestEngine) async throws -> String? {
        let place = try await engine.makeCrashPlace()
        let subject = try CrashSubject("work", at: place, Self.work + ["--kill-at", point])
        let isKilled = await subject.end() == nil
        let restarted = try CrashSubject("work", at: place, ["--lease", "\(Self.lease)"])
        #expect(await restarted.end() == 0)
        #expect(try await CrashSubject.faults(at: place, accepted: subject.said("accepted")) == [], "\(point)")
        let time = try #require(try restarted.said("drained").first.flatMap(Double.init))
        #expect(time <= 2 * Self.lease, "stuck after \(point)")
        return isKilled ? point : nil
    }
}
