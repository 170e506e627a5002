internal import Foundation

/// How well each stretch of the evidence holds the words of one claim.
struct EvidenceMatch: Sendable {
    /// Neighbouring sentences that are cited as one.
    static let longestWindow = 3
    /// What a further sentence must add to the share, so that it is cited too.
    static let leastGain = 0.12
    /// In a smaller body of evidence a word that occurs would weigh next to nothing.
    static let fewestSentences = 20.0
    private static let tie = 1e-9

    /// Neighbouring sentences and the share of the claim's weight that their words hold.
    struct Window: Sendable, Hashable {
        var sentences: Range<Int>
        var share: Double
        /// Distinct words of the claim that they hold.
        var words: Int
        /// Whether they hold a quotation of the claim, word for word.
        var isQuoted = false
    }

    let claim: Claim
    private let evidence: Evidence
    /// For each sentence the words of the claim that it holds, a bit each.
    private var held: [UInt64]
    /// The weight of each word, by the place of the language among those of the evidence.
    private var weights: [[Double]] = []
    private var quoted: [Range<Int>] = []

    init(_ claim: Claim, in evidence: Evidence) {
        self.claim = claim
        self.evidence = evidence
        held = Array(repeating: 0, count: evidence.sentences.count)
        for language in evidence.languages.indices { look(for: claim, in: language) }
    }

    /// Words of the claim that carry meaning, in the passage's language.
    func wordCount(for passage: Int) -> Int { weights[evidence.languageOfPassage[passage]].count }

    /// The stretch of a passage that holds most of the claim; the shorter where a longer one adds little.
    func best(in passage: Int) -> Window? {
        let range = evidence.sentencesOfPassage[passage]
        if let quoted = quoted.first(where: { range.contains($0.lowerBound) }) {
            var window = window(quoted)
            window.isQuoted = true
            return window
        }
        var best: (window: Window, score: Double)?
        for first in range {
            for length in 1..<min(Self.longestWindow, range.upperBound - first) + 1 {
                let window = window(first..<first + length)
                let score = window.share - Double(length - 1) * Self.leastGain
                if best.map({ score > $0.score + Self.tie }) ?? true { best = (window, score) }
            }
        }
        return best?.window
    }

    /// The passage that holds most of the claim.
    func bestPassage(but excluded: Int?) -> Window? {
        var best: Window?
        for passage in 0..<evidence.count where passage != excluded {
            guard let window = self.best(in: passage) else { continue }
            if best.map({ isBetter(window, than: $0) }) ?? true { best = window }
        }
        return best
    }

    private func isBetter(_ window: Window, than other: Window) -> Bool {
        if window.isQuoted != other.isQuoted { return window.isQuoted }
        return window.share > other.share + Self.tie
    }

    /// The sentences of a passage that hold most of the claim, best first, each by itself.
    func candidates(in passage: Int, limit: Int) -> [Window] {
        let windows = evidence.sentencesOfPassage[passage].map { window($0..<$0 + 1) }
        return Array(
            windows.sorted { ($0.share, $1.sentences.lowerBound) > ($1.share, $0.sentences.lowerBound) }
                .prefix(limit))
    }

    func window(_ sentences: Range<Int>) -> Window {
        let passage = evidence.sentences[sentences.lowerBound].passage
        let weights = weights[evidence.languageOfPassage[passage]]
        let words = held[sentences].reduce(0, |)
        var sum = 0.0
        var total = 0.0
        for (bit, weight) in weights.enumerated() {
            total += weight
            if words & (1 << UInt64(bit)) != 0 { sum += weight }
        }
        return Window(sentences: sentences, share: total > 0 ? sum / total : 0, words: words.nonzeroBitCount)
    }

    private mutating func look(for claim: Claim, in place: Int) {
        let language = evidence.languages[place]
        let words = claim.words(language: language)
        let places = Dictionary(words.enumerated().map { ($1, UInt64($0)) }, uniquingKeysWith: { first, _ in first })
        let filter = words.reduce(UInt64(0)) { $0 | 1 << UInt64($1 & 63) }
        let quotes = claim.quotedWords(language: language)
        var frequencies = Array(repeating: 0.0, count: words.count)
        for passage in 0..<evidence.count where evidence.languageOfPassage[passage] == place {
            let range = evidence.sentencesOfPassage[passage]
            for sentence in range {
                for term in evidence.terms(of: sentence) where filter & (1 << UInt64(term & 63)) != 0 {
                    if let place = places[term] { held[sentence] |= 1 << place }
                }
                for bit in frequencies.indices where held[sentence] & (1 << UInt64(bit)) != 0 { frequencies[bit] += 1 }
            }
            for quote in quotes { if let place = find(quote, in: range) { quoted.append(place) } }
        }
        let count = max(Self.fewestSentences, Double(evidence.sentences.count))
        weights.append(frequencies.map { log(1 + (count - $0 + 0.5) / (max(1, $0) + 0.5)) })
    }

    /// The sentences of a passage in which words stand one after the other.
    private func find(_ words: [UInt32], in range: Range<Int>) -> Range<Int>? {
        guard let first = range.first else { return nil }
        let start = first == 0 ? 0 : evidence.sentences[first - 1].termsEnd
        let end = evidence.sentences[range.upperBound - 1].termsEnd
        guard end - start >= words.count, words.count <= Claim.maximumWords else { return nil }
        for place in start...(end - words.count)
        where evidence.terms[place] == words[0] && evidence.terms[place..<place + words.count].elementsEqual(words) {
            let sentence = evidence.sentences[range].firstIndex { $0.termsEnd > place } ?? first
            let last = evidence.sentences[range].firstIndex { $0.termsEnd >= place + words.count } ?? sentence
            return sentence..<min(last + 1, sentence + Self.longestWindow)
        }
        return nil
    }
}
