import Database
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Failures as a client sees them", .timeLimit(.minutes(2)))
struct ProblemTests {
    @Test(
        "an unknown address is 404, a method that it does not know is 405 with those that it knows",
        arguments: TestEngine.allCases)
    func addresses(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for path in ["/nothing", "/api", "/api/videos/a/b/c", "/api/video"] {
                try await server.get(path).expectProblem(404, "not_found")
            }
            let wrong = try await server.send(.PUT, "/api/videos/x")
            try wrong.expectProblem(405, "invalid_request", naming: "PUT")
            #expect(wrong.headers.first(name: "allow") == "DELETE, GET, HEAD")
            try await server.get("/api/chat").expectProblem(405, "invalid_request")
            try await server.get("/api/videos/upload").expectProblem(405, "invalid_request")
            try await server.send(.OPTIONS, "/api/chat").expectProblem(405, "invalid_request")
        }
    }

    @Test("HEAD is answered as GET is, without the body, also where it fails", arguments: TestEngine.allCases)
    func head(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            for path in ["/livez", "/openapi.yaml", "/", "/nothing", "/api/videos/x", "/api/videos"] {
                let get = try await server.get(path)
                let head = try await server.send(.HEAD, path)
                #expect(head.status == get.status)
                #expect(head.body.readableBytes == 0)
                #expect(head.headers.first(name: "content-length") == get.headers.first(name: "content-length"))
                #expect(head.headers.first(name: "content-type") == get.headers.first(name: "content-type"))
            }
        }
    }

    @Test("each answer carries a request id of its own", arguments: TestEngine.allCases)
    func requestIDs(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            var ids: Set<String> = []
            for path in ["/livez", "/nothing", "/", "/api/videos"] {
                ids.insert(try #require(try await server.get(path).headers.first(name: "x-request-id")))
            }
            #expect(ids.count == 4)
        }
    }

    @Test(
        "readiness tells of the database, the schema, the model and what waits; without a database it is 503",
        arguments: TestEngine.allCases)
    func readiness(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let ready = try await server.get("/readyz")
            #expect(ready.status == 200)
            #expect(try ready.json()["status"] as? String == "ready")
            let checks = try #require(try ready.json()["checks"] as? [String: [String: Any]])
            #expect(checks["database"]?["status"] as? String == "ready")
            #expect(checks["migrations"]?["detail"] as? String == LibrarySchema.latest(for: server.components.database))
            #expect(checks["embedding"]?["status"] as? String == "words_only")
            #expect((checks["embedding"]?["detail"] as? String)?.isEmpty == false)
            #expect(checks["ingest"]?["waiting"] as? Int == 0)
            #expect(checks["chat"]?["status"] as? String == "none")
            #expect(try await server.get("/health").json()["status"] as? String == "ok")

            try await server.components.database.close()

            let broken = try await server.get("/readyz")
            #expect(broken.status == 503)
            #expect(try broken.json()["status"] as? String == "not_ready")
            #expect(try await server.get("/livez").status == 200)
            let problem = try await server.get("/api/videos")
            try problem.expectProblem(503, "not_ready")
            #expect(try problem.json()["retryable"] as? Bool == true)
        }
    }

    @Test("what nobody has thought of says nothing of the inside")
    func unexpected() {
        struct Inside: Error { let secret = "/var/lib/secret" }
        let problem = Problem(Inside())
        #expect(problem.status == .internalServerError && problem.code == .internalFailure)
        #expect(!problem.detail.contains("secret"))
        #expect(problem.logLevel == .error)
    }

    @Test("a provider's failures are the provider's")
    func providers() {
        let limited = Problem(ProviderError(.rateLimited, "Too many requests.", retryAfter: .milliseconds(2_800)))
        #expect(limited.status == .serviceUnavailable && limited.code == .upstreamUnavailable && limited.isRetryable)
        #expect(limited.response(requestID: "r").headers[.retryAfter] == "3")
        let rejected = Problem(ProviderError(.quotaExhausted, "No credit is left."))
        #expect(rejected.status == .badGateway && rejected.code == .upstreamRejected && !rejected.isRetryable)
    }

    @Test("a request that is no HTTP is answered and does not harm the next", arguments: TestEngine.allCases)
    func garbage(engine: TestEngine) async throws {
        try await TestServer.run(engine: engine) { server in
            let noise = try await server.rawBytes("\u{1}\u{2}\u{3}\r\n\r\n")
            #expect(noise.hasPrefix("HTTP/1.1 400"))
            let chunked = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"
            let broken = try await server.rawBytes(chunked)
            #expect(broken.hasPrefix("HTTP/1.1 400"))
            let next = try await server.get("/livez")
            #expect(next.status == 200)
        }
    }
}
