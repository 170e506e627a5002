import Foundation
import NIOHTTP1
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("The language model's request when the client of an answer leaves", .timeLimit(.minutes(5)))
struct AbandonedAnswerTests {
    private static let said = [
        "Rye bread stays low because its dough has hardly any gluten [1]. ",
        "Pentosans hold the water instead, and the crumb becomes moist [1]. ",
        "The crust keeps it fresh for a week [1]. ",
    ]
    /// What the first sentence has for its marker, in every stream.
    private static let cited = "[1:23]"
    /// The events before the first sentence with its citation: the session and the sources.
    private static let eventsBefore = 2
    private static let question = #""messages":[{"role":"user","content":"Why does rye bread stay low?"}]"#

    /// An address that answers, and what it is asked.
    struct Route: Sendable, CustomTestStringConvertible {
        var path: String
        var more = ""
        var testDescription: String { path + more }

        static let native = Route(path: "/api/chat/stream")
        static let streams = [
            native, Route(path: "/api/chat/stream?format=ai-sdk"),
            Route(path: "/v1/chat/completions", more: #","model":"vidsift","stream":true"#),
        ]
        static let wholes = [
            Route(path: "/api/chat"), Route(path: "/v1/chat/completions", more: #","model":"vidsift""#),
        ]
        var body: String { "{\(question)\(more)}" }
    }

    /// Two servers on a library with a talk, and the endpoint of their language model.
    private struct Place: Sendable {
        let server: TestServer
        let other: TestServer
        let endpoint: LoopbackEndpoint
        let answer: HeldAnswer

        /// The answer of the only session, once it is stored.
        func storedAnswer() async throws -> [String: Any] {
            let sessions = try await server.get("/api/chat-sessions/recent").list("sessions")
            return try await server.storedAnswer(in: try #require(sessions.first?["id"] as? String))
        }

        /// The run that is being made.
        var run: HostedRun? { server.components.runs.hostedRuns.first }
    }

    private static func run(
        _ engine: TestEngine, grace: Duration = RunTiming().grace,
        _ body: @escaping @Sendable (Place) async throws -> Void
    ) async throws {
        var timing = RunTiming.brisk
        timing.grace = grace
        let answer = HeldAnswer(said)
        try await LoopbackEndpoint.run { _, _ in
            answer.answer
        } _: { endpoint, address in
            let variables = ["OPENAI_BASE_URL": address, "CHAT_MODEL": "held"]
            try await TestServer.runTwo(variables, engine: engine, timing: timing) { server, other in
                try await server.add(Samples.bread, as: "bread.en.vtt")
                try await body(Place(server: server, other: other, endpoint: endpoint, answer: answer))
            }
        }
    }

    @Test(
        "nobody returns within the grace: it is closed, and what was said is kept", arguments: Route.streams,
        TestEngine.allCases)
    func abandoned(route: Route, engine: TestEngine) async throws {
        let grace = Duration.seconds(1)
        try await Self.run(engine, grace: grace) { place in
            place.answer.say(1)
            let left = try await place.server.visit("POST", route.path, route.body) { visit in
                try await visit.read(until: Self.cited)
                return ContinuousClock.now
            }

            await place.endpoint.next(.disconnected)

            #expect(.now - left >= grace)
            let kept = try await place.storedAnswer()
            #expect(kept["state"] as? String == "stopped" && kept["answered"] as? Bool == false)
            #expect((kept["content"] as? String)?.contains(Self.cited) == true, "\(kept)")
            #expect(place.endpoint.requests.count == 1)
        }
    }

    @Test(
        "who waits for the whole answer and leaves closes it at once", arguments: Route.wholes, TestEngine.allCases)
    func whole(route: Route, engine: TestEngine) async throws {
        try await Self.run(engine) { place in
            place.answer.say(1)
            let left = try await place.server.visit("POST", route.path, route.body) { _ in
                await place.endpoint.next(.request)
                let run = try #require(place.run).id
                try await eventually("it is said") {
                    try await RunEvent.last(of: run, on: place.server.components.database) > Self.eventsBefore
                }
                return ContinuousClock.now
            }

            await place.endpoint.next(.disconnected)

            #expect(.now - left < RunTiming().grace / 2)
            let kept = try await place.storedAnswer()
            #expect(kept["state"] as? String == "stopped")
            #expect((kept["content"] as? String)?.contains(Self.cited) == true, "\(kept)")
        }
    }

    @Test(
        "a client that returns within the grace, here or at another server, finds the answer going on",
        arguments: [false, true], TestEngine.allCases)
    func returns(elsewhere: Bool, engine: TestEngine) async throws {
        try await Self.run(engine) { place in
            place.answer.say(1)
            let begun = try await place.server.visit("POST", Route.native.path, Route.native.body) { visit in
                try await visit.read(until: Self.cited)
                return visit.text
            }
            let run = try #require(place.run)
            try await eventually("the server has seen it leave") { run.feed.unfollowedFor > .zero }
            let last = begun.components(separatedBy: "\n").last { $0.hasPrefix("id: ") }?.dropFirst(4)
            let path = "/api/chat/runs/\(run.id)/stream?after="

            let server = elsewhere ? place.other : place.server
            let rest = try await server.visit("GET", path + String(try #require(last))) { visit in
                place.answer.finish()
                try await visit.readToTheEnd()
                return visit.text
            }

            #expect(rest.contains("fresh for a week") && rest.contains(#""answered":true"#))
            let all = try await place.server.get(path + "0").events()
            #expect(all.compactMap { $0["content"] as? String }.joined().hasPrefix("Rye bread stays low"))
            #expect(all.count { $0["type"] as? String == "citation" } == Self.said.count)
            #expect(place.endpoint.requests.count == 1)
            #expect(try await place.storedAnswer()["state"] as? String == "complete")
        }
    }

    @Test(
        "stopped, here or at another server, it is closed, and the reader is told the end", arguments: [false, true],
        TestEngine.allCases)
    func stopped(elsewhere: Bool, engine: TestEngine) async throws {
        try await Self.run(engine) { place in
            place.answer.say(1)
            let text = try await place.server.visit("POST", Route.native.path, Route.native.body) { visit in
                try await visit.read(until: Self.cited)
                let run = try #require(place.run).id
                let server = elsewhere ? place.other : place.server
                #expect(try await server.post("/api/chat/runs/\(run)/stop", "").status == 200)
                try await visit.readToTheEnd()
                return visit.text
            }

            await place.endpoint.next(.disconnected)

            #expect(text.contains(#""answered":false,"reason":"stopped""#), "\(text)")
            #expect(try await place.storedAnswer()["state"] as? String == "stopped")
        }
    }

    @Test(
        "its session deleted, here or at another server, it is closed", arguments: [false, true], TestEngine.allCases)
    func deleted(elsewhere: Bool, engine: TestEngine) async throws {
        try await Self.run(engine) { place in
            place.answer.say(1)
            try await place.server.visit("POST", Route.native.path, Route.native.body) { visit in
                try await visit.read(until: Self.cited)
                let session = try #require(place.run).session
                let server = elsewhere ? place.other : place.server
                #expect(try await server.send(.DELETE, "/api/chat/sessions/\(session)").status == 200)

                await place.endpoint.next(.disconnected)
            }
        }
    }
}
