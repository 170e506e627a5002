/// What was heard in one part of a recording: made once, kept by the caller, and joined with the others whenever wanted.
public struct TranscribedChunk: Sendable, Hashable, Codable {
    /// The part.
    public var chunk: AudioChunk
    /// The language as a code (ISO 639), where the transcriber says so.
    public var language: String?
    /// What is said; the times are those of the recording. In order, not overlapping.
    public var segments: [TranscribedSegment]
    /// What the transcriber wrote and nobody said.
    public var dropped: [DroppedText]

    /// A part that was heard.
    public init(
        chunk: AudioChunk, language: String? = nil, segments: [TranscribedSegment], dropped: [DroppedText] = []
    ) {
        self.chunk = chunk
        self.language = language
        self.segments = segments
        self.dropped = dropped
    }
}

/// A text that was not taken into the transcript, with the reason.
public struct DroppedText: Sendable, Hashable, Codable {
    /// Why nobody said it.
    public enum Reason: String, Sendable, Hashable, Codable {
        /// The model itself says that nobody speaks, and doubts its text.
        case noSpeech
        /// It stands where nothing can be heard.
        case silence
        /// A line that models write where nobody speaks.
        case phantomLine
        /// The same words again and again.
        case loop
        /// The model's own figure says that the text repeats itself, and so it does.
        case compression
        /// Not a word: `[BLANK_AUDIO]`, `(music)`, `♪`.
        case soundMark
    }

    /// The text.
    public var text: String
    /// Where it stood.
    public var span: AudioSpan
    /// Why it was dropped.
    public var reason: Reason

    /// A text that was dropped.
    public init(text: String, span: AudioSpan, reason: Reason) {
        self.text = text
        self.span = span
        self.reason = reason
    }
}
