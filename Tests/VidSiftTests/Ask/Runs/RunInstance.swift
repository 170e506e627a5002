import Captions
import Database
import Foundation
import Logging
import Synchronization
import TestDatabases

@testable import VidSift

/// One instance of the program as far as runs are concerned: what its answers are is the script's business.
struct RunInstance: Sendable {
    let host: RunHost
    let ask: Ask
    let database: Database

    init(
        _ library: TestLibrary, timing: RunTiming = .brisk, maximumRuns: Int = RunHost.usualMaximum,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        script: @escaping RunHost.Produce = { _, _ in }
    ) {
        database = library.components.database
        let holder = RunHolder(name: "instance-\(UUID())", lease: timing.lease)
        ask = Ask(
            database: database, retriever: library.components.retriever, chat: nil, holder: holder, logger: logger)
        host = RunHost(
            database: database, holder: holder, timing: timing, maximumRuns: maximumRuns, logger: logger,
            produce: script)
    }

    /// Stores a question, whose answer nobody makes yet.
    func begin(_ text: String = "Why?", in session: SessionID? = nil, owner: String = "owner") async throws -> Ask.Run {
        try await ask.begin(Question(text: text, owner: owner, session: session))
    }

    func start(_ text: String = "Why?", owner: String = "owner") async throws -> Ask.Run {
        try await host.start { try await begin(text, owner: owner) }
    }

    /// All that a reader is sent.
    func read(_ run: Ask.Run, after number: Int = 0) async throws -> [NumberedEvent] {
        try await host.follow(run.id, owner: run.owner, after: number).rest()
    }

    /// What is stored of a run.
    func stored(_ run: Ask.Run) async throws -> [RunEvent] {
        try await RunEvent.list(of: run.id, after: 0, limit: 100_000, on: database)
    }

    func messages(_ run: Ask.Run) async throws -> [ChatMessage] {
        try await ChatMessage.list(of: run.session, limit: 100, offset: 0, on: database)
    }

    func state(_ run: Ask.Run) async throws -> RunRecord.State? {
        try await RunRecord.get(run.id, on: database)?.state
    }

    /// Returns once the run has ended in this process.
    func waitForEnd(of run: Ask.Run) async throws {
        try await eventually("the run has ended") { host.hosted(run.id) == nil }
    }

    /// For how long nobody has read it on this instance.
    func unreadFor(_ run: Ask.Run) -> Duration { host.hosted(run.id)?.feed.unfollowedFor ?? .zero }

    /// Has the heartbeat look after a run, and returns when it has.
    func beat(_ run: Ask.Run) async throws {
        // It renews leases before it ends what nobody reads: when they are renewed once more, both has happened.
        for _ in 0..<2 {
            try await database.execute(
                "UPDATE runs SET lease_until = seconds_from_now(7200) WHERE id = \(run.id) AND state = 'running'")
            host.wishes.signal()
            try await eventually("the lease is renewed, or the run has ended") {
                try await database.value(
                    "SELECT count(*) FROM runs WHERE id = \(run.id) AND lease_until > seconds_from_now(3600)",
                    as: Int.self) == 0
            }
        }
    }
}

extension RunTiming {
    /// As in the program, but quick to look after its runs.
    static let brisk: RunTiming = {
        var timing = RunTiming()
        timing.heartbeat = .milliseconds(20)
        timing.poll = .milliseconds(20)
        return timing
    }()

    /// Looks after its runs when a test rings for it.
    static func byHand(grace: Duration) -> RunTiming {
        var timing = RunTiming()
        timing.heartbeat = .seconds(3_600)
        timing.poll = .milliseconds(20)
        timing.grace = grace
        return timing
    }

    /// Gives no sign of life, and is given up soon.
    static let silent: RunTiming = {
        var timing = RunTiming()
        timing.lease = .milliseconds(300)
        timing.heartbeat = .seconds(3_600)
        timing.poll = .milliseconds(20)
        return timing
    }()
}

extension RunFollower {
    /// All that comes, to the end.
    func rest() async throws -> [NumberedEvent] {
        var all: [NumberedEvent] = []
        while true {
            let events = try await next()
            if events.isEmpty { return all }
            all += events
        }
    }

    /// What comes, until so many events are there.
    func first(_ count: Int) async throws -> [NumberedEvent] {
        var all: [NumberedEvent] = []
        while all.count < count {
            let events = try await next()
            if events.isEmpty { break }
            all += events
        }
        return all
    }
}

extension [NumberedEvent] {
    var numbers: [Int] { map(\.number) }
    var text: String { map(\.event).text }
    var outcome: AnswerEvent.Outcome? { map(\.event).outcome }
    /// As they are sent.
    var bodies: [String] { map(\.event.json) }

    var failure: (code: String, isRetryable: Bool)? {
        guard case .failed(_, let code, let isRetryable)? = last?.event else { return nil }
        return (code, isRetryable)
    }
}

/// Answers for tests.
enum Scripts {
    static func session(_ run: Ask.Run) -> AnswerEvent { .session(run.session, run: run.id, question: run.question) }

    static let done = AnswerEvent.done(.init(citations: [citation], reason: nil, timings: .init(total: 12.5)))

    static let citation = Citation(
        number: 1,
        video: VideoReference(
            id: VideoID(), youtubeID: nil, title: "Bees “in” <winter>", pageBase: "http://127.0.0.1:1"),
        start: .init(milliseconds: 61_500), end: .init(milliseconds: 65_001), text: "They form a ball.",
        precision: .word, status: .verified)

    /// Words that are hard to keep apart, in pieces that are never joined because a citation follows each.
    static let words = [
        "Bees ", "e\u{301} ", "\u{1F41D}\u{200D} ", "\"\\\n\r\t ", "</script>", "\u{2028}", "\u{0}", "end",
    ]

    /// Says all of the words, each with a citation.
    static let wordsWithCitations: RunHost.Produce = { run, emit in
        try await emit(session(run))
        for word in words {
            try await emit(.content(word))
            try await emit(.citation(citation))
        }
        try await emit(done)
    }

    /// Says the words, then waits at the gate, and says the rest.
    static func waiting(
        _ before: [String] = ["one ", "two "], at gate: TestDatabases.Gate, then after: [String] = ["three"]
    ) -> RunHost.Produce {
        { run, emit in
            try await emit(session(run))
            for word in before {
                try await emit(.content(word))
                try await emit(.citation(citation))
            }
            await gate.wait()
            for word in after { try await emit(.content(word)) }
            try await emit(done)
        }
    }

    /// Goes on until it is cancelled, and tells that.
    static func endless(cancelled: TestDatabases.Gate) -> RunHost.Produce {
        { run, emit in
            try await emit(session(run))
            try await emit(.content("So much "))
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                cancelled.open()
                throw error
            }
        }
    }
}

/// Counts in any task.
final class Count: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock(\.self) }

    @discardableResult
    func add() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
