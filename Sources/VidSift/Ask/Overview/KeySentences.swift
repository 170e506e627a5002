internal import Captions

/// The sentences that say most of what a video says: one of each stretch of it, the most central by meaning where there
/// are vectors, and by words.
enum KeySentences {
    /// Words that a sentence has which can stand by itself.
    static let words = 6...40
    /// Sentences of a summary: of a short video, one of half an hour, a longer one.
    private static let counts = (short: 3, usual: 5, long: 7)
    private static let shortVideo = 300_000
    private static let longVideo = 1_800_000
    private static let wordsWeight: Float = 0.5

    /// The sentences in reading order, as one text.
    static func summary(of text: VideoText) -> String {
        choose(in: text, count: count(for: text.end)).map { String($0.text) }.joined(separator: " ")
    }

    private static func count(for milliseconds: Int) -> Int {
        if milliseconds < shortVideo { return counts.short }
        return milliseconds < longVideo ? counts.usual : counts.long
    }

    static func choose(in text: VideoText, count: Int) -> [SpokenSentence] {
        let candidates = candidates(in: text)
        let fitting = candidates.filter { words.contains($0.wordCount) }
        let sentences = fitting.isEmpty ? candidates : fitting
        let scores = scores(of: sentences, in: text)
        return Centrality.keyPlaces(scores, count: count).map { sentences[$0] }
    }

    /// Each sentence once.
    private static func candidates(in text: VideoText) -> [SpokenSentence] {
        var last = -1
        return text.passages.flatMap(\.spokenSentences).filter { sentence in
            guard sentence.start.milliseconds > last else { return false }
            last = sentence.start.milliseconds
            return true
        }
    }

    private static func scores(of sentences: [SpokenSentence], in text: VideoText) -> [Float] {
        let units = UnitShares(text.segment)
        let words = wordShares(sentences, language: text.video.language)
        return sentences.indices.map { units.share(at: sentences[$0]) + wordsWeight * words[$0] }
    }

    /// How much of the video's vocabulary a sentence holds: its words by the number of sentences that hold them, long
    /// sentences held back.
    private static func wordShares(_ sentences: [SpokenSentence], language: String?) -> [Float] {
        let analysis = TextAnalysis(language: language)
        let terms = sentences.map { sentence in
            Set(analysis.terms(in: String(sentence.text)).filter { !$0.isStopWord }.map(\.hash))
        }
        let frequencies = terms.reduce(into: [UInt64: Float]()) { counts, terms in
            for term in terms { counts[term, default: 0] += 1 }
        }
        let scores = terms.map { terms in
            terms.reduce(Float(0)) { $0 + (frequencies[$1] ?? 0) } / Float(max(1, terms.count)).squareRoot()
        }
        let best = scores.max() ?? 0
        return best > 0 ? scores.map { $0 / best } : scores
    }
}

/// How central the units around a moment are.
private struct UnitShares {
    private let times: [Range<Int>]
    private let shares: [Float]

    init(_ segment: Segment) {
        shares = Centrality.ofUnits(segment)
        times = shares.indices.map { segment.view.unitTimes($0) }
        withExtendedLifetime(segment) {}
    }

    func share(at sentence: SpokenSentence) -> Float {
        let middle = (sentence.start.milliseconds + sentence.end.milliseconds) / 2
        return times.indices.filter { times[$0].contains(middle) }.map { shares[$0] }.max() ?? 0
    }
}
