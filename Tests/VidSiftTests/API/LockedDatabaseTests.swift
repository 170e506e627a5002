import Database
import Foundation
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("A database that another program has locked", .timeLimit(.minutes(2)))
struct LockedDatabaseTests {
    @Test(
        "questions and uploads are told to come again, nothing is half stored, and later they work",
        arguments: TestEngine.allCases)
    func requests(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine, databaseConfiguration: .impatient) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let before = try await Self.counts(server.components.database)
            let question = "Why does rye bread stay low?"

            try await server.library.whileLocked {
                for path in ["/api/chat", "/api/chat/stream"] {
                    try Self.expectBusy(try await server.ask(question, path: path))
                }
                try Self.expectBusy(try await server.upload(Samples.tides, as: "tides.en.vtt"))
                try Self.expectBusy(try await server.send(.DELETE, "/api/videos/bread"))
                #expect(try await server.get("/api/videos").list("videos").count == 1, "reading goes on")
                #expect(try await server.get("/api/search?q=gluten").list("hits").count == 1)
            }

            #expect(try await Self.counts(server.components.database) == before)
            #expect(try await server.ask(question, path: "/api/chat").json()["answered"] as? Bool == true)
            #expect(try await server.upload(Samples.tides, as: "tides.en.vtt").status == 202)
            try await server.library.indexAll()
            #expect(try await server.get("/api/videos/tides").status == 200)
        }
    }

    @Test(
        "beginning a question fails as busy, leaves no session behind, and works once the lock is gone",
        arguments: TestEngine.allCases)
    func begin(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine, databaseConfiguration: .impatient)
        let question = Question(text: "How many eggs does the queen lay?", owner: "owner")
        let ask = library.components.ask
        try await library.whileLocked {
            let error = await #expect(throws: DatabaseError.self) { _ = try await ask.begin(question) }
            #expect(error?.kind == (engine == .sqlite ? .busy : .timedOut) && error?.isRetryable == true)
        }
        let database = library.components.database
        #expect(try await ChatSession.recent(owner: "owner", limit: 10, on: database).isEmpty)
        #expect(try await database.value("SELECT count(*) FROM chat_messages", as: Int.self) == 0)
        _ = try await ask.begin(question)
        #expect(try await ChatSession.recent(owner: "owner", limit: 10, on: database).count == 1)
    }

    @Test(
        "an answer that can't be stored ends with an error that says to try again, and is ended when that is possible",
        arguments: TestEngine.allCases)
    func answer(engine: TestEngine) async throws {
        var timing = RunTiming()
        timing.patience = .milliseconds(200)
        timing.lease = .milliseconds(500)
        let library = try await TestLibrary(
            engine: engine, databaseConfiguration: .impatient, runTiming: timing)
        try await library.add(SampleTalks.bees)
        let (ask, runs) = (library.components.ask, library.components.runs)
        let run = try await ask.begin(Question(text: "How many eggs does the queen lay?", owner: "owner"))
        try await library.whileLocked {
            let events = EventLog()
            let error = await #expect(throws: DatabaseError.self) {
                try await runs.start(run)
                try await runs.answer(run) { events.append($0) }
            }
            #expect(error?.isRetryable == true)
            #expect(events.all.outcome == nil)
        }
        let database = library.components.database
        let before = try await ChatMessage.list(of: run.session, limit: 10, offset: 0, on: database)
        #expect(before.map(\.role) == [.user])

        let events = EventLog()
        try await eventually("the lease is over and the answer is ended") {
            try await RunRescue.end(run.id, on: database)
        }
        try await runs.answer(run) { events.append($0) }

        guard case .failed(_, let code, let isRetryable) = events.all.last else {
            Issue.record("expected an error at the end, found \(events.all.map(\.name))")
            return
        }
        #expect(code == "not_ready" && isRetryable)
        let messages = try await ChatMessage.list(of: run.session, limit: 10, offset: 0, on: database)
        #expect(messages.map(\.state) == [.complete, .failed])
    }

    private static func expectBusy(_ answer: Answer, _ location: SourceLocation = #_sourceLocation) throws {
        try answer.expectProblem(503, "not_ready", location)
        #expect(try answer.json()["retryable"] as? Bool == true, sourceLocation: location)
        #expect(answer.headers.first(name: "retry-after") == "1", sourceLocation: location)
    }

    /// Rows of each table that a question or an upload writes to.
    private static func counts(_ database: Database) async throws -> [Int] {
        var counts: [Int] = []
        for table in ["videos", "ingests", "segments", "chat_sessions", "chat_messages", "runs", "run_events"] {
            counts.append(
                try await database.value("SELECT count(*) FROM \(unescaped: table)", as: Int.self) ?? -1)
        }
        return counts
    }
}
