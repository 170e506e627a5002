import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("The embeddings endpoint")
struct EndpointEmbeddingModelTests {
    @Test("is asked once for each batch, with the key, the model and base64")
    func request() async throws {
        try await serve { request, _ in
            .json(200, Self.body(Self.inputs(request)))
        } body: { endpoint, address in
            let model = Self.model(address) { $0.requestsDimensions = true }
            let embeddings = try await model.embed(["a/b", "ü"])
            await model.close()
            #expect(embeddings.count == 2)
            let sent = try #require(endpoint.requests.first)
            #expect(endpoint.requests.count == 1)
            #expect(sent.path == "/v1/embeddings")
            #expect(sent.headers.first(name: "authorization") == "Bearer sk-very-secret")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(sent.body)) as? [String: Any])
            #expect(json["model"] as? String == "test-model")
            #expect(json["encoding_format"] as? String == "base64")
            #expect(json["dimensions"] as? Int == 2)
            #expect(json["input"] as? [String] == ["a/b", "ü"])
        }
    }

    @Test("may answer in any order, with base64 or numbers; the vectors have length one")
    func orderAndForms() async throws {
        let answer = """
            {"data":[{"index":1,"embedding":[0,5]},{"index":0,"embedding":"\(Self.base64([3, 4]))"}]}
            """
        try await serve { _, _ in
            .json(200, answer)
        } body: { _, address in
            let model = Self.model(address)
            let embeddings = try await model.embed(["first", "second"])
            await model.close()
            #expect(embeddings.values == [0.6, 0.8, 0, 1])
        }
    }

    @Test("gets many texts in batches by count and by tokens, a bounded number at a time, and all come back in order")
    func batches() async throws {
        try await serve { request, _ in
            .json(200, Self.body(Self.inputs(request)))
        } body: { endpoint, address in
            let model = Self.model(address) {
                $0.maximumBatchTexts = 10
                $0.concurrentRequests = 3
            }
            let texts = (0..<95).map { String(repeating: "x", count: $0) }
            let embeddings = try await model.embed(texts)
            await model.close()
            #expect(endpoint.requests.count == 10)
            #expect(endpoint.mostOpen <= 3)
            for row in 1..<95 { #expect(Array(embeddings[row]) == Self.direction(of: texts[row])) }
        }
    }

    @Test("is asked nothing for no texts")
    func nothing() async throws {
        try await serve { _, _ in
            .hangUp
        } body: { endpoint, address in
            let model = Self.model(address)
            let embeddings = try await model.embed([])
            #expect(embeddings.count == 0)
            await model.close()
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test(
        "is tried again after 408, 409, 429 and 5xx, waiting as long as it asks",
        arguments: [
            (408, [(String, String)](), 500.0), (409, [], 500), (500, [], 500), (503, [("retry-after", "3")], 3000),
            (429, [("retry-after-ms", "120")], 120),
        ])
    func retries(status: Int, headers: [(String, String)], wait: Double) async throws {
        try await serve { request, index in
            index == 0
                ? .json(status, #"{"error":{"message":"busy"}}"#, headers) : .json(200, Self.body(Self.inputs(request)))
        } body: { endpoint, address in
            let clock = InstantClock()
            let model = Self.model(address, clock: clock)
            let embeddings = try await model.embed(["text"])
            #expect(embeddings.count == 1)
            await model.close()
            #expect(endpoint.requests.count == 2)
            let waited = try #require(clock.waits.first) / .milliseconds(1)
            #expect(waited >= wait && waited <= wait + 500)
        }
    }

    @Test("is tried again when it hangs up or cuts its answer short")
    func brokenConnections() async throws {
        try await serve { request, index in
            switch index {
            case 0: .hangUp
            case 1: .cut(Array(#"{"data":[{"ind"#.utf8))
            default: .json(200, Self.body(Self.inputs(request)))
            }
        } body: { endpoint, address in
            let clock = InstantClock()
            let model = Self.model(address, clock: clock)
            let embeddings = try await model.embed(["text"])
            #expect(embeddings.count == 1)
            await model.close()
            #expect(clock.waits.count == 2)
        }
    }

    @Test("is given up after the last attempt, with the last error")
    func givesUp() async throws {
        try await serve { _, _ in
            .json(503, "")
        } body: { endpoint, address in
            let model = Self.model(address) { $0.retry.maximumAttempts = 3 }
            await expect(.unavailable, status: 503) { try await model.embed(["text"]) }
            await model.close()
            #expect(endpoint.requests.count == 3)
        }
    }

    @Test(
        "is not tried again where that cannot help",
        arguments: [
            (400, #"{"error":{"message":"too long","code":null}}"#, ProviderError.Kind.refused),
            (401, #"{"error":{"message":"bad key sk-very-secret"}}"#, .unauthorised), (403, "{}", .unauthorised),
            (404, #"{"error":{"code":"model_not_found"}}"#, .notFound),
            (429, #"{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}"#, .quotaExhausted),
            (301, "", .invalidResponse), (200, "<html><body>Welcome</body></html>", .invalidResponse),
            (200, #"{"data":[]}"#, .invalidResponse),
            (200, #"{"data":[{"index":0,"embedding":[1,2,3]}]}"#, .wrongDimensions),
            (200, #"{"data":[{"index":1,"embedding":[1,2]}]}"#, .invalidResponse),
            (200, #"{"data":[{"index":0,"embedding":[0,0]}]}"#, .invalidResponse),
            (200, #"{"data":[{"index":0,"embedding":"AADAfwAAgD8="}]}"#, .invalidResponse),
            (200, #"{"data":[{"index":0,"embedding":"%%%"}]}"#, .invalidResponse), (200, "", .invalidResponse),
        ])
    func permanentFailures(status: Int, body: String, kind: ProviderError.Kind) async throws {
        try await serve { _, _ in
            .json(status, body)
        } body: { endpoint, address in
            let model = Self.model(address)
            await expect(kind) { try await model.embed(["text"]) }
            await model.close()
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("that stays silent is a time-out")
    func silence() async throws {
        try await serve { _, _ in
            .silence
        } body: { _, address in
            let model = Self.model(address) {
                $0.requestTimeout = .milliseconds(150)
                $0.retry.maximumAttempts = 1
            }
            await expect(.timeout) { try await model.embed(["text"]) }
            await model.close()
        }
    }

    @Test("that nobody listens at is a failed connection")
    func nobodyThere() async throws {
        let address = try await serve { _, _ in
            .hangUp
        } body: { _, address in
            address
        }
        let model = Self.model(address) { $0.retry.maximumAttempts = 2 }
        await expect(.connection) { try await model.embed(["text"]) }
        await model.close()
    }

    @Test("that answers more than the limit is cut off")
    func tooLarge() async throws {
        let body = [UInt8](repeating: 32, count: 300_000)
        try await serve { _, _ in
            .respond(200, [], body)
        } body: { _, address in
            let model = Self.model(address) { $0.maximumAnswerBytes = 100_000 }
            await expect(.tooLarge) { try await model.embed(["text"]) }
            await model.close()
        }
    }

    @Test("is hung up on when the task is cancelled", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await serve { _, _ in
            .silence
        } body: { endpoint, address in
            let model = Self.model(address)
            let call = Task { try await model.embed(["text"]) }
            var events = endpoint.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await events.next() == .disconnected)
            await model.close()
        }
    }

    @Test("is not asked any more after it was closed")
    func closed() async throws {
        try await serve { _, _ in
            .hangUp
        } body: { endpoint, address in
            let model = Self.model(address)
            await model.close()
            await expect(.closed) { try await model.embed(["text"]) }
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test("never shows its key")
    func secrecy() async throws {
        try await serve { _, _ in
            .json(401, #"{"error":{"message":"no: sk-very-secret"}}"#)
        } body: { _, address in
            let model = Self.model(address)
            var dumped = ""
            dump(model, to: &dumped)
            #expect(!dumped.contains("very-secret") && !"\(model)".contains("very-secret"))
            await expect(.unauthorised) { try await model.embed(["text"]) }
            await model.close()
        }
    }

    // MARK: A small endpoint

    private func serve<Value>(
        _ answer: @escaping @Sendable (LoopbackEndpoint.Request, Int) -> LoopbackEndpoint.Answer,
        body: (LoopbackEndpoint, String) async throws -> Value
    ) async throws -> Value {
        try await LoopbackEndpoint.run(answer, body)
    }

    private func expect(
        _ kind: ProviderError.Kind, status: Int? = nil, _ call: () async throws -> Embeddings
    ) async {
        await #expect {
            _ = try await call()
        } throws: { error in
            guard let error = error as? ProviderError else { return false }
            return error.kind == kind && (status == nil || error.status == status)
                && !error.debugDescription.contains("very-secret")
        }
    }

    private static func model(
        _ address: String, clock: InstantClock = InstantClock(),
        _ change: (inout EndpointEmbeddingModel.Configuration) -> Void = { _ in }
    ) -> EndpointEmbeddingModel {
        var configuration = EndpointEmbeddingModel.Configuration(
            baseURL: address, apiKey: "sk-very-secret", model: "test-model", dimensions: 2)
        change(&configuration)
        return EndpointEmbeddingModel(configuration, clock: clock, jitter: { 1 })
    }

    private static func inputs(_ request: LoopbackEndpoint.Request) -> [String] {
        let json = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        return json?["input"] as? [String] ?? []
    }

    /// The answer for `texts`: each text's vector points where ``direction(of:)`` says, in reverse order.
    private static func body(_ texts: [String]) -> String {
        let items = texts.enumerated().reversed().map { index, text in
            #"{"object":"embedding","index":\#(index),"embedding":"\#(base64([Float(text.utf8.count), 1]))"}"#
        }
        return #"{"object":"list","data":[\#(items.joined(separator: ","))],"model":"test-model"}"#
    }

    private static func direction(of text: String) -> [Float] {
        let length = Double(text.utf8.count)
        let scale = 1 / (length * length + 1).squareRoot()
        return [Float(length * scale), Float(scale)]
    }

    private static func base64(_ numbers: [Float]) -> String {
        Data(numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } })
            .base64EncodedString()
    }
}
