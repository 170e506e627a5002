import Database
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite(
    "Runs over a bad connection",
    .enabled(if: TestEngine.allCases.contains(.postgres), "VIDSIFT_TEST_POSTGRES is not set"), .timeLimit(.minutes(5)))
struct RunFaultTests {
    @Test(
        "cut at a commit that the server got, or did not get: nothing is missing, and nothing twice",
        arguments: [false, true])
    func cutAtCommit(passesOn: Bool) async throws {
        let place = try await TestEngine.postgres.makeDatabase(.library)
        try await LoopbackProxy.run(to: place.target) { proxy in
            let library = try await TestLibrary(["DATABASE_URL": place.url(through: proxy)], engine: .postgres)
            for step in 0...Scripts.words.count {
                // given
                let cut = Trap()
                let instance = RunInstance(library) { run, emit in
                    try await emit(Scripts.session(run))
                    for (place, word) in Scripts.words.enumerated() {
                        // What stores events is committed with its last statement.
                        if place == step { cut.set(proxy.cut(at: #""type":"citation""#, passesOn: passesOn)) }
                        try await emit(.content(word))
                        try await emit(.citation(Scripts.citation))
                    }
                    if step == Scripts.words.count {
                        cut.set(proxy.cut(at: LoopbackProxy.commit, passesOn: passesOn))
                    }
                    try await emit(Scripts.done)
                }
                let run = try await instance.start()
                // when
                let events = try await Self.read(run, on: instance)
                // then
                #expect(cut.isSprung)
                #expect(events.numbers == Array(1...events.count))
                #expect(events.text.utf8.elementsEqual(Scripts.words.joined().utf8), "cut at \(step)")
                #expect(events.outcome?.isAnswered == true)
                #expect(try await instance.stored(run).map(\.body) == events.bodies)
                #expect(try await instance.messages(run).map(\.state) == [.complete, .complete])
            }
            try await library.components.close()
        }
    }

    /// Reads as a client does: who asks at the moment of the cut is told to ask again.
    private static func read(_ run: Ask.Run, on instance: RunInstance) async throws -> [NumberedEvent] {
        while true {
            do {
                return try await instance.read(run)
            } catch let error as DatabaseError where error.isRetryable {
                await Task.yield()
            }
        }
    }

    @Test("a database that is away for a moment in the middle: the readers of both instances get all of it")
    func away() async throws {
        let place = try await TestEngine.postgres.makeDatabase(.library)
        try await LoopbackProxy.run(to: place.target) { proxy in
            let variables = ["DATABASE_URL": place.url(through: proxy)]
            let library = try await TestLibrary(variables, engine: .postgres)
            let second = try await TestLibrary(variables, engine: .postgres)
            let gate = TestDatabases.Gate()
            let maker = RunInstance(library, script: Scripts.waiting(at: gate, then: ["three ", "four"]))
            let other = RunInstance(second)
            let run = try await maker.start()
            let followers = [
                try await maker.host.follow(run.id, owner: "owner", after: 0),
                try await other.host.follow(run.id, owner: "owner", after: 0),
            ]
            for follower in followers { _ = try await follower.first(5) }

            proxy.refuse()
            proxy.cut()
            gate.open()
            // As long as it takes until somebody has noticed.
            try await eventually("the database is away") {
                do {
                    _ = try await RunRecord.get(run.id, on: maker.database)
                    return false
                } catch { return true }
            }
            try proxy.accept()

            for follower in followers {
                let rest = try await follower.rest()
                #expect(rest.text == "three four" && rest.outcome?.isAnswered == true)
            }
            for library in [library, second] { try await library.components.close() }
        }
    }
}

/// A trap that a script sets.
private final class Trap: Sendable {
    private let sprung = Mutex<TestDatabases.Gate?>(nil)
    var isSprung: Bool { sprung.withLock { $0?.isOpen ?? false } }
    func set(_ gate: TestDatabases.Gate) { sprung.withLock { $0 = gate } }
}
