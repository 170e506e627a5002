/// One word with the time at which it is said.
public struct SpokenWord: Sendable, Hashable, Codable {
    /// The word as it stands in the text, with its punctuation, without white space.
    public var text: String
    /// When it is said.
    public var span: AudioSpan

    /// A word said in `span`.
    public init(_ text: String, _ span: AudioSpan) {
        self.text = text
        self.span = span
    }
}

/// What a speech model says of its own text; nil where it says nothing.
public struct SpeechSigns: Sendable, Hashable, Codable {
    /// How likely nobody speaks, from 0 to 1.
    public var noSpeech: Double?
    /// The mean logarithm of the tokens' probabilities.
    public var logProbability: Double?
    /// How many times smaller zlib makes the text of the window: above 2 it repeats itself.
    public var compression: Double?

    /// Signs; all are optional.
    public init(noSpeech: Double? = nil, logProbability: Double? = nil, compression: Double? = nil) {
        self.noSpeech = noSpeech
        self.logProbability = logProbability
        self.compression = compression
    }
}

/// A piece of what was said: a line or a sentence.
public struct TranscribedSegment: Sendable, Hashable, Codable {
    /// When it is said.
    public var span: AudioSpan
    /// What is said, on one line.
    public var text: String
    /// The words of the text with their times, in order: all of them, or none where no word has a time.
    public var words: [SpokenWord]
    /// What the model says of it.
    public var signs: SpeechSigns

    /// A segment from its parts.
    public init(span: AudioSpan, text: String, words: [SpokenWord] = [], signs: SpeechSigns = SpeechSigns()) {
        self.span = span
        self.text = text
        self.words = words
        self.signs = signs
    }

    /// The same, `time` later.
    func shifted(by time: AudioTime) -> TranscribedSegment {
        var shifted = self
        shifted.span = span.shifted(by: time)
        shifted.words = words.map { SpokenWord($0.text, $0.span.shifted(by: time)) }
        return shifted
    }

    /// The words with their times; where none has one, times by the words' places in the text.
    var estimatedWords: [SpokenWord] {
        guard words.isEmpty else { return words }
        let tokens = TextToken.tokens(of: text)
        let letters = max(1, tokens.reduce(0) { $0 + $1.text.count })
        var position = 0
        return tokens.map { token in
            let from = position
            position += token.text.count
            let times = [from, position].map {
                AudioTime(milliseconds: span.start.milliseconds + span.length.milliseconds * $0 / letters)
            }
            return SpokenWord(token.text, AudioSpan(start: times[0], end: times[1]))
        }
    }

    /// The segment with those of its (estimated) words only for which `isKept` is true; nil without any.
    func keeping(_ isKept: [Bool]) -> TranscribedSegment? {
        if isKept.allSatisfy(\.self) { return self }
        let all = estimatedWords
        let places = TextToken.areGlued(all.map(\.text), in: text)
        var kept = self
        kept.text = ""
        kept.words = []
        for (index, word) in all.enumerated() where isKept[index] {
            if !kept.text.isEmpty && !places[index] { kept.text += " " }
            kept.text += word.text
            kept.words.append(word)
        }
        guard let first = kept.words.first, let last = kept.words.last else { return nil }
        kept.span = AudioSpan(start: first.span.start, end: last.span.end)
        if words.isEmpty { kept.words = [] }
        return kept
    }
}

/// What a transcriber heard in one file; the times count from the file's start.
public struct Transcription: Sendable, Hashable, Codable {
    /// The language as a code (ISO 639), where the transcriber says so.
    public var language: String?
    /// Ordered by time, not overlapping; none where nobody speaks.
    public var segments: [TranscribedSegment]

    /// A transcription from its parts.
    public init(language: String? = nil, segments: [TranscribedSegment]) {
        self.language = language
        self.segments = segments
    }
}
