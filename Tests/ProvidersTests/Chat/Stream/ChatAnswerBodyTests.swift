import TestModels
import Testing

@testable import Providers

@Suite("The body of an answer")
struct ChatAnswerBodyTests {
    @Test(
        "as it was recorded gives the same text in pieces of any size",
        .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"), arguments: RecordedStream.all)
    func randomPieces(recorded: RecordedStream) {
        #expect(!recorded.text.isEmpty)
        var random = SeededGenerator(seed: 7)
        for largest in [1, 3, 50, 400, 5000, recorded.bytes.count] {
            let result = Self.read(Self.cut(recorded.bytes, largest, &random))
            #expect(result.text == recorded.text)
            #expect(result.failure == nil)
            #expect(result.ending.reason == .stop || result.ending.reason == .length)
        }
    }

    @Test(
        "as it was recorded is cut off at any byte before it is complete, with the text up to there",
        .enabled(if: TestFiles.hasOpenAIFixtures, "../shared/fixtures is not here"), arguments: RecordedStream.short)
    func everyCut(recorded: RecordedStream) {
        var wasComplete = false
        for end in 1...recorded.bytes.count {
            let cut = Self.read([recorded.bytes[..<end]])
            #expect(recorded.text.utf8.starts(with: cut.text.utf8))
            let isComplete = cut.failure == nil
            if isComplete { #expect(cut.text == recorded.text) } else { #expect(cut.failure?.kind == .connection) }
            #expect(isComplete || !wasComplete)
            wasComplete = isComplete
            let split = Self.read([recorded.bytes[..<end], recorded.bytes[end...]])
            #expect(split.text == recorded.text && split.failure == nil)
        }
        #expect(wasComplete)
    }

    @Test("without [DONE] is complete when the model said why it stopped, and cut off when not")
    func doneMark() {
        let word = #"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\n"
        let stop = #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
        #expect(Self.read(word + stop).failure == nil)
        #expect(Self.read(word + stop).ending.reason == .stop)
        #expect(Self.read(word + "data: [DONE]").failure == nil)
        #expect(Self.read(word + "data: [DONE] \n\n").ending.reason == .unknown)
        #expect(Self.read(word).failure?.kind == .connection)
        #expect(Self.read(word).text == "a")
        #expect(Self.read(": waiting\n\n").failure?.kind == .connection)
    }

    @Test("says nothing more after [DONE]")
    func afterDone() {
        let result = Self.read(
            #"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\ndata: [DONE]\n\n"
                + #"data: {"choices":[{"delta":{"content":"b"}}]}"# + "\n\ndata: nonsense\n\n")
        #expect(result.text == "a" && result.failure == nil)
    }

    @Test("may be one JSON text, from a server that does not stream")
    func wholeAnswer() {
        let result = Self.read(
            """

              {"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant",
              "content":"A whole\\nanswer"},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}
            """)
        #expect(result.text == "A whole\nanswer" && result.failure == nil)
        let usage = TokenUsage(promptTokens: 3, completionTokens: 4)
        #expect(result.ending == ChatEnd(reason: .length, usage: usage, model: "m"))
    }

    @Test(
        "that is no answer is an error that says what came",
        arguments: [
            ("", "an empty answer"), ("<!doctype html><p>Sign in", "a web page"),
            ("Bad gateway", "no answer of a model"),
            (#"{"id":1}"#, "no answer of a model"), (#"{"choices":[{"message":{"content":"a"#, "not JSON"),
            ("data: hello\n\n", "not JSON"), ("data: [DONE]\n\n", "no answer of a model"), ("[1,2]", "not JSON"),
        ])
    func somethingElse(body: String, words: String) {
        let failure = Self.read(body, contentType: "text/plain").failure
        #expect(failure?.kind == .invalidResponse && failure?.isRetryable == false)
        #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "no error")")
    }

    @Test("may hold an error, behind the text that came before it")
    func errorInStream() {
        let word = #"data: {"choices":[{"delta":{"content":"half a w"}}]}"# + "\n\n"
        for (error, kind) in [
            (
                #"{"error":{"message":"Try again in 2s","type":"tokens","code":"rate_limit_exceeded"}}"#,
                ProviderError.Kind.rateLimited
            ),
            (#"{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"#, .quotaExhausted),
            (#"{"error":{"code":500,"message":"sk-very-secret failed","type":"server_error"}}"#, .unavailable),
            (
                #"{"error":{"code":400,"message":"exceeds the available context size","type":"exceed_context_size_error"}}"#,
                .contextExceeded
            ),
            (#"{"object":"error","message":"bad","type":"BadRequestError","code":400}"#, .refused),
            (#"{"error":"boom"}"#, .unavailable),
        ] {
            let result = Self.read(word + "data: \(error)\n\n")
            #expect(result.text == "half a w")
            #expect(result.failure?.kind == kind, "\(error)")
            #expect(result.failure?.debugDescription.contains("very-secret") == false)
        }
        #expect(
            Self.read(#"data: {"error":{"message":"Try again in 2s","code":"rate_limit_exceeded"}}"# + "\n\n").failure?
                .retryAfter == .seconds(2))
        #expect(
            Self.read(#"{"error":{"message":"no such model","code":"model_not_found"}}"#).failure?.kind == .notFound)
    }

    @Test("that is larger than the limit is given up, in either form")
    func tooLarge() {
        for start in ["data: {", "{\"a\":\""] {
            var body = ChatAnswerBody(contentType: nil, maximumBytes: 1000, secret: nil)
            #expect(body.read(Array(start.utf8)).failure == nil)
            #expect(body.read([UInt8](repeating: 32, count: 900)).failure == nil)
            #expect(body.read([UInt8](repeating: 32, count: 100)).failure?.kind == .tooLarge)
        }
    }

    // MARK: Reading

    struct Result: Equatable {
        var text = ""
        var failure: ProviderError?
        var ending: ChatEnd
    }

    static func read(_ text: String, contentType: String = "text/event-stream") -> Result {
        read([Array(text.utf8)[...]], contentType: contentType)
    }

    static func read(_ pieces: [ArraySlice<UInt8>], contentType: String = "text/event-stream") -> Result {
        var body = ChatAnswerBody(contentType: contentType, maximumBytes: 1 << 20, secret: "sk-very-secret")
        var text = ""
        for bytes in pieces {
            let piece = body.read(bytes)
            text += piece.text
            if let failure = piece.failure { return Result(text: text, failure: failure, ending: body.ending) }
        }
        let last = body.end()
        return Result(text: text + last.text, failure: last.failure, ending: body.ending)
    }

    static func cut(_ bytes: [UInt8], _ largest: Int, _ random: inout SeededGenerator) -> [ArraySlice<UInt8>] {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...largest, using: &random))
            pieces.append(piece)
            rest = rest[piece.endIndex...]
        }
        return pieces
    }
}

@Suite("Any bytes whatever")
struct ChatBodyFuzzTests {
    private static let seed = """
        : hello\r\ndata: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\r\n\r
        data: {"choices":[{"index":0,"delta":{"content":"a\\n\\ud83d\\ude00 ü [1]"},"finish_reason":null}],"usage":null}

        data: {"choices":[{"delta":{"content":[{"type":"text","text":"b"}]},"index":0},{"index":1,"delta":{}}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
        data:

        data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5}}

        data: [DONE]

        """

    @Test("are read without a crash, and to the same result however they are cut")
    func mutations() {
        var random = SeededGenerator(seed: 20_26)
        for round in 0..<2000 {
            let bytes = round % 4 == 0 ? Self.noise(&random) : Self.mutated(&random)
            let whole = ChatAnswerBodyTests.read([bytes[...]])
            let pieces = ChatAnswerBodyTests.cut(bytes, 60, &random)
            let cut = ChatAnswerBodyTests.read(pieces)
            // Of a web page, the error has as much as came first.
            #expect(cut.failure?.description == whole.failure?.description)
            #expect(cut.text == whole.text && cut.ending == whole.ending, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static let alphabet = Array("{}[]\",:\\\n\r data:ud83cé\u{0}0123choices".utf8)

    private static func noise(_ random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...300, using: &random)).map { _ in
            Bool.random(using: &random)
                ? alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                : UInt8.random(in: 0...255, using: &random)
        }
    }

    private static func mutated(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
            default:
                let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
                bytes.replaceSubrange(place..<end, with: bytes[place..<end] + bytes[place..<end])
            }
        }
        return bytes
    }
}

/// SplitMix64: the same numbers in each run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
