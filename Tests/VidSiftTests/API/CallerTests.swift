import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

@Suite("Who may call", .timeLimit(.minutes(2)))
struct CallerTests {
    @Test(
        "a request must name this machine",
        arguments: [
            ("127.0.0.1", true), ("127.0.0.1:4000", true), ("127.8.9.10", true), ("localhost", true),
            ("LocalHost:80", true),
            ("[::1]", true), ("[::1]:4000", true), ("evil.example", false), ("evil.example:4000", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false), ("0.0.0.0", false), ("10.0.0.1", false), ("[::2]", false),
            ("127.1", false),
            ("127.0.0.1:x", false), ("user@127.0.0.1", false), ("", false), ("128.0.0.1", false),
            ("127.0.0.256", false),
        ])
    func host(authority: String, isLoopback: Bool) {
        #expect(CallingPage.isLoopback(authority: authority) == isLoopback)
    }

    @Test("another name is refused on each path, known or not", arguments: TestEngine.allCases)
    func rebinding(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for path in ["/", "/livez", "/api/videos", "/nothing"] {
                try await server.get(path, headers: [("host", "evil.example")]).expectProblem(403, "forbidden")
            }
            try await server.raw("GET /livez", host: nil).expectProblem(403, "forbidden")
        }
    }

    @Test("pages of other origins are refused, whatever they send", arguments: TestEngine.allCases)
    func foreignOrigin(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for origin in [
                "https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:\(server.port)", "",
            ] {
                for method in [HTTPMethod.GET, .POST, .DELETE, .OPTIONS] {
                    let answer = try await server.send(
                        method, "/api/videos/x",
                        headers: [("origin", origin), ("access-control-request-method", "DELETE")])
                    try answer.expectProblem(403, "forbidden")
                    #expect(answer.headers.first(name: "access-control-allow-origin") == nil)
                }
            }
        }
    }

    @Test(
        "the server's own pages and those of ALLOWED_ORIGINS may call; the latter may read, failures too",
        arguments: TestEngine.allCases)
    func allowedOrigin(engine: TestEngine) async throws {
        let app = "https://app.example"
        try await TestServer.run(["ALLOWED_ORIGINS": "\(app)/, http://other.example"], engine: engine) { server in
            let own = try await server.get("/livez", headers: [("origin", "http://127.0.0.1:\(server.port)")])
            #expect(own.status == 200)
            #expect(own.headers.first(name: "access-control-allow-origin") == nil)

            let allowed = try await server.get("/livez", headers: [("origin", app)])
            #expect(allowed.status == 200)
            #expect(allowed.headers.first(name: "access-control-allow-origin") == app)
            #expect(allowed.headers.first(name: "vary") == "Origin")
            let failed = try await server.get("/api/videos/x", headers: [("origin", app)])
            try failed.expectProblem(404, "not_found")
            #expect(failed.headers.first(name: "access-control-allow-origin") == app)

            let preflight = try await server.send(
                .OPTIONS, "/api/chat", headers: [("origin", app), ("access-control-request-method", "POST")])
            #expect(preflight.status == 204)
            #expect(preflight.headers.first(name: "access-control-allow-methods")?.contains("POST") == true)
            #expect(preflight.headers.first(name: "access-control-allow-headers")?.contains("content-type") == true)
        }
    }
}
