import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("The transcription endpoint")
struct EndpointTranscriptionModelTests {
    @Test("gets the file with the key and the fields that ask for words with times, and is heard")
    func request() async throws {
        // What looks like a boundary, and every byte.
        let file = Array("\r\n--vidsift-\r\n".utf8) + (0...255).map { UInt8($0) }
        try await SpeechEndpoint.run(file: file) { _, _ in
            .json(200, SpeechEndpoint.hello)
        } body: { endpoint in
            let heard = try await endpoint.transcribe()
            #expect(heard.language == "en")
            #expect(heard.segments.map(\.text) == ["Hello, world."])
            #expect(
                heard.segments.first?.words == [SpokenWord("Hello,", .s(0.6, 1.1)), SpokenWord("world.", .s(1.2, 1.9))])
            let sent = try #require(endpoint.server.requests.first)
            #expect(sent.path == "/v1/audio/transcriptions")
            #expect(sent.headers.first(name: "authorization") == "Bearer sk-very-secret")
            #expect(sent.headers.first(name: "content-length") == "\(sent.body.count)")
            let parts = try Self.parts(sent)
            #expect(
                parts.map(\.name) == [
                    "model", "response_format", "temperature", "timestamp_granularities[]", "timestamp_granularities[]",
                    "language", "file",
                ])
            #expect(
                parts.dropLast().map { String(decoding: $0.body, as: UTF8.self) } == [
                    "whisper-1", "verbose_json", "0", "word", "segment", "en",
                ])
            #expect(parts.last?.head.contains(#"filename="part-0.flac""#) == true)
            #expect(parts.last?.head.contains("Content-Type: audio/flac") == true)
            #expect(parts.last?.body == file)
        }
    }

    @Test("gets a file of many pieces whole, and again when it asks for it again")
    func manyPieces() async throws {
        var random = SeededGenerator(seed: 6)
        let file = (0..<FilePieces.pieceBytes * 3 + 17).map { _ in UInt8.random(in: 0...255, using: &random) }
        try await SpeechEndpoint.run(file: file) { _, index in
            index == 0 ? .json(503, "busy") : .json(200, SpeechEndpoint.hello)
        } body: { endpoint in
            _ = try await endpoint.transcribe()
            #expect(endpoint.server.requests.count == 2)
            for request in endpoint.server.requests { #expect(try Self.parts(request).last?.body == file) }
        }
    }

    @Test(
        "is tried again after 408, 429 and 5xx, waiting as long as it asks",
        arguments: [
            (408, [(String, String)](), 1000.0), (429, [("retry-after", "7")], 7000), (500, [], 1000),
            (503, [("retry-after-ms", "120")], 120), (502, [("content-type", "text/html")], 1000),
        ])
    func retries(status: Int, headers: [(String, String)], wait: Double) async throws {
        try await SpeechEndpoint.run { _, index in
            index == 0
                ? .respond(status, headers, Array("<html>wait</html>".utf8)) : .json(200, SpeechEndpoint.hello)
        } body: { endpoint in
            let transcribed = try await endpoint.transcribe()
            #expect(transcribed.segments.count == 1)
            let waited = try #require(endpoint.clock.waits.first) / .milliseconds(1)
            #expect(endpoint.server.requests.count == 2)
            #expect(waited >= wait && waited <= wait + 1000)
        }
    }

    @Test("is tried again when it hangs up or cuts its answer short")
    func brokenConnections() async throws {
        try await SpeechEndpoint.run { _, index in
            switch index {
            case 0: .hangUp
            case 1: .cut(Array(#"{"text":"Hel"#.utf8))
            default: .json(200, SpeechEndpoint.hello)
            }
        } body: { endpoint in
            let transcribed = try await endpoint.transcribe()
            #expect(transcribed.segments.count == 1)
            #expect(endpoint.clock.waits.count == 2)
        }
    }

    @Test(
        "is not tried again where that cannot help",
        arguments: [
            (401, #"{"error":{"message":"bad key sk-very-secret"}}"#, ProviderError.Kind.unauthorised),
            (403, "{}", .unauthorised), (404, #"{"error":{"code":"model_not_found"}}"#, .notFound),
            (413, "<html><h1>413 Request Entity Too Large</h1></html>", .tooLarge),
            (400, #"{"error":{"message":"response_format 'verbose_json' is not compatible"}}"#, .refused),
            (400, "Invalid request", .refused),
            (429, #"{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}"#, .quotaExhausted),
            (302, "", .invalidResponse), (200, "<html><body>Welcome, sk-very-secret</body></html>", .invalidResponse),
            (200, "", .invalidResponse), (200, "[]", .invalidResponse), (200, #"{"text":7}"#, .invalidResponse),
            (200, #"{"error":"the model is loading"}"#, .invalidResponse), (200, #"{"text":"cut"#, .invalidResponse),
        ])
    func permanentFailures(status: Int, body: String, kind: ProviderError.Kind) async throws {
        try await SpeechEndpoint.run { _, _ in
            .json(status, body)
        } body: { endpoint in
            await endpoint.expectFailure(kind)
            #expect(endpoint.server.requests.count == 1)
        }
    }

    @Test("that gives a text without times is told so, but for a short one")
    func untimed() async throws {
        try await SpeechEndpoint.run { _, _ in
            .json(200, #"{"text":" Hello,\n world.\n"}"#)
        } body: { endpoint in
            let heard = try await endpoint.transcribe()
            #expect(heard.segments == [TranscribedSegment(span: .s(0, 8), text: "Hello, world.")])
        }
        try await SpeechEndpoint.run({ _, _ in .json(200, #"{"text":"Hello, world."}"#) }) {
            $0.maximumUntimed = .seconds(7)
        } body: { endpoint in
            await endpoint.expectFailure(.invalidResponse, saying: "verbose_json")
        }
    }

    @Test(
        "is told of a language that it knows, and of no other",
        arguments: [("pt-BR", "pt"), ("zh_Hans", "zh"), ("EN", "en"), ("und", nil), ("en\r\n--x", nil), ("", nil)])
    func languages(tag: String, told: String?) async throws {
        try await SpeechEndpoint.run { _, _ in
            .json(200, SpeechEndpoint.hello)
        } body: { endpoint in
            _ = try await endpoint.model.transcribe(
                SpeechRecording(path: endpoint.recording.path, duration: .s(8), language: tag))
            let parts = try Self.parts(try #require(endpoint.server.requests.first))
            let languages = parts.filter { $0.name == "language" }.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(languages == (told.map { [$0] } ?? []))
        }
    }

    @Test("that hears nothing gives nothing")
    func nothing() async throws {
        try await SpeechEndpoint.run { _, _ in
            .json(200, #"{"language":"english","duration":8,"text":"","segments":[],"words":[]}"#)
        } body: { endpoint in
            let transcribed = try await endpoint.transcribe()
            #expect(transcribed.segments.isEmpty)
        }
    }

    @Test("that answers more than the limit is cut off")
    func tooLargeAnswer() async throws {
        try await SpeechEndpoint.run({ _, _ in .respond(200, [], [UInt8](repeating: 32, count: 300_000)) }) {
            $0.maximumAnswerBytes = 100_000
        } body: { endpoint in
            await endpoint.expectFailure(.tooLarge)
        }
    }

    @Test("is not asked with a file that is too large, or not there, or of which nothing can be read")
    func unsuitableFiles() async throws {
        try await SpeechEndpoint.run({ _, _ in .json(200, SpeechEndpoint.hello) }) {
            $0.maximumFileBytes = 8
        } body: { endpoint in
            await endpoint.expectFailure(.tooLarge, saying: "larger")
            #expect(endpoint.server.requests.isEmpty)
        }
        try await SpeechEndpoint.run { _, _ in
            .json(200, SpeechEndpoint.hello)
        } body: { endpoint in
            for path in ["/nowhere/part-0.flac", "/proc/self/mem"] {
                let error = await #expect(throws: ProviderError.self) {
                    try await endpoint.model.transcribe(SpeechRecording(path: path, duration: .s(8)))
                }
                #expect(error?.kind == .damaged && error?.isRetryable == false, "\(error.debugDescription)")
            }
        }
    }

    @Test("that stays silent is a time-out")
    func silence() async throws {
        try await SpeechEndpoint.run({ _, _ in .silence }) {
            $0.requestTimeout = .milliseconds(150)
            $0.retry.maximumAttempts = 1
        } body: { endpoint in
            await endpoint.expectFailure(.timeout)
        }
    }

    @Test("is hung up on when the task is cancelled", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await SpeechEndpoint.run { _, _ in
            .silence
        } body: { endpoint in
            let call = Task { try await endpoint.transcribe() }
            var events = endpoint.server.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await events.next() == .disconnected)
        }
    }

    @Test("is left alone after several failures in a row, and says so")
    func breaker() async throws {
        try await SpeechEndpoint.run({ _, _ in .json(500, "") }) {
            $0.breaker.threshold = 3
            $0.retry.maximumAttempts = 1
        } body: { endpoint in
            for _ in 0..<3 { await endpoint.expectFailure(.unavailable) }
            let error = await endpoint.expectFailure(
                .unavailable, saying: "transcription endpoint failed several times")
            #expect(error?.retryAfter != nil)
            #expect(endpoint.server.requests.count == 3)
            guard case .open = endpoint.model.standing else {
                Issue.record("\(endpoint.model.standing)")
                return
            }
        }
    }

    @Test("is not asked any more after it was closed")
    func closed() async throws {
        try await SpeechEndpoint.run { _, _ in
            .hangUp
        } body: { endpoint in
            await endpoint.model.close()
            await endpoint.expectFailure(.closed)
            #expect(endpoint.server.requests.isEmpty)
        }
    }

    // MARK: Reading a form

    private struct Part {
        var head: String
        var body: [UInt8]

        var name: String { String(head.split(separator: "name=\"").dropFirst().first?.prefix { $0 != "\"" } ?? "") }
    }

    /// The parts between the boundaries.
    private static func parts(_ request: LoopbackEndpoint.Request) throws -> [Part] {
        let type = try #require(request.headers.first(name: "content-type"))
        #expect(type.hasPrefix("multipart/form-data; boundary="))
        let boundary = Data("--\(type.split(separator: "boundary=").last ?? "")".utf8)
        var rest = Data(request.body)
        var parts: [Part] = []
        while let mark = rest.range(of: boundary) {
            let part = rest[rest.startIndex..<mark.lowerBound]
            if let blank = part.range(of: Data("\r\n\r\n".utf8)) {
                parts.append(
                    Part(
                        head: String(decoding: part[..<blank.lowerBound], as: UTF8.self),
                        body: Array(part[blank.upperBound...].dropLast(2))))
            }
            rest = rest[mark.upperBound...]
        }
        #expect(rest == Data("--\r\n".utf8))
        return parts
    }
}
