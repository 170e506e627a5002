/// What a format's reader has found so far: flat arrays over one arena of text, before it is tidied into cues.
struct Draft {
    /// A cue whose text is a range of the arena; its lines are separated by LF there.
    struct Cue {
        var start: Int
        /// Milliseconds, or `missing`.
        var end: Int
        var text: Range<Int>
        var stamps: Range<Int>
        /// An index into `speakers`, or -1.
        var speaker: Int32
        /// The line of the file, from 1; 0 when unknown.
        var line: Int32
    }

    /// From this offset of the arena on, what is said is said at this time.
    struct Stamp {
        var offset: Int
        var milliseconds: Int
        /// When it is over, or `missing`.
        var end = Draft.missing
    }

    /// Stands for a time that the file does not give.
    static let missing = Int.min

    /// How large a cue usually is in a file, to reserve memory.
    static let usualCueBytes = 120

    let format: CaptionFormat
    var title: String?
    var language: String?
    var chapters: [Chapter] = []
    var arena: [UInt8] = []
    var cues: [Cue] = []
    var stamps: [Stamp] = []
    var speakers: [String] = []
    private(set) var repairs: [Repair] = []
    private var recentSpeakers: [(bytes: [UInt8], index: Int32)] = []

    /// The offset at which the text of the cue now being read begins.
    private var textStart = 0
    private var stampStart = 0
    private var separator: UInt8 = 0
    /// The speaker of the cue now being read, or -1.
    var speaker: Int32 = -1

    init(format: CaptionFormat, capacity: Int) {
        self.format = format
        arena.reserveCapacity(capacity)
        cues.reserveCapacity(capacity / Draft.usualCueBytes)
    }

    /// Whether the cue now being read has no text yet.
    var isTextEmpty: Bool { arena.count == textStart }

    mutating func repair(line: Int? = nil, _ reason: @autoclosure () -> String) {
        guard repairs.count < Transcript.maximumRepairs else { return }
        repairs.append(Repair(line: line, reason: reason()))
    }

    /// Begins a cue's text, throwing away what was not finished.
    @inline(__always)
    mutating func beginText() {
        if arena.count > textStart { arena.removeLast(arena.count - textStart) }
        if stamps.count > stampStart { stamps.removeLast(stamps.count - stampStart) }
        separator = 0
        speaker = -1
    }

    /// Ends the cue's text; keeps the cue unless it is empty.
    @inline(__always)
    mutating func finishCue(start: Int, end: Int, line: Int) {
        if arena.count > textStart {
            cues.append(
                Cue(
                    start: start, end: end, text: textStart..<arena.count, stamps: stampStart..<stamps.count,
                    speaker: speaker, line: Int32(clamping: line)))
            textStart = arena.count
            stampStart = stamps.count
        }
        beginText()
    }

    /// White space: written only if visible text follows; a line's end is stronger than a space.
    @inline(__always)
    mutating func appendSpace(isLineEnd: Bool = false) {
        if isLineEnd { separator = 0x0A } else if separator == 0 { separator = 0x20 }
    }

    /// Visible bytes without white space at their ends.
    @inline(__always)
    mutating func appendVisible(_ bytes: Bytes) {
        flushSeparator()
        arena.append(contentsOf: bytes.buffer)
    }

    @inline(__always)
    mutating func appendVisible(_ byte: UInt8) {
        flushSeparator()
        arena.append(byte)
    }

    @inline(__always)
    private mutating func flushSeparator() {
        if separator != 0 {
            if arena.count > textStart { arena.append(separator) }
            separator = 0
        }
    }

    /// What follows is said from `milliseconds` on.
    @inline(__always)
    mutating func appendStamp(_ milliseconds: Int, end: Int = Draft.missing) {
        stamps.append(Stamp(offset: arena.count, milliseconds: milliseconds, end: end))
    }

    /// The index of a speaker's name with JSON's escapes.
    mutating func speaker(escaped name: Bytes) -> Int32 {
        speaker(named: name) { JSONText.string($0) }
    }

    /// The index of a speaker's name; the same name mostly gets the same index.
    mutating func speaker(named name: Bytes, decode: (Bytes) -> String = { Draft.plainText($0) }) -> Int32 {
        for recent in recentSpeakers where recent.bytes.count == name.count && recent.bytes.elementsEqual(name.buffer) {
            return recent.index
        }
        let text = decode(name)
        guard !text.isEmpty else { return -1 }
        let index = Int32(clamping: speakers.count)
        speakers.append(text)
        if recentSpeakers.count == 12 { recentSpeakers.removeFirst() }
        recentSpeakers.append((Array(name.buffer), index))
        return index
    }

    /// `bytes` with entities decoded and white space collapsed.
    static func plainText(_ bytes: Bytes) -> String {
        var draft = Draft(format: .text, capacity: bytes.count)
        draft.appendText(bytes, markup: .entities)
        return String(decoding: draft.arena, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    }
}
