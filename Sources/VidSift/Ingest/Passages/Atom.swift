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
    /// A cue longer than this tells little about the moment of a word inside it.
    static let longestExactCue = MediaTime(milliseconds: 15_000)

    private(set) var atoms: [Atom] = []
    private var speaker: String?

    init(_ transcript: Transcript) {
        for (index, cue) in transcript.cues.enumerated() {
            let opensTurn = cue.speaker != speaker || cue.marks.contains { $0.kind == .speakerChange }
            let before = atoms.count
            if cue.words.isEmpty || !cue.marks.isEmpty {
                appendEstimated(cue, index: index)
            } else {
                appendTimed(cue, index: index)
            }
            if atoms.count > before {
                atoms[before].opensTurn = opensTurn && before > 0
                speaker = cue.speaker
            }
        }
    }

    /// Words with times of their own; one without an end lasts until the next begins.
    private mutating func appendTimed(_ cue: Cue, index: Int) {
        for (position, word) in cue.words.enumerated() {
            let next = position + 1 < cue.words.count ? cue.words[position + 1].start : cue.end
            let end = word.end ?? max(word.start, next)
            append(word.text[...], from: word.start, to: max(word.start, end), cue: index, precision: .word)
        }
    }

    /// Words whose times are estimated by their place in the cue's text.
    private mutating func appendEstimated(_ cue: Cue, index: Int) {
        let text = cue.spoken
        let length = max(1, text.utf8.count)
        let duration = cue.end.milliseconds - cue.start.milliseconds
        let isExact = duration <= Self.longestExactCue.milliseconds
        var position = 0
        for word in text.split(separator: " ") {
            let offset = text.utf8.distance(from: text.startIndex, to: word.startIndex)
            let start = cue.start.milliseconds + duration * offset / length
            position = offset + word.utf8.count
            let end = cue.start.milliseconds + duration * position / length
            append(
                word, from: MediaTime(milliseconds: start), to: MediaTime(milliseconds: end), cue: index,
                precision: isExact || offset == 0 ? .cue : .passage)
        }
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
