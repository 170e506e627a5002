import Foundation
import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Resuming and stopping an answer over HTTP", .timeLimit(.minutes(10))) struct RunRouteTests {
    private static let cuts = 2_000
    private static let atATime = 8

    @Test(
        "cut at any byte and taken up again, on two instances: the text is the uncut one's, no event twice",
        arguments: TestEngine.allCases)
    func cutAnywhere(engine: TestEngine) async throws {
        try await TestServer.runTwo(engine: engine) { server, other in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let whole = try await server.ask("Why does rye bread stay low?").body
            let bytes = Array(whole.readableBytesView)
            let text = try Self.text(of: bytes)
            let run = try #require(try Self.events(in: bytes).first?.json["runId"] as? String)
            #expect(text.contains("hardly any gluten"))

            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<Self.cuts {
                    if number >= Self.atATime { try await group.next() }
                    group.addTask {
                        let received = bytes.prefix(Int.random(in: 0...bytes.count))
                        // What is not complete is nothing: that is how an EventSource reads.
                        let events = try Self.events(in: Array(received))
                        let last = events.last?.id ?? "0"
                        let answer =
                            number.isMultiple(of: 2)
                            ? try await server.get(
                                "/api/chat/runs/\(run)/stream?after=0", headers: [("Last-Event-ID", last)])
                            : try await other.get("/api/chat/runs/\(run)/stream?after=\(last)")
                        let joined = events.flatMap(\.bytes) + Array(answer.body.readableBytesView)
                        #expect(joined == bytes)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("the AI SDK's stream of a run is the same from wherever it is taken up", arguments: TestEngine.allCases)
    func otherRendering(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let whole = try await server.ask(
                "Why does rye bread stay low?", path: "/api/chat/stream?format=ai-sdk")
            let run = try #require(try Self.runID(in: whole.text))
            #expect(whole.headers.first(name: "x-vercel-ai-ui-message-stream") == "v1")

            let again = try await server.get("/api/chat/runs/\(run)/stream?format=ai-sdk")
            let rest = try await server.get("/api/chat/runs/\(run)/stream?format=ai-sdk&after=2")

            #expect(again.text == whole.text)
            #expect(whole.text.hasSuffix(rest.text) && rest.text.hasSuffix("data: [DONE]\n\n"))
            #expect(rest.text.utf8.count < whole.text.utf8.count)
        }
    }

    @Test(
        "a run that has ended stays as it is when it is stopped; one that is not there is 404",
        arguments: TestEngine.allCases)
    func stop(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            try await server.add(Samples.bread, as: "bread.en.vtt")
            let answer = try await server.ask("Why does rye bread stay low?", path: "/api/chat").json()
            let run = try #require(answer["runId"] as? String)

            let stopped = try await server.post("/api/chat/runs/\(run)/stop", "")

            #expect(stopped.status == 200)
            #expect(try stopped.json()["success"] as? Bool == true && stopped.json()["runId"] as? String == run)
            #expect(try await server.get("/api/chat/runs/\(run)/stream").events().last?["answered"] as? Bool == true)
            for id in [RunID().description, "nonsense"] {
                try await server.post("/api/chat/runs/\(id)/stop", "").expectProblem(404, "not_found")
                try await server.get("/api/chat/runs/\(id)/stream").expectProblem(404, "not_found")
            }
        }
    }

    @Test("a number that is none is refused by its name")
    func numbers() async throws {
        try await TestServer.run { server in
            let path = "/api/chat/runs/\(RunID())/stream"
            for value in ["-1", "x", "1.5", "99999999999999999999"] {
                try await server.get(path + "?after=\(value)").expectProblem(400, "invalid_request", naming: "after")
                try await server.get(path, headers: [("Last-Event-ID", value)])
                    .expectProblem(400, "invalid_request", naming: "Last-Event-ID")
            }
        }
    }

    // MARK: - Streams

    /// One event of a stream with its bytes.
    private struct SentEvent {
        var id: String
        var json: [String: Any]
        var bytes: [UInt8]
    }

    /// The events that are complete.
    private static func events(in bytes: [UInt8]) throws -> [SentEvent] {
        var events: [SentEvent] = []
        var start = 0
        for index in bytes.indices.dropFirst() where bytes[index] == 10 && bytes[index - 1] == 10 && index > start {
            let event = Array(bytes[start...index])
            start = index + 1
            let lines = String(decoding: event, as: UTF8.self).split(separator: "\n")
            let id = try #require(lines.first { $0.hasPrefix("id: ") }?.dropFirst(4))
            let data = try #require(lines.first { $0.hasPrefix("data: ") }?.dropFirst(6))
            let json = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            events.append(SentEvent(id: String(id), json: try #require(json), bytes: event))
        }
        return events
    }

    private static func text(of bytes: [UInt8]) throws -> String {
        try events(in: bytes).compactMap { $0.json["content"] as? String }.joined()
    }

    private static func runID(in text: String) throws -> String? {
        let data = text.split(separator: "\n").filter { $0.hasPrefix("data: {") }.map { $0.dropFirst(6) }
        for line in data {
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            if let id = json?["messageId"] as? String { return id }
        }
        return nil
    }
}
