internal import Foundation

/// The body of an endpoint's answer, as it came: nothing in it has been checked yet.
struct TranscriptionAnswer: Sendable, Equatable {
    /// A piece of a text with its times in seconds: a word, or what a server takes for one.
    struct Piece: Sendable, Equatable {
        var text: String
        var start: Double?
        var end: Double?
    }

    /// A line or a sentence, with its times in seconds.
    struct Segment: Sendable, Equatable {
        var text: String
        var start: Double?
        var end: Double?
        /// whisper.cpp and others put the words here.
        var words: [Piece] = []
        var signs = SpeechSigns()
    }

    private static let quotedBytes = 16 << 10

    var language: String?
    var text: String?
    var segments: [Segment]
    /// OpenAI puts the words here, without punctuation.
    var words: [Piece]

    init(language: String? = nil, text: String? = nil, segments: [Segment] = [], words: [Piece] = []) {
        self.language = language
        self.text = text
        self.segments = segments
        self.words = words
    }

    /// - Parameter secret: is struck out of what is kept of an answer that can't be read.
    /// - Throws: ``ProviderError`` of kind `invalidResponse` for what is no transcription.
    init(_ bytes: [UInt8], secret: Secret? = nil) throws {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        if let answer = try? decoder.decode(TranscriptionAnswer.self, from: data) {
            self = answer
            return
        }
        // Python's servers write NaN where a figure has no value.
        decoder.allowsJSON5 = true
        guard let answer = try? decoder.decode(TranscriptionAnswer.self, from: data) else {
            // More than is kept, so that the cut goes through no secret.
            let words = String(decoding: bytes.prefix(Self.quotedBytes), as: UTF8.self)
            throw ProviderError(
                .invalidResponse, "The answer of the transcription endpoint is not a transcription.",
                detail: secret?.struckOut(of: words) ?? words)
        }
        self = answer
    }
}

extension TranscriptionAnswer: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        language = try? container.decode(String.self, forKey: .language)
        text = try? container.decode(String.self, forKey: .text)
        segments = container.list(forKey: .segments)
        words = container.list(forKey: .words)
        guard text != nil || !segments.isEmpty || !words.isEmpty else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no text"))
        }
    }

    private enum Key: CodingKey { case language, text, segments, words }
}

extension TranscriptionAnswer.Segment: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        text = try container.decode(String.self, forKey: .text)
        start = container.number(forKey: .start)
        end = container.number(forKey: .end)
        words = container.list(forKey: .words)
        signs = SpeechSigns(
            noSpeech: container.number(forKey: .noSpeech), logProbability: container.number(forKey: .logProbability),
            compression: container.number(forKey: .compression))
    }

    private enum Key: String, CodingKey {
        case text, start, end, words
        case noSpeech = "no_speech_prob"
        case logProbability = "avg_logprob"
        case compression = "compression_ratio"
    }
}

extension TranscriptionAnswer.Piece: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let words = [Key.word, .text].lazy.compactMap { try? container.decode(String.self, forKey: $0) }
        text = words.first ?? ""
        start = container.number(forKey: .start)
        end = container.number(forKey: .end)
    }

    private enum Key: CodingKey { case word, text, start, end }
}

extension KeyedDecodingContainer {
    /// A finite number, be it written as a text; nil for anything else.
    fileprivate func number(forKey key: Key) -> Double? {
        let text = try? decode(String.self, forKey: key)
        let number = (try? decode(Double.self, forKey: key)) ?? text.flatMap(Double.init)
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The items that can be read; none where there is no list.
    fileprivate func list<Item: Decodable>(forKey key: Key) -> [Item] {
        ((try? decode([Lenient<Item>].self, forKey: key)) ?? []).compactMap(\.item)
    }
}

private struct Lenient<Item: Decodable>: Decodable {
    var item: Item?

    init(from decoder: any Decoder) throws {
        item = try? Item(from: decoder)
    }
}
