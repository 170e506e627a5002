import Foundation
import TestModels
import Testing

@testable import Providers

/// Plays back what OpenAI really answered.
@Suite("Answers recorded from OpenAI", .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"))
struct RecordedAnswerTests {
    @Test(
        "with vectors are read, as numbers and as base64",
        arguments: [
            ("test_embeddings_with_content", 1, 1536), ("test_embeddings_with_batch_input", 3, 1536),
            ("test_embeddings_with_dimensions", 1, 512), ("test_embeddings_with_encoding_format", 1, 1536),
        ])
    func vectors(name: String, count: Int, dimensions: Int) async throws {
        let bytes = try Self.bytes("recorded/200/\(name).json")
        try await LoopbackEndpoint.run({ _, _ in .respond(200, [], bytes) }) { _, address in
            let model = Self.model(address, dimensions)
            let embeddings = try await model.embed((0..<count).map { "text \($0)" })
            await model.close()
            #expect(embeddings.count == count)
            for row in 0..<count {
                #expect(abs(embeddings[row].reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
            }
        }
    }

    @Test("are the same vector as numbers and as base64 to the digits that are printed")
    func forms() throws {
        let numbers = try EmbeddingAnswer.vectors(
            in: try Self.bytes("recorded/200/test_embeddings_with_content.json"), count: 1, dimensions: 1536)
        let first = try #require(numbers.first)
        #expect(abs(first - 0.009180067) < 1e-5)
    }

    @Test(
        "with errors are understood, and tried again only where that helps",
        arguments: [
            ("errors/400_embeddings_too_long.json", 400, ProviderError.Kind.contextExceeded, 1),
            ("errors/401_invalid_api_key.json", 401, .unauthorised, 1),
            ("errors/429_insufficient_quota.json", 429, .quotaExhausted, 1),
            ("errors/429_rate_limit_tokens.json", 429, .rateLimited, 2),
            ("errors/500_server_error.json", 500, .unavailable, 2),
            ("recorded/404/test_embeddings_model_not_found.json", 404, .notFound, 1),
        ])
    func failures(path: String, status: Int, kind: ProviderError.Kind, requests: Int) async throws {
        let bytes = try Self.bytes(path)
        try await LoopbackEndpoint.run({ _, _ in .respond(status, [], bytes) }) { endpoint, address in
            let clock = InstantClock()
            let model = Self.model(address, 1536, clock)
            await #expect {
                try await model.embed(["text"])
            } throws: {
                ($0 as? ProviderError)?.kind == kind
            }
            await model.close()
            #expect(endpoint.requests.count == requests)
            if kind == .rateLimited { #expect(clock.waits.first.map { $0 >= .milliseconds(2812) } == true) }
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        try TestFiles.bytes(TestFiles.openAI.appendingPathComponent(path).path)
    }

    private static func model(
        _ address: String, _ dimensions: Int, _ clock: InstantClock = InstantClock()
    ) -> EndpointEmbeddingModel {
        var configuration = EndpointEmbeddingModel.Configuration(
            baseURL: address, apiKey: "sk-test", model: "text-embedding-3-small", dimensions: dimensions)
        configuration.retry.maximumAttempts = 2
        return EndpointEmbeddingModel(configuration, clock: clock, jitter: { 0 })
    }
}
