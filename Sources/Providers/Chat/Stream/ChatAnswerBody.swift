/// The body of an answer as it comes, in whatever form: a stream of events, or one JSON text from servers that don't
/// stream. Anything else is an error that says what came.
struct ChatAnswerBody: Sendable {
    /// What some bytes of the body brought.
    struct Piece: Sendable {
        var text = ""
        /// What ends the answer, behind the text.
        var failure: ProviderError?
        /// Whether the model has gone on.
        var hasProgressed = false
    }

    private enum Form { case events, whole }

    /// Whether the answer is complete; what may still come adds nothing but the count of its tokens.
    var isComplete: Bool { isDone || chunks.reason != nil }

    private let maximumBytes: Int
    private let isEventStream: Bool
    private let secret: Secret?
    private var length = 0
    private var form: Form?
    private var events = ServerSentEvents()
    private var whole: [UInt8] = []
    private var chunks = ChatChunks()
    private var isDone = false

    /// - Parameters:
    ///   - contentType: what the answer's header says; it matters only when nothing comes.
    ///   - secret: is struck out of the endpoint's words.
    init(contentType: String?, maximumBytes: Int, secret: Secret?) {
        isEventStream = contentType?.lowercased().contains("event-stream") ?? false
        self.maximumBytes = maximumBytes
        self.secret = secret
    }

    /// Takes what came.
    mutating func read(_ bytes: some Collection<UInt8>) -> Piece {
        var piece = Piece()
        do throws(ProviderError) {
            length += bytes.count
            guard length <= maximumBytes else {
                throw ProviderError(.tooLarge, "The answer of the chat endpoint is too large.")
            }
            try take(bytes, &piece)
        } catch {
            piece.failure = error
        }
        piece.text += chunks.takeText()
        return piece
    }

    /// Takes the end of the body.
    mutating func end() -> Piece {
        var piece = Piece()
        do throws(ProviderError) {
            if form == .whole { try readChunk(whole) } else { try readLastEvent() }
            try checkEnd()
        } catch {
            piece.failure = error
        }
        piece.text = chunks.takeText() + chunks.endText()
        return piece
    }

    /// How the answer ended.
    var ending: ChatEnd {
        ChatEnd(reason: chunks.reason ?? .unknown, usage: chunks.usage, model: chunks.model)
    }

    private mutating func take(_ bytes: some Collection<UInt8>, _ piece: inout Piece) throws(ProviderError) {
        let bytes = form == nil ? bytes.drop(while: Byte.isBlank) : bytes[...]
        guard let first = bytes.first else { return }
        if form == nil { form = try Self.form(beginningWith: first, bytes) }
        if form == .whole { whole.append(contentsOf: bytes) } else { try readEvents(bytes, &piece) }
    }

    /// By its first byte; servers and proxies give it all sorts of content types.
    private static func form(
        beginningWith first: UInt8, _ bytes: some Collection<UInt8>
    ) throws(ProviderError) -> Form {
        switch first {
        case Byte.openBrace, Byte.openBracket: return .whole
        case UInt8(ascii: "<"): throw invalid("a web page instead of an answer", bytes.prefix(200))
        default: return .events
        }
    }

    private mutating func readEvents(_ bytes: some Collection<UInt8>, _ piece: inout Piece) throws(ProviderError) {
        if isDone { return }
        events.append(bytes)
        while try hasNextEvent() {
            try readEvent()
            if isDone || chunks.hasOutput { piece.hasProgressed = true }
            if isDone { return }
        }
    }

    private mutating func hasNextEvent() throws(ProviderError) -> Bool {
        do {
            return try events.next()
        } catch {
            throw ProviderError(.tooLarge, "The chat endpoint gave an event that is too long.")
        }
    }

    private mutating func readEvent() throws(ProviderError) {
        if events.data.starts(with: Self.doneMark), events.data.dropFirst(Self.doneMark.count).allSatisfy(Byte.isBlank)
        {
            isDone = true
        } else {
            try readChunk(events.data)
        }
    }

    private static let doneMark = Array("[DONE]".utf8)

    private mutating func readChunk(_ bytes: [UInt8]) throws(ProviderError) {
        do {
            try chunks.read(bytes)
        } catch {
            switch error {
            case .malformed: throw Self.invalid("something that is not JSON", bytes.prefix(200))
            case .error: throw EndpointFailure.error(.chat, inStream: bytes, secret: secret)
            }
        }
    }

    /// An event without its blank line counts if it is whole: otherwise the stream was cut there.
    private mutating func readLastEvent() throws(ProviderError) {
        guard form == .events, !isDone, (try? events.end()) == true else { return }
        do {
            try readEvent()
        } catch  where error.kind == .invalidResponse {
            return
        }
    }

    private func checkEnd() throws(ProviderError) {
        if form == .events && !isComplete && (chunks.hasChoices || isEventStream) {
            throw ProviderError(.connection, "The answer of the chat endpoint was cut off.")
        }
        if chunks.hasChoices { return }
        throw Self.invalid(length == 0 ? "an empty answer" : "something that is no answer of a model", [])
    }

    private static func invalid(_ what: String, _ bytes: some Sequence<UInt8>) -> ProviderError {
        let detail = String(decoding: Array(bytes), as: UTF8.self)
        return ProviderError(
            .invalidResponse, "The chat endpoint gave \(what).", detail: detail.isEmpty ? nil : detail)
    }
}
