import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite("The journal of runs", .timeLimit(.minutes(5))) struct RunJournalTests {
    @Test("500 runs at once: each has all that was said, in order, in fewer events", arguments: TestEngine.allCases)
    func manyRuns(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let instance = RunInstance(library) { run, emit in
            try await emit(Scripts.session(run))
            for number in 0..<100 { try await emit(.content("\(number) ")) }
            try await emit(.citation(Scripts.citation))
            for number in 100..<200 { try await emit(.content("\(number) ")) }
            try await emit(Scripts.done)
        }
        let expected = (0..<200).map { "\($0) " }.joined()

        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let run = try await instance.start("Question \(number)?")
                    let events = try await instance.read(run)
                    #expect(events.text == expected && events.numbers == Array(1...events.count))
                    let stored = try await instance.stored(run)
                    #expect(stored.map(\.body) == events.bodies)
                    return stored.count
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(sizes < 500 * 100, "\(sizes) events")
        #expect(
            try await instance.database.value("SELECT count(*) FROM runs WHERE state = 'done'", as: Int.self) == 500)
    }

    @Test(
        "while the database takes nothing a run waits with little in hand, and goes on without loss",
        arguments: TestEngine.allCases)
    func databaseAway(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine, databaseConfiguration: .impatient)
        let emitted = Count()
        let mayGoOn = TestDatabases.Gate()
        let piece = String(repeating: "x", count: 100)
        let instance = RunInstance(library) { run, emit in
            try await emit(Scripts.session(run))
            await mayGoOn.wait()
            for number in 0..<1_000 {
                try await emit(.content("\(number)\(piece)"))
                emitted.add()
            }
            try await emit(Scripts.done)
        }
        let run = try await instance.start()
        let follower = try await instance.host.follow(run.id, owner: "owner", after: 0)
        let first = try await follower.first(1)

        try await library.whileLocked(tables: "runs, run_events") {
            mayGoOn.open()
            var last = -1
            try await eventually("the run waits") {
                try await Task.sleep(for: .milliseconds(300))
                defer { last = emitted.value }
                return last == emitted.value && last > 0
            }
            #expect(last < 200, "\(last) pieces were taken")
        }
        let events = try await first + follower.rest()

        #expect(events.text == (0..<1_000).map { "\($0)\(piece)" }.joined())
        #expect(try await instance.stored(run).map(\.body) == events.bodies)
    }

    @Test("an event that no database takes ends its own run only", arguments: TestEngine.allCases)
    func poison(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(library) { run, emit in
            try await emit(Scripts.session(run))
            await gate.wait()
            try await emit(.content("fine"))
            try await emit(Scripts.done)
        }
        try await instance.database.forbid("poison")
        let poisoned = RunInstance(library) { run, emit in
            try await emit(Scripts.session(run))
            await gate.wait()
            try await emit(.content("poison"))
            try await emit(.citation(Scripts.citation))
            try await emit(Scripts.done)
        }
        let runs = [try await instance.start(), try await poisoned.start(), try await instance.start()]
        gate.open()

        let fine = [try await instance.read(runs[0]), try await instance.read(runs[2])]
        let bad = try await poisoned.read(runs[1])

        for events in fine { #expect(events.text == "fine" && events.outcome != nil) }
        #expect(bad.failure?.code == "internal")
        #expect(bad.numbers == Array(1...bad.count))
    }
}

extension Database {
    /// Has a rule refuse every event with that word.
    fileprivate func forbid(_ word: String) async throws {
        switch kind {
        case .sqlite:
            try await execute(
                """
                CREATE TRIGGER forbidden BEFORE INSERT ON run_events WHEN new.body LIKE '%\(unescaped: word)%'
                BEGIN SELECT RAISE(ABORT, 'forbidden'); END
                """)
        case .postgres:
            try await execute(
                "ALTER TABLE run_events ADD CONSTRAINT forbidden CHECK (body::text NOT LIKE '%\(unescaped: word)%')")
        }
    }
}
