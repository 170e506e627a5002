internal import Captions

/// The smallest piece that sentences are made of: a word, or one character of a script that is written without spaces.
struct Atom: Sendable, Hashable {
    var text: Substring
    var start: MediaTime
    var end: MediaTime
    /// The cue it stands in.
    var cue: Int
    /// Whether no space stands between it and the atom before it.
    var isGlued: Bool
    var precision: TimePrecision
    /// Whether somebody else begins to speak here.
    var opensTurn: Bool
}

/// The words of a transcript with their times, in order, without what is not speech.
struct AtomSequence {
    private(set) var atoms: [Atom] = []
    /// Who speaks, where that is known: a name goes on until somebody else begins.
    private var speaker: String?
    /// Whether somebody else begins with the next word.
    private var isTurnDue = false

    init(_ transcript: Transcript) {
        for (index, cue) in transcript.cues.enumerated() { append(cue, index: index) }
    }

    private mutating func append(_ cue: Cue, index: Int) {
        let naming = cue.namingMark
        if let name = cue.speaker, naming == nil { begin(name) }
        var marks = cue.marks[...]
        var isSpoken = false
        for run in cue.spokenRuns {
            while let mark = marks.first, mark.range.lowerBound < run.offset {
                pass(marks.removeFirst(), speaker: mark == naming || !isSpoken ? cue.speaker : nil)
            }
            append(run, cue: index)
            isSpoken = true
        }
        for mark in marks { pass(mark, speaker: mark == naming || !isSpoken ? cue.speaker : nil) }
    }

    private mutating func begin(_ name: String) {
        if name != speaker { isTurnDue = true }
        speaker = name
    }

    /// A mark that says that somebody else speaks, named or not, does so for the words behind it.
    private mutating func pass(_ mark: Mark, speaker: String?) {
        guard mark.kind == .speakerChange else { return }
        isTurnDue = true
        self.speaker = speaker
    }

    private mutating func append(_ run: SpokenRun, cue: Int) {
        let first = atoms.count
        append(run.text, from: run.start, to: run.end, cue: cue, precision: run.precision)
        guard atoms.count > first else { return }
        atoms[first].opensTurn = isTurnDue && first > 0
        isTurnDue = false
    }

    /// Adds a run of characters, cut into single ones where its script has no spaces.
    private mutating func append(
        _ run: Substring, from start: MediaTime, to end: MediaTime, cue: Int, precision: TimePrecision
    ) {
        guard run.utf8.contains(where: { $0 >= 0x80 }), run.unicodeScalars.contains(where: \.isWrittenWithoutSpaces)
        else {
            return atoms.append(
                Atom(
                    text: run, start: start, end: end, cue: cue, isGlued: false, precision: precision, opensTurn: false)
            )
        }
        let count = run.count
        let duration = end.milliseconds - start.milliseconds
        for (position, index) in run.indices.enumerated() {
            let next = run.index(after: index)
            let continuesScript = position > 0 || endsWithoutSpaces
            atoms.append(
                Atom(
                    text: run[index..<next],
                    start: MediaTime(milliseconds: start.milliseconds + duration * position / count),
                    end: MediaTime(milliseconds: start.milliseconds + duration * (position + 1) / count), cue: cue,
                    isGlued: continuesScript, precision: precision, opensTurn: false))
        }
    }

    private var endsWithoutSpaces: Bool {
        atoms.last?.text.unicodeScalars.last?.isWrittenWithoutSpaces ?? false
    }
}

extension Unicode.Scalar {
    /// Han, Kana, Thai, Lao, Khmer, Myanmar and their punctuation: scripts whose words are not told apart by spaces.
    var isWrittenWithoutSpaces: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF, 0xFF00...0xFF65, 0x20000...0x2FA1F:
            true
        default: false
        }
    }
}

extension Sequence<Atom> {
    /// The atoms as text.
    var joinedText: String {
        var text = ""
        for atom in self {
            if !text.isEmpty && !atom.isGlued { text += " " }
            text += atom.text
        }
        return text
    }
}
