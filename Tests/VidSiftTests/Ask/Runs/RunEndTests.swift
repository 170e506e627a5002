import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import VidSift

@Suite("How runs end", .timeLimit(.minutes(5))) struct RunEndTests {
    @Test(
        "stopped from another instance: the making is cancelled, and what there is is kept",
        arguments: TestEngine.allCases)
    func stoppedElsewhere(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let cancelled = TestDatabases.Gate()
        let maker = RunInstance(library, script: Scripts.endless(cancelled: cancelled))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        let follower = try await other.host.follow(run.id, owner: "owner", after: 0)
        _ = try await follower.first(2)

        try await other.host.stop(run.id, owner: "owner")

        let rest = try await follower.rest()
        await cancelled.wait()
        #expect(rest.outcome?.wasStopped == true && rest.outcome?.isAnswered == false)
        #expect(try await maker.state(run) == .stopped)
        let answer = try #require(try await maker.messages(run).last)
        #expect(answer.state == .stopped && answer.content == "So much " && !answer.answered)
        // Once more is nothing.
        try await other.host.stop(run.id, owner: "owner")
        #expect(try await maker.stored(run).count == 3)
    }

    @Test("stopped where it is made, before anything was said", arguments: TestEngine.allCases)
    func stoppedAtOnce(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let instance = RunInstance(library) { _, _ in try await Task.sleep(for: .seconds(3_600)) }
        let run = try await instance.start()
        try await instance.host.stop(run.id, owner: "owner")
        let events = try await instance.read(run)
        #expect(events.count == 1 && events.outcome?.wasStopped == true)
        #expect(try await instance.messages(run).map(\.state) == [.complete, .stopped])
    }

    @Test("who waits for the whole answer and leaves stops it at once", arguments: TestEngine.allCases)
    func waiterLeaves(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let (cancelled, hasRead) = (TestDatabases.Gate(), TestDatabases.Gate())
        let instance = RunInstance(library, script: Scripts.endless(cancelled: cancelled))
        let run = try await instance.start()
        let waiting = Task {
            try await instance.host.answer(run) { event in
                if case .content = event { hasRead.open() }
            }
        }
        await hasRead.wait()

        waiting.cancel()

        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(cancelled.isOpen, "its end is stored before the waiter is let go")
        #expect(try await instance.state(run) == .stopped)
        #expect(try await instance.messages(run).map(\.state) == [.complete, .stopped])
    }

    @Test(
        "while somebody reads a run it goes on; when the last reader has left and the grace is over, it is cancelled",
        arguments: TestEngine.allCases)
    func grace(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let cancelled = TestDatabases.Gate()
        let instance = RunInstance(
            library, timing: .byHand(grace: .nanoseconds(1)), script: Scripts.endless(cancelled: cancelled))
        let run = try await instance.start()
        do {
            let follower = try await instance.host.follow(run.id, owner: "owner", after: 0)
            _ = try await follower.first(2)
            try await instance.beat(run)
            #expect(!cancelled.isOpen, "somebody reads")
            #expect(try await instance.state(run) == .running)
            withExtendedLifetime(follower) {}
        }
        try await instance.beat(run)
        await cancelled.wait()
        try await instance.waitForEnd(of: run)
        #expect(try await instance.state(run) == .stopped)
        #expect(try await instance.messages(run).map(\.state) == [.complete, .stopped])
    }

    @Test("it is not cancelled before the grace is over", arguments: TestEngine.allCases)
    func notBefore(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        var timing = RunTiming.brisk
        timing.grace = .milliseconds(800)
        let cancelled = TestDatabases.Gate()
        let instance = RunInstance(library, timing: timing, script: Scripts.endless(cancelled: cancelled))
        let run = try await instance.start()
        let left: ContinuousClock.Instant
        do {
            let follower = try await instance.host.follow(run.id, owner: "owner", after: 0)
            _ = try await follower.first(2)
            left = .now
            withExtendedLifetime(follower) {}
        }

        await cancelled.wait()

        #expect(.now - left >= timing.grace)
    }

    @Test("a reader who returns within the grace finds it going on", arguments: TestEngine.allCases)
    func returns(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(
            library, timing: .byHand(grace: .seconds(3_600)), script: Scripts.waiting(at: gate))
        let run = try await instance.start()
        let first = try await instance.host.follow(run.id, owner: "owner", after: 0).first(5)
        try await eventually("the reader has left") { instance.unreadFor(run) > .zero }
        try await instance.beat(run)

        let follower = try await instance.host.follow(run.id, owner: "owner", after: first.count)
        gate.open()

        #expect(try await (first + follower.rest()).text == "one two three")
    }

    @Test(
        "a run that is read on another instance is not without readers; when that one has left, it is",
        arguments: TestEngine.allCases)
    func readElsewhere(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let timing = RunTiming.byHand(grace: .milliseconds(500))
        let cancelled = TestDatabases.Gate()
        let maker = RunInstance(library, timing: timing, script: Scripts.endless(cancelled: cancelled))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        let follower = try await other.host.follow(run.id, owner: "owner", after: 0)
        _ = try await follower.first(2)

        try await eventually("nobody reads it here") { maker.unreadFor(run) >= timing.grace }
        try await maker.beat(run)
        #expect(!cancelled.isOpen, "somebody reads")
        #expect(try await maker.state(run) == .running)

        // What he has said of himself does not count any more.
        try await maker.database.execute("UPDATE runs SET followed_until = now() WHERE id = \(run.id)")
        try await eventually("nobody reads it here") { maker.unreadFor(run) >= timing.grace }
        try await maker.beat(run)
        await cancelled.wait()
        #expect(try await follower.rest().outcome?.wasStopped == true)
    }

    @Test("when the server stops, running answers end as failed, to be asked again", arguments: TestEngine.allCases)
    func shutdown(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let cancelled = TestDatabases.Gate()
        let instance = RunInstance(library, script: Scripts.endless(cancelled: cancelled))
        let run = try await instance.start()
        let follower = try await instance.host.follow(run.id, owner: "owner", after: 0)
        _ = try await follower.first(2)

        await instance.host.close()

        #expect(cancelled.isOpen)
        let failure = try #require(try await follower.rest().failure)
        #expect(failure.isRetryable && failure.code == "not_ready")
        #expect(try await instance.messages(run).last?.state == .failed)
        await #expect(throws: RunError.stopping) { _ = try await instance.start() }
    }

    @Test("there is room for so many runs, and a question without room is not stored", arguments: TestEngine.allCases)
    func room(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let instance = RunInstance(library, maximumRuns: 2, script: Scripts.waiting(at: gate))
        let runs = [try await instance.start(), try await instance.start()]
        await #expect(throws: RunError.tooManyRuns(maximum: 2)) { _ = try await instance.start("One more?") }
        #expect(try await ChatSession.recent(owner: "owner", limit: 10, on: instance.database).count == 2)
        gate.open()
        for run in runs { try await instance.waitForEnd(of: run) }
        _ = try await instance.read(try await instance.start())
    }

    @Test("what fails in the making is an error at the end, and the log has why", arguments: TestEngine.allCases)
    func failure(engine: TestEngine) async throws {
        struct Broken: Error {}
        let library = try await TestLibrary(engine: engine)
        let log = LineLog()
        let instance = RunInstance(library, logger: Logger(label: "test") { _ in LineLogHandler(log) }) { run, emit in
            try await emit(Scripts.session(run))
            try await emit(.content("half"))
            throw AnswerFailure(cause: Broken())
        }
        let run = try await instance.start()
        let events = try await instance.read(run)
        #expect(events.failure?.code == "internal" && events.failure?.isRetryable == false)
        #expect(try await instance.messages(run).last?.content == "half")
        #expect(log.lines.contains { $0.contains("Broken") && $0.hasPrefix("error") })
    }

    @Test(
        "deleting the session ends its run without noise, for readers on both instances", arguments: TestEngine.allCases
    )
    func deleted(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let log = LineLog()
        let gate = TestDatabases.Gate()
        let maker = RunInstance(
            library, logger: Logger(label: "test") { _ in LineLogHandler(log) }, script: Scripts.waiting(at: gate))
        let other = RunInstance(try await library.anotherInstance())
        let run = try await maker.start()
        let followers = [
            try await maker.host.follow(run.id, owner: "owner", after: 0),
            try await other.host.follow(run.id, owner: "owner", after: 0),
        ]
        for follower in followers { _ = try await follower.first(5) }

        #expect(try await ChatSession.delete(run.session, owner: "owner", on: maker.database))
        gate.open()

        for follower in followers { await #expect(throws: RunError.noSuchRun) { _ = try await follower.rest() } }
        try await maker.waitForEnd(of: run)
        #expect(try await maker.stored(run).isEmpty)
        #expect(log.lines.filter { $0.hasPrefix("error") || $0.hasPrefix("warning") } == [])
    }

    @Test("a receipt is stored with the end", arguments: TestEngine.allCases)
    func receipt(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let instance = RunInstance(library) { run, emit in
            run.receipt.json = #"{"model":"m"}"#
            try await Scripts.wordsWithCitations(run, emit)
        }
        let run = try await instance.start()
        _ = try await instance.read(run)
        #expect(try await RunRecord.get(run.id, on: instance.database)?.receipt == #"{"model":"m"}"#)
    }
}
