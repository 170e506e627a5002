/// What a model says, put together from the chunks of a stream. A whole answer is read as a stream of one chunk.
struct ChatChunks: Sendable {
    /// Why a chunk can't be read.
    enum Failure: Error {
        /// It is not JSON.
        case malformed
        /// It is an error of the endpoint's.
        case error
    }

    /// Why the model stopped, once it has said so.
    private(set) var reason: ChatEnd.Reason?
    private(set) var usage: TokenUsage?
    private(set) var model: String?
    /// Whether there was a chunk with an answer in it, be it an empty one.
    private(set) var hasChoices = false
    /// Whether the model has begun to write: text, or thoughts, which are not read.
    private(set) var hasOutput = false
    private var text = SplitText()

    /// Reads a chunk of JSON. What it says is fetched with ``takeText()``, also when it fails.
    mutating func read(_ bytes: [UInt8]) throws(Failure) {
        var isError = false
        do {
            var scanner = JSONScanner(bytes)
            try scanner.object { key, scanner throws(JSONScanner.Malformed) in
                if scanner.has("choices", at: key) {
                    try readChoices(&scanner)
                } else if scanner.has("usage", at: key) {
                    try readUsage(&scanner)
                } else if scanner.has("model", at: key) {
                    try readModel(&scanner)
                } else if try Self.readError(key, &scanner) {
                    isError = true
                }
            }
        } catch {
            throw .malformed
        }
        if isError { throw .error }
    }

    /// The text that has come since the last time.
    mutating func takeText() -> String { text.take() }

    /// The rest of the text, when no more chunks come.
    mutating func endText() -> String { text.end() }

    private mutating func readChoices(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        guard scanner.peek() == Byte.openBracket else { return try scanner.skipValue() }
        try scanner.array { scanner throws(JSONScanner.Malformed) in try readChoice(&scanner) }
    }

    /// Only the first of several answers counts. Its index may stand behind the rest.
    private mutating func readChoice(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        var index = 0
        var message: Int?
        var reason: JSONScanner.Contents?
        try scanner.object { key, scanner throws(JSONScanner.Malformed) in
            if scanner.has("index", at: key) {
                index = try scanner.integer() ?? 0
            } else if scanner.has("delta", at: key) || scanner.has("message", at: key) {
                message = scanner.position
                try scanner.skipValue()
            } else if scanner.has("finish_reason", at: key), scanner.peek() == Byte.quote {
                reason = try scanner.string()
            } else {
                try scanner.skipValue()
            }
        }
        guard index == 0 else { return }
        hasChoices = true
        if let message {
            var inner = JSONScanner(scanner.bytes, at: message)
            try readMessage(&inner)
        }
        if let reason, !reason.isEmpty {
            self.reason = Self.reason(scanner.bytes[reason])
            hasOutput = true
        }
    }

    private mutating func readMessage(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        guard scanner.peek() == Byte.openBrace else { return try scanner.skipValue() }
        try scanner.object { key, scanner throws(JSONScanner.Malformed) in
            if scanner.has("content", at: key) {
                try readContent(&scanner)
            } else if Self.thoughts.contains(where: { scanner.has($0, at: key) }), scanner.peek() == Byte.quote {
                if try !scanner.string().isEmpty { hasOutput = true }
            } else {
                try scanner.skipValue()
            }
        }
    }

    private static let thoughts: [StaticString] = ["reasoning_content", "reasoning"]

    /// A text, or a list of parts of which those with a text count.
    private mutating func readContent(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        switch scanner.peek() {
        case Byte.quote: try readText(&scanner)
        case Byte.openBracket:
            try scanner.array { scanner throws(JSONScanner.Malformed) in
                guard scanner.peek() == Byte.openBrace else { return try scanner.skipValue() }
                try scanner.object { key, scanner throws(JSONScanner.Malformed) in
                    if scanner.has("text", at: key), scanner.peek() == Byte.quote {
                        try readText(&scanner)
                    } else {
                        try scanner.skipValue()
                    }
                }
            }
        default: try scanner.skipValue()
        }
    }

    private mutating func readText(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        let contents = try scanner.string()
        if contents.isEmpty { return }
        hasOutput = true
        text.append(scanner.bytes[contents])
    }

    private mutating func readUsage(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        guard scanner.peek() == Byte.openBrace else { return try scanner.skipValue() }
        var prompt: Int?
        var completion: Int?
        try scanner.object { key, scanner throws(JSONScanner.Malformed) in
            if scanner.has("prompt_tokens", at: key) {
                prompt = try scanner.integer()
            } else if scanner.has("completion_tokens", at: key) {
                completion = try scanner.integer()
            } else {
                try scanner.skipValue()
            }
        }
        if let prompt, prompt >= 0 {
            usage = TokenUsage(promptTokens: prompt, completionTokens: max(0, completion ?? 0))
        }
    }

    private mutating func readModel(_ scanner: inout JSONScanner) throws(JSONScanner.Malformed) {
        guard model == nil, scanner.peek() == Byte.quote else { return try scanner.skipValue() }
        let contents = try scanner.string()
        if contents.isEmpty { return }
        var name = SplitText()
        name.append(scanner.bytes[contents].prefix(Self.maximumModelName))
        model = name.end()
    }

    /// Longer names are cut.
    private static let maximumModelName = 200

    /// Reads a member that may say that the chunk is an error.
    private static func readError(
        _ key: JSONScanner.Contents, _ scanner: inout JSONScanner
    ) throws(JSONScanner.Malformed) -> Bool {
        if scanner.has("object", at: key), scanner.peek() == Byte.quote {
            let contents = try scanner.string()
            return scanner.has("error", at: contents)
        }
        let isError = scanner.has("error", at: key) && scanner.peek() != UInt8(ascii: "n")
        try scanner.skipValue()
        return isError
    }

    private static func reason(_ contents: ArraySlice<UInt8>) -> ChatEnd.Reason {
        switch String(decoding: contents, as: UTF8.self) {
        case "stop", "eos", "end_turn", "stop_sequence": .stop
        case "length", "max_tokens", "model_length": .length
        case "content_filter", "safety": .filtered
        default: .unknown
        }
    }
}
