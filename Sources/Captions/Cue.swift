/// One word with the time at which it is said.
public struct Word: Sendable, Hashable {
    /// When the word begins.
    public var start: MediaTime
    /// When the word ends, where the format says so.
    public var end: MediaTime?
    /// The word, without white space around it.
    public var text: String

    /// A word said at `start`.
    public init(start: MediaTime, end: MediaTime? = nil, text: String) {
        self.start = start
        self.end = end
        self.text = text
    }
}

/// A part of a cue's text that is shown but not spoken.
public struct Mark: Sendable, Hashable {
    /// What the mark stands for.
    public enum Kind: String, Sendable, Hashable {
        /// `[Music]`, `(Applause)`, `♪`.
        case sound
        /// `>>`, a leading dash, a speaker's name before a colon.
        case speakerChange
    }

    /// What the mark stands for.
    public var kind: Kind
    /// Where it stands: UTF-8 offsets in the cue's text.
    public var range: Range<Int>

    /// A mark over `range` (UTF-8 offsets).
    public init(kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}

/// A piece of text that is shown from one moment to another.
public struct Cue: Sendable, Hashable {
    /// When it appears.
    public var start: MediaTime
    /// When it disappears; never before `start`.
    public var end: MediaTime
    /// The text: white space collapsed, entities decoded, tags removed; marks such as `[Music]` are still in it.
    public var text: String
    /// The words with their times, in order; empty when the file has no word times.
    public var words: [Word]
    /// Who speaks, where the file says so.
    public var speaker: String?
    /// What in `text` is not speech, in order, not overlapping.
    public var marks: [Mark]

    /// A cue from its parts.
    public init(
        start: MediaTime, end: MediaTime, text: String, words: [Word] = [], speaker: String? = nil, marks: [Mark] = []
    ) {
        self.start = start
        self.end = end
        self.text = text
        self.words = words
        self.speaker = speaker
        self.marks = marks
    }

    /// The text without the marks, white space collapsed; empty when nothing is spoken.
    public var spoken: String {
        if marks.isEmpty { return text }
        let utf8 = Array(text.utf8)
        var kept: [UInt8] = []
        kept.reserveCapacity(utf8.count)
        var position = 0
        for mark in marks {
            let from = min(max(position, mark.range.lowerBound), utf8.count)
            kept += utf8[position..<from]
            kept.append(0x20)
            position = max(from, min(mark.range.upperBound, utf8.count))
        }
        kept += utf8[position...]
        let pieces = kept.split(separator: 0x20)
        return String(decoding: Array(pieces.joined(separator: [0x20])), as: UTF8.self)
    }
}

/// A titled part of a recording.
public struct Chapter: Sendable, Hashable, Codable {
    /// Where the chapter begins.
    public var start: MediaTime
    /// What it is called.
    public var title: String

    /// A chapter that begins at `start`.
    public init(start: MediaTime, title: String) {
        self.start = start
        self.title = title
    }
}
