import Database
import Foundation
import Synchronization
import TestDatabases
import Testing

/// A `vidsift serve` with a language model. It ends with the test at the latest.
final class ServeProcess: Sendable {
    /// Why it does not serve.
    struct NotServing: Error {
        var errors: String
    }

    private let running: Running
    private let isEnded = Mutex(false)
    let port: UInt16

    /// Starts it and waits until it serves.
    ///
    /// - Parameter model: the address of the chat endpoint.
    init(_ library: QueueLibrary, model address: String) async throws {
        running = try library.start(
            "serve", "--port", "0", environment: ["OPENAI_BASE_URL": address, "CHAT_MODEL": "held"])
        guard await running.prints("(Ctrl-C"),
            let port = running.output.split(separator: "127.0.0.1:").last.flatMap({ UInt16($0.prefix { $0.isNumber }) })
        else { throw NotServing(errors: try await running.end().errors) }
        self.port = port
    }

    deinit {
        if !isEnded.withLock(\.self) { running.signal(SIGKILL) }
    }

    /// Ends it without a warning.
    func kill() async throws {
        running.signal(SIGKILL)
        let end = try await running.end()
        isEnded.withLock { $0 = true }
        try #require(end.status == SIGKILL, "it had ended by itself: \(end.errors)")
    }

    /// Tells it to end.
    ///
    /// - Returns: its exit status.
    func stop() async throws -> Int32 {
        running.signal(SIGTERM)
        let end = try await running.end()
        isEnded.withLock { $0 = true }
        return end.status
    }

    // MARK: - What its clients do

    func json(_ method: String, _ path: String, _ json: String = "") async throws -> [String: Any] {
        try await HTTPExchange(method, path, on: port, json: json).end().json()
    }

    func newSession() async throws -> String {
        let session = try await json("POST", "/api/chat/sessions", "{}")["session"] as? [String: Any]
        return try #require(session?["id"] as? String)
    }

    /// Asks for the native stream of an answer.
    func ask(_ question: String, in session: String) throws -> HTTPExchange {
        try HTTPExchange(
            "POST", "/api/chat/stream", on: port,
            json: #"{"messages":[{"role":"user","content":"\#(question)"}],"sessionId":"\#(session)"}"#)
    }

    /// Takes a stream up again.
    func resume(_ run: String, after number: Int) throws -> HTTPExchange {
        try HTTPExchange(
            "GET", "/api/chat/runs/\(run)/stream", on: port, headers: [("Last-Event-ID", String(number))])
    }

    func messages(of session: String) async throws -> [[String: Any]] {
        let answer = try await json("GET", "/api/chat/sessions/\(session)/messages")
        return try #require(answer["messages"] as? [[String: Any]], "\(answer)")
    }
}

extension QueueLibrary {
    /// A library with one talk, which is indexed.
    static func withTalk(_ sentences: [String], _ engine: TestEngine) async throws -> QueueLibrary {
        let library = try await QueueLibrary(engine)
        try library.vidsift.writeCaptions(sentences, to: "tides.vtt")
        let added = try await library.run("add", "tides.vtt")
        try #require(added.status == 0, "\(added.errors)")
        return library
    }

    /// Lets the time pass until the leases of all answers that are being made are over.
    func endLeases() async throws {
        _ = try await look {
            try await $0.execute("UPDATE runs SET lease_until = seconds_from_now(-1) WHERE state = 'running'")
        }
    }

    func runningAnswers() async throws -> Int {
        try await look { try await $0.value("SELECT count(*) FROM runs WHERE state = 'running'", as: Int.self) ?? 0 }
    }

    /// How many events of a run are stored.
    func storedEvents(of run: String) async throws -> Int {
        try await look {
            try await $0.value("SELECT count(*) FROM run_events WHERE CAST(run_id AS text) = \(run)", as: Int.self) ?? 0
        }
    }
}
