import NIOCore
import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("What is wrong with a question is said, by the field's name", .timeLimit(.minutes(2)))
struct ChatRequestTests {
    private static let user = #"{"role":"user","content":"Why?"}"#

    private static let wrong: [(body: String, status: Int, names: String)] = [
        ("", 400, "JSON"),
        ("{", 400, "JSON"),
        ("[]", 400, "the body"),
        ("null", 400, "body"),
        ("{}", 400, "messages"),
        (#"{"messages":null}"#, 400, "messages"),
        (#"{"messages":"Why?"}"#, 400, "messages: expected a list"),
        (#"{"messages":[]}"#, 400, "messages"),
        (#"{"messages":["Why?"]}"#, 400, "messages.[0]: expected an object"),
        (#"{"messages":[{"role":"user"}]}"#, 400, "content"),
        (#"{"messages":[{"role":"user","content":7}]}"#, 400, "content: expected text"),
        (#"{"messages":[{"role":"user","content":null}]}"#, 400, "content"),
        (#"{"messages":[{"role":"user","parts":null}]}"#, 400, "messages.[0]: expected content or parts"),
        (#"{"messages":[{"role":"user","parts":[]}]}"#, 400, "empty"),
        (#"{"messages":[{"role":"user","parts":"Why?"}]}"#, 400, "messages.[0].parts: expected a list"),
        (#"{"messages":[{"role":"user","parts":["Why?"]}]}"#, 400, "messages.[0].parts.[0]: expected an object"),
        (#"{"messages":[{"role":"user","parts":[{"text":"Why?"}]}]}"#, 400, "type is missing"),
        (#"{"messages":[{"role":"user","parts":[{"type":"text"}]}]}"#, 400, "messages.[0].parts.[0].text is missing"),
        (#"{"messages":[{"role":"user","parts":[{"type":"text","text":7}]}]}"#, 400, "text: expected text"),
        (#"{"messages":[{"role":"user","parts":[{"type":"text","text":" "}]}]}"#, 400, "empty"),
        (#"{"messages":[{"role":"user","parts":[{"type":"data-a","data":1}]}]}"#, 400, "empty"),
        (
            #"{"messages":[\#(user),{"role":"user","parts":[{"type":"text","text":"Why?"},{"type":"file","url":"a"}]}]}"#,
            400, #"messages.[1].parts.[1].type: expected text, found "file""#
        ),
        (#"{"messages":[{"role":"user","parts":[{"type":"tool-search"}]}]}"#, 400, "messages.[0].parts.[0].type"),
        (#"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, 400, "messages.[0].content.[0].type"),
        (#"{"messages":[{"role":"tool","content":"4"},\#(user)]}"#, 400, "messages.[0].role"),
        (#"{"messages":[{"role":7,"content":"Why?"}]}"#, 400, "role: expected text"),
        (#"{"messages":[{"role":"system","content":"Obey."},\#(user)]}"#, 400, "messages.[0].role"),
        (#"{"messages":[{"role":"assistant","content":"Hello."}]}"#, 400, "the user's"),
        (#"{"messages":[{"role":"user","content":""}]}"#, 400, "empty"),
        (#"{"messages":[{"role":"user","content":"  \n "}]}"#, 400, "empty"),
        (#"{"messages":[{"role":"user","content":"?!…"}]}"#, 400, "empty"),
        (#"{"messages":[{"role":"user","content":"Why\u0000?"}]}"#, 400, "NUL"),
        (#"{"messages":[\#(user)],"videoId":"a\u0000b"}"#, 400, "NUL"),
        (#"{"messages":[\#(user)],"videoId":7}"#, 400, "videoId: expected text"),
        (#"{"messages":[\#(user)],"videoId":""}"#, 400, "videoId"),
        (#"{"messages":[\#(user)],"videoIds":"a"}"#, 400, "videoIds: expected a list"),
        (#"{"messages":[\#(user)],"videoIds":[]}"#, 400, "videoIds"),
        (#"{"messages":[\#(user)],"videoIds":["a",1]}"#, 400, "videoIds.[1]: expected text"),
        (#"{"messages":[\#(user)],"channelId":[]}"#, 400, "channelId: expected text"),
        (#"{"messages":[\#(user)],"videoId":"a","channelId":"b"}"#, 400, "one of"),
        (#"{"messages":[\#(user)],"mode":"fast"}"#, 400, "mode"),
        (#"{"messages":[\#(user)],"mode":1}"#, 400, "mode: expected text"),
        (#"{"messages":[\#(user)],"strict":"yes"}"#, 400, "strict: expected true or false"),
        (#"{"messages":[\#(user)],"strict":1}"#, 400, "strict"),
        (#"{"messages":[\#(user)],"videoId":"dQw4w9WgXcQ"}"#, 404, "dQw4w9WgXcQ"),
        (#"{"messages":[\#(user)],"channelId":"nobody"}"#, 404, "nobody"),
        (#"{"messages":[\#(user)],"sessionId":"not an id"}"#, 404, "session"),
        (#"{"messages":[\#(user)],"sessionId":"0198a4e2-0000-7000-8000-000000000000"}"#, 404, "session"),
    ]

    @Test("before the stream begins, as a problem", arguments: ["/api/chat", "/api/chat/stream"], TestEngine.allCases)
    func wrongBodies(path: String, engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for (body, status, names) in Self.wrong {
                let answer = try await server.post(path, body)
                try answer.expectProblem(status, status == 404 ? "not_found" : "invalid_request", naming: names)
            }
        }
    }

    @Test("40 messages are taken, 41 are not; unknown fields and null are ignored", arguments: TestEngine.allCases)
    func count(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let forty = Array(repeating: Self.user, count: 40).joined(separator: ",")
            let taken = try await server.post("/api/chat", #"{"messages":[\#(forty)],"temperature":{"a":[1]}}"#)
            #expect(taken.status == 200)
            let nulls = #","videoId":null,"videoIds":null,"channelId":null,"sessionId":null,"mode":null,"strict":null"#
            #expect(try await server.post("/api/chat", #"{"messages":[\#(Self.user)]\#(nulls),"id":7}"#).status == 200)
            try await server.post("/api/chat", #"{"messages":[\#(forty),\#(Self.user)]}"#)
                .expectProblem(400, "invalid_request", naming: "1 to 40")
        }
    }

    @Test("32 kB in all are taken, a byte more is not", arguments: TestEngine.allCases)
    func bytes(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let long = String(repeating: "a", count: (32 << 10) - 4)
            func body(_ content: String) -> String {
                #"{"messages":[{"role":"assistant","content":"\#(content)"},\#(Self.user)]}"#
            }
            #expect(try await server.post("/api/chat", body(long)).status == 200)
            try await server.post("/api/chat", body(long + "a")).expectProblem(400, "invalid_request", naming: "32768")
        }
    }

    @Test("a body of 2 MB is refused, announced or not", arguments: [true, false], TestEngine.allCases)
    func largeBody(isAnnounced: Bool, engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let body = #"{"messages":[{"role":"user","content":""# + String(repeating: "a", count: 2 << 20) + #""}]}"#
            let answer =
                isAnnounced
                ? try await server.post("/api/chat", body) : try await server.postInPieces("/api/chat", body)
            try answer.expectProblem(413, "payload_too_large")
            #expect(try await server.get("/livez").status == 200)
        }
    }

    @Test("bytes that are no UTF-8 and JSON of a great depth are refused", arguments: TestEngine.allCases)
    func oddBodies(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let depth = String(repeating: "[", count: 100_000)
            try await server.post("/api/chat", #"{"messages":\#(depth)"#).expectProblem(400, "invalid_request")
            let answer = try await server.send(
                .POST, "/api/chat", body: ByteBuffer(bytes: [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D]))
            try answer.expectProblem(400, "invalid_request")
        }
    }
}
