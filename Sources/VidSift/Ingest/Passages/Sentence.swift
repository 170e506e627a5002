internal import Captions

/// A run of words that is read as one statement, with the moment it is said.
struct Sentence: Sendable, Hashable {
    var text: String
    var start: MediaTime
    var end: MediaTime
    /// The cues it is made of.
    var cues: ClosedRange<Int>
    /// Words, or an equivalent number of characters in scripts without spaces.
    var wordCount: Int
    var precision: TimePrecision
    var atoms: ArraySlice<Atom>
}

extension Sentence {
    init(_ atoms: ArraySlice<Atom>) {
        let first = atoms.first
        let last = atoms.last
        text = atoms.joinedText
        start = first?.start ?? MediaTime(milliseconds: 0)
        end = max(start, last?.end ?? start)
        let firstCue = first?.cue ?? 0
        cues = firstCue...max(firstCue, last?.cue ?? 0)
        wordCount = atoms.wordCount
        precision = first?.precision ?? .passage
        self.atoms = atoms
    }
}

extension Collection<Atom> {
    /// Words; two characters of a script without spaces count as one.
    var wordCount: Int {
        let glued = count { $0.isGlued }
        return count - glued + (glued + 1) / 2
    }
}

/// Cuts a transcript into sentences: by punctuation where there is some, else by pauses.
struct SentenceSplitter {
    /// The longest sentence, in words; a longer one is cut at its best place.
    static let maximumWords = 60
    /// The longest run of unpunctuated speech, in words.
    static let maximumUnpunctuatedWords = 30
    /// A pause of this length ends unpunctuated speech.
    static let pause = MediaTime(milliseconds: 700)
    /// A silence of this length ends every sentence.
    static let silence = MediaTime(milliseconds: 4_000)
    /// Speech is punctuated where at least one word in this many ends a sentence.
    static let wordsPerEnd = 60

    private let atoms: [Atom]
    private let chapterStarts: [MediaTime]
    private let isPunctuated: Bool

    init(_ transcript: Transcript) {
        atoms = AtomSequence(transcript).atoms
        chapterStarts = transcript.chapters.map(\.start).sorted()
        let ends = atoms.count { $0.text.endsSentence }
        isPunctuated = ends * Self.wordsPerEnd >= atoms.wordCount
    }

    func sentences() -> [Sentence] {
        var sentences: [Sentence] = []
        var start = 0
        for index in atoms.indices where endsRun(at: index) {
            appendPieces(of: atoms[start...index], to: &sentences)
            start = index + 1
        }
        return sentences
    }

    private var maximumRun: Int { isPunctuated ? Self.maximumWords : Self.maximumUnpunctuatedWords }

    /// Whether a sentence ends after this atom.
    private func endsRun(at index: Int) -> Bool {
        guard index + 1 < atoms.count else { return true }
        let atom = atoms[index]
        let next = atoms[index + 1]
        let gap = next.start.milliseconds - atom.end.milliseconds
        if next.opensTurn || gap >= Self.silence.milliseconds || crossesChapter(atom, next) { return true }
        if !isPunctuated { return gap >= Self.pause.milliseconds }
        return atom.text.endsSentence && !atom.text.isAbbreviation && next.text.canOpenSentence
    }

    private func crossesChapter(_ atom: Atom, _ next: Atom) -> Bool {
        let following = chapterStarts.partitioningIndex { $0 > atom.start }
        return following < chapterStarts.count && chapterStarts[following] <= next.start
    }

    /// Cuts a run that is too long: after a comma or the longest pause near the middle, until the pieces fit.
    private func appendPieces(of run: ArraySlice<Atom>, to sentences: inout [Sentence]) {
        guard run.wordCount > maximumRun, let cut = bestCut(in: run) else { return sentences.append(Sentence(run)) }
        appendPieces(of: run[run.startIndex..<cut], to: &sentences)
        appendPieces(of: run[cut..<run.endIndex], to: &sentences)
    }

    /// The index before which to cut, in the middle half of the run.
    private func bestCut(in run: ArraySlice<Atom>) -> Int? {
        let quarter = run.count / 4
        let middle = run.startIndex + run.count / 2
        let candidates = (run.startIndex + max(1, quarter))..<(run.endIndex - max(1, quarter))
        return candidates.max { weight(ofCutAt: $0, middle: middle) < weight(ofCutAt: $1, middle: middle) }
    }

    /// Punctuation weighs most, then the pause, then nearness to the middle.
    private func weight(ofCutAt index: Int, middle: Int) -> Int {
        let gap = atoms[index].start.milliseconds - atoms[index - 1].end.milliseconds
        let punctuation = atoms[index - 1].text.endsSentence ? 4_000 : atoms[index - 1].text.endsClause ? 2_000 : 0
        return punctuation + min(2_000, max(0, gap)) * 2 - abs(index - middle) * 20
    }
}

extension Substring {
    private static let closers: Set<Character> = ["\"", "'", "”", "’", ")", "]", "»", "」", "』", "）"]
    private static let abbreviations: Set<String> = [
        "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "jr.", "sr.", "vs.", "v.", "etc.", "e.g.", "i.e.", "no.", "inc.",
        "ltd.", "co.", "gen.", "rep.", "sen.", "approx.", "fig.", "u.s.",
    ]

    /// Whether it ends with a full stop, a question or an exclamation mark, quotes after it left aside.
    var endsSentence: Bool {
        guard let end = last(where: { !Self.closers.contains($0) }) else { return false }
        return ".!?…。！？｡؟।".contains(end)
    }

    /// Whether it ends with a comma or the like.
    var endsClause: Bool {
        guard let end = last else { return false }
        return ",;:—–、，；：،".contains(end)
    }

    /// Whether the full stop at its end belongs to the word: `Dr.`, `J.`, `3.`.
    var isAbbreviation: Bool {
        guard last == "." else { return false }
        let word = lowercased()
        if Self.abbreviations.contains(word) { return true }
        return word.count == 2 && word.first?.isLetter == true && word != "i."
    }

    /// Whether a sentence can begin with it: with anything but a small letter.
    var canOpenSentence: Bool {
        guard let letter = first(where: { $0.isLetter || $0.isNumber }) else { return true }
        return !letter.isLowercase
    }
}
