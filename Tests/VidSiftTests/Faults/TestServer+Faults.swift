import NIOHTTP1
import TestDatabases
import Testing

@testable import VidSift

extension TestServer {
    /// Until then everything must work again after the database is back.
    static let recovery = Duration.seconds(10)
    /// The longest that an answer may take while the database is away.
    private static let refusal = Duration.seconds(5)

    /// Checks that the instance lives, says that it is not ready, and refuses whatever needs the database, at once.
    func expectNotReady(_ location: SourceLocation = #_sourceLocation) async throws {
        let start = ContinuousClock.now
        #expect(try await get("/livez").status == 200, sourceLocation: location)
        let standing = try await get("/readyz")
        #expect(standing.status == 503, sourceLocation: location)
        #expect(try standing.json()["status"] as? String == "not_ready", sourceLocation: location)
        try expectRetryable(try await get("/api/search?q=bread"), location)
        try expectRetryable(try await get("/api/videos"), location)
        try expectRetryable(try await ask("Why does rye bread stay low?"), location)
        try expectRetryable(try await upload(Samples.bread, as: "refused.vtt"), location)
        #expect(ContinuousClock.now - start < Self.refusal, sourceLocation: location)
    }

    /// Checks that it is the kind of refusal after which one comes again, and that it does not say where the server is.
    func expectRetryable(_ answer: Answer, _ location: SourceLocation = #_sourceLocation) throws {
        try answer.expectProblem(503, "not_ready", location)
        #expect(try answer.json()["retryable"] as? Bool == true, sourceLocation: location)
        #expect(answer.headers.first(name: "retry-after") != nil, sourceLocation: location)
        let detail = try #require(try answer.json()["detail"] as? String, sourceLocation: location)
        #expect(!detail.contains("127.0.0.1") && !detail.contains("postgres"), sourceLocation: location)
    }

    /// Waits until reading, asking and uploading work again, for as long as that may take.
    func expectRecovery() async throws {
        try await eventually("recovery", within: Self.recovery) {
            let answers = [
                try await get("/readyz"), try await get("/api/search?q=bread"),
                try await ask("Why does rye bread stay low?"), try await upload(Samples.tides, as: "recovered.vtt"),
            ]
            return answers.map(\.status) == [200, 200, 200, 202]
        }
    }
}
