import Database
import Foundation
import TestDatabases
import Testing

@testable import VidSift

@Suite("Reading a run that was begun before", .timeLimit(.minutes(5))) struct ResumeTests {
    @Test(
        "after any event the rest comes, once and whole, on the instance that makes it and on another",
        arguments: TestEngine.allCases)
    func afterEachEvent(engine: TestEngine) async throws {
        // given
        let library = try await TestLibrary(engine: engine)
        let maker = RunInstance(library, script: Scripts.wordsWithCitations)
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        // when
        let all = try await maker.read(run)
        // then
        #expect(all.numbers == Array(1...all.count))
        #expect(all.text.utf8.elementsEqual(Scripts.words.joined().utf8))
        for number in 0...all.count {
            for instance in [maker, other] {
                let rest = try await instance.read(run, after: number)
                #expect(rest.bodies == Array(all.bodies.dropFirst(number)), "after \(number)")
                #expect(rest.numbers == Array(all.numbers.dropFirst(number)))
            }
        }
        #expect(try await maker.read(run, after: 1_000).bodies == all.suffix(1).map(\.event.json))
    }

    @Test(
        "while it is made any number of readers follow, from wherever they begin, on both instances",
        arguments: TestEngine.allCases)
    func whileItIsMade(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let maker = RunInstance(library, script: Scripts.waiting(at: gate))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        _ = try await maker.host.follow(run.id, owner: "owner", after: 0).first(5)

        let readings = try await withThrowingTaskGroup(of: (Int, [NumberedEvent]).self) { group in
            let arrived = Count()
            for number in 0...5 {
                for instance in [maker, other] {
                    group.addTask {
                        let follower = try await instance.host.follow(run.id, owner: "owner", after: number)
                        let first = try await follower.first(5 - number)
                        if arrived.add() == 12 { gate.open() }
                        return (number, first + (try await follower.rest()))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        let all = try await maker.read(run)
        #expect(all.text == "one two three" && all.outcome?.isAnswered == true)
        for (number, events) in readings { #expect(events.bodies == Array(all.bodies.dropFirst(number))) }
    }

    @Test("a reader who takes his time misses nothing, and costs no memory", arguments: TestEngine.allCases)
    func slowReader(engine: TestEngine) async throws {
        let count = 400
        let library = try await TestLibrary(engine: engine)
        let instance = RunInstance(library) { run, emit in
            try await emit(Scripts.session(run))
            for number in 0..<count {
                try await emit(.content("\(number) " + String(repeating: "x", count: 500)))
                try await emit(.citation(Scripts.citation))
            }
            try await emit(Scripts.done)
        }
        let gate = TestDatabases.Gate()
        let run = try await instance.begin()
        let slow = Task {
            let follower = try await instance.host.follow(run.id, owner: "owner", after: 0)
            let first = try await follower.next()
            await gate.wait()
            return first + (try await follower.rest())
        }
        try await instance.host.start(run)
        try await instance.waitForEnd(of: run)
        gate.open()

        let events = try await slow.value

        #expect(events.numbers == Array(1...(2 * count + 2)))
        #expect(events.text == (0..<count).map { "\($0) " + String(repeating: "x", count: 500) }.joined())
    }

    @Test("what is removed after its time is not there any more; the answer is", arguments: TestEngine.allCases)
    func removed(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(library, script: Scripts.wordsWithCitations)
        let running = RunInstance(library, script: Scripts.waiting(at: gate))
        let ended = try await instance.start()
        let going = try await running.start()
        _ = try await instance.read(ended)
        _ = try await running.host.follow(going.id, owner: "owner", after: 0).first(5)
        #expect(try await RunEvent.removeOld(endedBefore: .seconds(3_600), limit: 10, on: instance.database) == 0)

        // A negative age, for what has ended just now.
        #expect(try await RunEvent.removeOld(endedBefore: .seconds(-60), limit: 10, on: instance.database) == 1)

        #expect(try await RunEvent.removeOld(endedBefore: .seconds(-60), limit: 10, on: instance.database) == 0)
        await #expect(throws: RunError.noSuchRun) { try await instance.read(ended) }
        #expect(try await instance.stored(ended).isEmpty)
        #expect(try await instance.messages(ended).map(\.state) == [.complete, .complete])
        gate.open()
        #expect(try await running.read(going).text == "one two three")
    }

    @Test("somebody else's run is not there", arguments: TestEngine.allCases)
    func foreign(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(library, script: Scripts.waiting(at: gate))
        let run = try await instance.start()
        for id in [run.id, RunID()] {
            await #expect(throws: RunError.noSuchRun) {
                _ = try await instance.host.follow(id, owner: "somebody", after: 0)
            }
            await #expect(throws: RunError.noSuchRun) { try await instance.host.stop(id, owner: "somebody") }
        }
        gate.open()
        #expect(try await instance.read(run).outcome?.isAnswered == true)
        await #expect(throws: RunError.noSuchRun) {
            _ = try await instance.host.follow(run.id, owner: "somebody", after: 0)
        }
    }
}
