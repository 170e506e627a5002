internal import Captions

/// Consecutive sentences of one passage that speak to the question.
struct Quote: Sendable {
    /// The place of its passage among those found.
    var source: Int
    var text: String
    var start: MediaTime
    var end: MediaTime
    var precision: TimePrecision

    /// Words of one quote that a person wants to read; a single sentence may have more.
    static let maximumWords = 60

    /// The sentences of a passage that are said during its best unit, or that hold most of the question's words where
    /// there are no units.
    init?(from found: Retrieval.Passage, source: Int, question: String) {
        let sentences = found.passage.spokenSentences
        guard !sentences.isEmpty else { return nil }
        let range: Range<Int>
        if let unit = found.hit.bestUnit {
            range = Self.sentences(sentences, during: unit)
        } else {
            range = Self.bestByWords(sentences, question: question, language: found.language)
        }
        let chosen = sentences[range]
        guard let first = chosen.first, let last = chosen.last else { return nil }
        self.source = source
        text = chosen.map { String($0.text) }.joined(separator: " ")
        start = first.start
        end = max(first.start, last.end)
        precision = first.precision
    }

    /// The sentences of which at least half is said in the unit, or the one that shares most of it; cut to the limit.
    private static func sentences(_ sentences: [SpokenSentence], during unit: Range<Int>) -> Range<Int> {
        let shares = sentences.map { $0.milliseconds(during: unit) }
        let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
        var range = best..<best + 1
        var words = sentences[best].wordCount
        func fits(_ index: Int) -> Bool {
            shares[index] * 2 >= sentences[index].duration && words + sentences[index].wordCount <= maximumWords
        }
        while range.upperBound < sentences.count, fits(range.upperBound) {
            words += sentences[range.upperBound].wordCount
            range = range.lowerBound..<range.upperBound + 1
        }
        while range.lowerBound > 0, fits(range.lowerBound - 1) {
            words += sentences[range.lowerBound - 1].wordCount
            range = range.lowerBound - 1..<range.upperBound
        }
        return range
    }

    /// The sentence in which most of the question's words stand, and the next one, which often goes on.
    private static func bestByWords(
        _ sentences: [SpokenSentence], question: String, language: String?
    ) -> Range<Int> {
        let counts = sentences.map { sentence in
            MatchedWords.ranges(in: String(sentence.text), query: question, language: language).count
        }
        let best = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
        let next = best + 1
        let fits = next < sentences.count && sentences[best].wordCount + sentences[next].wordCount <= maximumWords
        return best..<(fits ? next + 1 : next)
    }
}

/// A sentence of a stored passage with its times.
struct SpokenSentence: Sendable {
    var text: Substring
    var start: MediaTime
    var end: MediaTime
    var precision: TimePrecision

    var duration: Int { max(1, end.milliseconds - start.milliseconds) }
    var wordCount: Int { text.split(separator: " ").count }

    /// How much of it is said between two moments.
    func milliseconds(during range: Range<Int>) -> Int {
        max(0, min(end.milliseconds, range.upperBound) - max(start.milliseconds, range.lowerBound))
    }
}

extension StoredPassage {
    /// The passage's sentences.
    var spokenSentences: [SpokenSentence] {
        var rest = text[...].utf8
        return sentences.compactMap { span in
            guard span.length <= rest.count else { return nil }
            let sentence = rest.prefix(span.length)
            rest = rest.dropFirst(span.length + 1)
            return SpokenSentence(
                text: Substring(sentence), start: MediaTime(milliseconds: span.startMilliseconds),
                end: MediaTime(milliseconds: span.endMilliseconds),
                precision: span.precision)
        }
    }
}
