import Foundation
import TestDatabases
import Testing

/// Suspends a worker past its lease; `Tests/Crash/zombies` does that 200 times.
@Suite struct ZombieTests {
    private static let cycles = 5
    private static let times = ["--lease", "0.6", "--unlocked"]

    @Test(
        "a worker suspended past its lease can write nothing once another has done its job",
        arguments: TestEngine.allCases, ["atomic", "fenced"])
    func suspended(engine: TestEngine, kind: String) async throws {
        var left = Self.cycles
        var attempts = 2 * Self.cycles
        while left > 0, attempts > 0 {
            attempts -= 1
            if try await cycle(engine, kind) { left -= 1 }
        }
        #expect(left == 0)
    }

    /// - Returns: false where it was suspended while it held the lock of SQLite's file: then nobody could do its work.
    private func cycle(_ engine: TestEngine, _ kind: String) async throws -> Bool {
        // given
        let place = try await engine.makeCrashPlace()
        let zombie = try CrashSubject(
            "work", at: place, ["--offer", kind, "--hold-at", "before", "--hold", "0.3"] + Self.times)
        try await zombie.wait(for: "held")
        zombie.signal(SIGSTOP)
        // when
        let other = try CrashSubject("work", at: place, Self.times)
        guard try await takesOver(other, on: engine) else { return false }
        #expect(await other.end() == 0)
        zombie.signal(SIGCONT)
        // then
        #expect(await zombie.end() == 0)
        #expect(try zombie.said("refused").count == 1)
        #expect(try zombie.said("ended") == [])
        #expect(try other.said("ended").count == 1)
        #expect(try await CrashSubject.faults(at: place, accepted: zombie.said("accepted")) == [])
        return true
    }

    private func takesOver(_ other: CrashSubject, on engine: TestEngine) async throws -> Bool {
        do {
            try await eventually("the other worker begins the job", within: Self.patience) {
                try !other.said("started").isEmpty
            }
            return true
        } catch is NeverHappened where engine == .sqlite {
            return false
        }
    }

    private static let patience = Duration.seconds(20)
}
