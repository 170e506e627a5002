import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite("Runs whose holder falls silent", .timeLimit(.minutes(5))) struct RunFenceTests {
    @Test(
        "whatever was stored when the holder died, a reader gets that and one error to ask again",
        arguments: TestEngine.allCases)
    func diedAnywhere(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var timing = RunTiming.brisk
        timing.lease = .zero
        let dead = RunInstance(library, timing: timing)
        let other = RunInstance(try await library.anotherInstance())
        let script: [AnswerEvent] = [
            .session(SessionID(), run: RunID(), question: "Why?"), .content("one "), .citation(Scripts.citation),
            .content("two "), .citation(Scripts.citation),
        ]
        for count in 0...script.count {
            // given
            let run = try await dead.begin()
            for (place, event) in script.prefix(count).enumerated() {
                try await dead.database.execute(
                    RunEvent.insertion(place + 1, of: run.id, event.json, by: dead.ask.holder))
            }
            // when
            let readings = try await withThrowingTaskGroup(of: [NumberedEvent].self) { group in
                for _ in 0..<4 { group.addTask { try await other.read(run) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // then
            for events in readings {
                #expect(events.numbers == Array(1...(count + 1)))
                #expect(events.bodies.dropLast().elementsEqual(script.prefix(count).map(\.json)))
                #expect(events.failure?.isRetryable == true)
            }
            let messages = try await other.messages(run)
            #expect(messages.map(\.state) == [.complete, .failed])
            #expect(messages.last?.content == script.prefix(count).map { $0 }.text)
            #expect(try await other.state(run) == .failed)
        }
    }

    @Test("the clock ends what nobody reads, once; what lives it leaves alone", arguments: TestEngine.allCases)
    func sweep(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var timing = RunTiming.brisk
        timing.lease = .seconds(-60)
        let dead = RunInstance(library, timing: timing)
        let gate = TestDatabases.Gate()
        let live = RunInstance(library, script: Scripts.waiting(at: gate))
        let lost = [try await dead.begin(), try await dead.begin()]
        let going = try await live.start()

        #expect(try await RunRescue.sweep(live.database) == 2)
        #expect(try await RunRescue.sweep(live.database) == 0)

        for run in lost { #expect(try await dead.stored(run).count == 1) }
        gate.open()
        #expect(try await live.read(going).outcome?.isAnswered == true)
    }

    @Test(
        "a holder that wakes up after its lease was over writes nothing more, and its readers see the same end",
        arguments: TestEngine.allCases)
    func zombie(engine: TestEngine) async throws {
        // given
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let zombie = RunInstance(
            library, timing: .silent, script: Scripts.waiting(at: gate, then: ["three", "four", "five"]))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await zombie.start()
        let own = try await zombie.host.follow(run.id, owner: "owner", after: 0)
        let before = try await own.first(5)
        // when
        let seen = try await other.read(run)
        gate.open()
        let after = try await own.rest()
        try await zombie.waitForEnd(of: run)
        // then
        #expect(seen.failure?.isRetryable == true && seen.count == 6)
        #expect((before + after).bodies == seen.bodies)
        #expect(try await zombie.stored(run).map(\.number) == Array(1...6))
        #expect(try await zombie.messages(run).map(\.state) == [.complete, .failed])
    }

    @Test(
        "a database that has forgotten the last events: the run ends as failed, and is heard to the end by all",
        arguments: TestEngine.allCases, ["three", nil])
    func forgotten(engine: TestEngine, said: String?) async throws {
        // given
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let maker = RunInstance(library, script: Scripts.waiting(at: gate, then: said.map { [$0] } ?? []))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        let follower = try await maker.host.follow(run.id, owner: "owner", after: 0)
        let before = try await follower.first(5)
        // when
        try await maker.database.execute("DELETE FROM run_events WHERE run_id = \(run.id) AND number > 3")
        gate.open()
        let after = try await follower.rest()
        // then
        #expect((before + after).numbers == Array(1...6))
        #expect(after.failure?.isRetryable == true)
        #expect(try await other.read(run, after: 5).bodies == after.bodies)
        #expect(try await maker.stored(run).map(\.number) == [1, 2, 3, 6])
        #expect(try await maker.messages(run).last?.content == "one two " + (said ?? ""))
    }

    @Test(
        "an event that was given up and is stored nevertheless: the end comes after it, for all readers",
        arguments: TestEngine.allCases)
    func storedNevertheless(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let maker = RunInstance(library, script: Scripts.waiting(at: gate, then: []))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        let follower = try await maker.host.follow(run.id, owner: "owner", after: 0)
        let before = try await follower.first(5)

        try await maker.database.execute(
            RunEvent.insertion(6, of: run.id, AnswerEvent.content("late").json, by: maker.ask.holder))
        gate.open()
        let all = try await before + follower.rest()

        #expect(all.numbers == Array(1...7) && all.outcome?.isAnswered == true)
        #expect(try await other.read(run).bodies == all.bodies)
        #expect(try await maker.messages(run).map(\.state) == [.complete, .complete])
    }

    @Test("a reader who knows more than a dead holder's database does is told the end", arguments: TestEngine.allCases)
    func readerKnowsMore(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var timing = RunTiming.brisk
        timing.lease = .zero
        let dead = RunInstance(library, timing: timing)
        let run = try await dead.begin()

        let events = try await RunInstance(try await library.anotherInstance()).read(run, after: 7)

        #expect(events.failure?.isRetryable == true && events.numbers == [1])
    }

    @Test(
        "holder and rescuer at the same moment: one end, no gap, no event after it", arguments: TestEngine.allCases)
    func race(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let second = try await library.anotherInstance()
        for round in 0..<20 {
            var timing = RunTiming.silent
            timing.lease = .milliseconds(round * 3)
            let holder = RunInstance(library, timing: timing) { run, emit in
                try await emit(Scripts.session(run))
                for number in 0..<50 {
                    try await emit(.content("\(number) "))
                    try await emit(.citation(Scripts.citation))
                    if number.isMultiple(of: 10) { await Task.yield() }
                }
                try await emit(Scripts.done)
            }
            let run = try await holder.start()
            _ = try await RunInstance(second).read(run)
            try await holder.waitForEnd(of: run)

            let stored = try await holder.stored(run)
            let events = try stored.map { try AnswerEvent(json: $0.body) }
            #expect(stored.map(\.number) == Array(1...stored.count))
            let ends = events.enumerated().filter { ["done", "error"].contains($1.name) }.map(\.offset)
            #expect(ends == [events.count - 1])
            let messages = try await holder.messages(run)
            #expect(messages.map(\.role) == [.user, .assistant] && messages[1].content == events.text)
        }
    }
}
