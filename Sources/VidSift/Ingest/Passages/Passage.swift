internal import Captions

/// A stretch of speech that is read and cited as one: some sentences, about a minute.
struct Passage: Sendable, Hashable {
    var sentences: [Sentence]
    /// The chapter it lies in.
    var chapter: String?
    /// The units whose middle lies in it, by their place in `PassagePlan.units`.
    var units: [Int]

    var text: String { sentences.map(\.text).joined(separator: " ") }
    var start: MediaTime { sentences.first?.start ?? .zero }
    var end: MediaTime { sentences.reduce(start) { max($0, $1.end) } }

    var cues: ClosedRange<Int> {
        let first = sentences.map(\.cues.lowerBound).min() ?? 0
        return first...max(first, sentences.map(\.cues.upperBound).max() ?? 0)
    }
}

/// A run of about twelve seconds with a vector of its own, by which its passage is found.
struct Unit: Sendable, Hashable {
    var start: MediaTime
    var end: MediaTime
    var text: String
}

/// How a transcript is cut up: passages that give context, units that are found.
///
/// Measured on the labelled sets (see `Benchmarks/retrieval`): with units hit@5 rises from .74 to .86.
struct PassagePlan: Sendable {
    /// A passage is closed once it has this many words.
    static let minimumWords = 120
    /// A passage never has more words than this, unless one sentence has.
    static let maximumWords = 180
    /// A passage shares as many sentences with the one before as fit into this many words.
    static let sharedWords = 90
    /// A passage never spans a silence of this length.
    static let longestSilence = MediaTime(milliseconds: 30_000)
    /// The length of a unit.
    static let unitLength = MediaTime(milliseconds: 12_000)
    /// From one unit's start to the next one's: units overlap by the rest.
    static let unitStride = MediaTime(milliseconds: 8_000)
    /// Speech so fast that a unit would have more words than this is cut into more units.
    static let maximumUnitWords = 60

    private(set) var passages: [Passage]
    private(set) var units: [Unit]

    init(_ transcript: Transcript) {
        let sentences = SentenceSplitter(transcript).sentences()
        let chapters = transcript.chapters.sorted { $0.start < $1.start }
        units = []
        passages = []
        for run in sentences.runs(in: chapters) {
            let atoms = run.sentences.flatMap(\.atoms)
            let planned = Self.unitRanges(in: atoms)
            let first = units.count
            units += planned.map { Self.unit(atoms[$0]) }
            passages += Self.passages(of: run, atoms: atoms, units: planned, firstUnit: first)
        }
    }

    private static func unit(_ atoms: ArraySlice<Atom>) -> Unit {
        let start = atoms.first?.start ?? .zero
        return Unit(start: start, end: max(start, atoms.last?.end ?? start), text: atoms.joinedText)
    }

    /// Sentences are added until there are enough words; the next passage begins some sentences back.
    private static func passages(
        of run: ChapterRun, atoms: [Atom], units: [Range<Int>], firstUnit: Int
    ) -> [Passage] {
        var passages: [Passage] = []
        let offsets = run.sentences.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.atoms.count) }
        var first = 0
        while first < run.sentences.count {
            let end = endOfPassage(from: first, in: run.sentences)
            let range = offsets[first]..<offsets[end]
            passages.append(
                Passage(
                    sentences: Array(run.sentences[first..<end]), chapter: run.chapter,
                    units: unitsInside(range, units: units).map { $0 + firstUnit }))
            if end == run.sentences.count { break }
            first = startAfter(first, end: end, in: run.sentences)
        }
        return passages
    }

    private static func startAfter(_ first: Int, end: Int, in sentences: [Sentence]) -> Int {
        var start = end
        var words = 0
        while start - 1 > first, words + sentences[start - 1].wordCount <= sharedWords {
            start -= 1
            words += sentences[start].wordCount
        }
        return start
    }

    private static func endOfPassage(from first: Int, in sentences: [Sentence]) -> Int {
        var end = first + 1
        var words = sentences[first].wordCount
        while end < sentences.count, words < minimumWords, words + sentences[end].wordCount <= maximumWords {
            words += sentences[end].wordCount
            end += 1
        }
        return end
    }

    /// The units whose middle lies in the range, or the nearest one.
    private static func unitsInside(_ range: Range<Int>, units: [Range<Int>]) -> Range<Int> {
        func middle(_ unit: Range<Int>) -> Int { (unit.lowerBound + unit.upperBound) / 2 }
        let first = units.partitioningIndex { middle($0) >= range.lowerBound }
        let end = units.partitioningIndex { middle($0) >= range.upperBound }
        if first < end { return first..<end }
        let nearest = min(first, max(0, units.count - 1))
        return units.isEmpty ? 0..<0 : nearest..<nearest + 1
    }

    /// Windows over time: every eight seconds one of twelve.
    private static func unitRanges(in atoms: [Atom]) -> [Range<Int>] {
        guard let first = atoms.first else { return [] }
        var ranges: [Range<Int>] = []
        var windowStart = first.start.milliseconds
        var lower = 0
        while lower < atoms.count {
            while lower < atoms.count, atoms[lower].start.milliseconds < windowStart { lower += 1 }
            guard lower < atoms.count else { break }
            let windowEnd = windowStart + unitLength.milliseconds
            var upper = lower
            while upper < atoms.count, atoms[upper].start.milliseconds < windowEnd { upper += 1 }
            if upper > lower, ranges.last != lower..<upper { appendPieces(of: lower..<upper, in: atoms, to: &ranges) }
            if upper == atoms.count { break }
            windowStart = max(windowStart + unitStride.milliseconds, nextStart(after: windowStart, atoms, upper))
        }
        return ranges
    }

    /// Jumps over silence: the next window begins no later than one stride before the next word is left behind.
    private static func nextStart(after windowStart: Int, _ atoms: [Atom], _ upper: Int) -> Int {
        let next = atoms[upper].start.milliseconds
        let strides = max(0, (next - windowStart) / unitStride.milliseconds - 1)
        return windowStart + strides * unitStride.milliseconds
    }

    private static func appendPieces(of range: Range<Int>, in atoms: [Atom], to ranges: inout [Range<Int>]) {
        let words = atoms[range].wordCount
        let pieces = max(1, (words + maximumUnitWords - 1) / maximumUnitWords)
        for piece in 0..<pieces {
            let lower = range.lowerBound + range.count * piece / pieces
            let upper = range.lowerBound + range.count * (piece + 1) / pieces
            if lower < upper { ranges.append(lower..<upper) }
        }
    }
}

/// The sentences of one chapter, up to a long silence.
private struct ChapterRun {
    var chapter: String?
    var sentences: [Sentence]
}

extension [Sentence] {
    /// The sentences by the chapter in which they begin, and by the silences that no passage spans.
    fileprivate func runs(in chapters: [Chapter]) -> [ChapterRun] {
        var runs: [ChapterRun] = []
        var next = 0
        var end = MediaTime.zero
        for sentence in self {
            let silence = sentence.start.milliseconds - end.milliseconds
            var begins = runs.isEmpty || silence >= PassagePlan.longestSilence.milliseconds
            end = Swift.max(end, sentence.end)
            while next < chapters.count, chapters[next].start <= sentence.start {
                next += 1
                begins = true
            }
            if begins {
                runs.append(ChapterRun(chapter: next > 0 ? chapters[next - 1].title : nil, sentences: []))
            }
            runs[runs.count - 1].sentences.append(sentence)
        }
        return runs
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index for which the condition holds, where it holds for all that follow.
    func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var lower = startIndex
        var upper = endIndex
        while lower < upper {
            let middle = (lower + upper) / 2
            if condition(self[middle]) { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
