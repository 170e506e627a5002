internal import Captions
internal import Providers

/// Chooses the sentences that answer: by the unit they are said in, by their passage, by the question's words they hold
/// and, where there is a model, by their own meaning.
///
/// The weights were measured on labelled questions: the first sentence lies in the labelled span in 57 % of cases,
/// against 50 % for the sentences of the best unit and 48 % without the sentences' own vectors.
struct SentenceChoice: Sendable {
    /// Passages whose sentences are looked at.
    static let maximumPassages = 3
    /// Sentences of one answer, and their words: what a person wants to read.
    static let maximumSentences = 4
    static let maximumWords = 80

    /// A sentence that might be quoted.
    struct Candidate: Sendable {
        /// Places: of its passage among those found, and in the passage.
        var source: Int
        var place: Int
        var sentence: SpokenSentence
        var score: Float
    }

    private static let passageWeight: Float = 0.25
    private static let wordsWeight: Float = 0.2
    private static let sentenceWeight: Float = 0.5

    /// The sentences of the best passages, scored without their own vectors.
    static func candidates(_ retrieval: Retrieval, question: String) -> [Candidate] {
        let words = QueryWeights(question, retrieval.statistics)
        var seen: Set<String> = []
        return retrieval.passages.prefix(maximumPassages).enumerated().flatMap { source, found in
            found.passage.spokenSentences.enumerated().compactMap { place, sentence in
                guard seen.insert("\(found.video.id) \(sentence.start.milliseconds)").inserted else { return nil }
                let share = words.share(of: String(sentence.text), language: found.language)
                let score = found.hit.unitScore(at: sentence) + passageWeight * found.hit.score + wordsWeight * share
                return Candidate(source: source, place: place, sentence: sentence, score: score)
            }
        }
    }

    /// Adds what the sentences mean by themselves.
    static func adding(_ vectors: Embeddings, of question: [Float], to candidates: [Candidate]) -> [Candidate] {
        guard vectors.count == candidates.count, vectors.dimensions == question.count else { return candidates }
        return candidates.enumerated().map { row, candidate in
            var candidate = candidate
            candidate.score += sentenceWeight * zip(vectors[row], question).reduce(0) { $0 + $1.0 * $1.1 }
            return candidate
        }
    }

    /// The best that fit: first the passage of the best one, inside a passage in reading order, neighbours joined.
    static func quotes(from candidates: [Candidate]) -> [Quote] {
        var chosen: [Candidate] = []
        var words = 0
        for candidate in candidates.sorted(by: { $0.score > $1.score }) where chosen.count < maximumSentences {
            guard chosen.isEmpty || words + candidate.sentence.wordCount <= maximumWords else { continue }
            chosen.append(candidate)
            words += candidate.sentence.wordCount
        }
        guard let best = chosen.first else { return [] }
        chosen.sort { one, other in
            (one.source == best.source ? -1 : one.source, one.place)
                < (other.source == best.source ? -1 : other.source, other.place)
        }
        return chosen.reduce(into: []) { quotes, candidate in
            if quotes.last?.continues(with: candidate) == true {
                quotes[quotes.count - 1].append(candidate)
            } else {
                quotes.append(Quote(candidate))
            }
        }
    }
}

extension SearchHit {
    /// The best cosine of the units in which a sentence's middle lies; without vectors none.
    fileprivate func unitScore(at sentence: SpokenSentence) -> Float {
        let middle = (sentence.start.milliseconds + sentence.end.milliseconds) / 2
        let around = units.filter { $0.milliseconds.contains(middle) }
        return (around.isEmpty ? units.map(\.score).min() : around.map(\.score).max()) ?? 0
    }
}

/// Consecutive sentences of one passage that speak to the question.
struct Quote: Sendable {
    /// The place of its passage among those found.
    var source: Int
    var text: String
    var start: MediaTime
    var end: MediaTime
    var precision: TimePrecision
    /// The place of its last sentence in the passage.
    private var lastPlace: Int

    init(_ candidate: SentenceChoice.Candidate) {
        source = candidate.source
        text = String(candidate.sentence.text)
        start = candidate.sentence.start
        end = max(start, candidate.sentence.end)
        precision = candidate.sentence.precision
        lastPlace = candidate.place
    }

    /// The longest silence inside one quote.
    static let longestSilence = MediaTime(milliseconds: 4_000)

    func continues(with candidate: SentenceChoice.Candidate) -> Bool {
        candidate.source == source && candidate.place == lastPlace + 1
            && candidate.sentence.start.milliseconds - end.milliseconds <= Self.longestSilence.milliseconds
    }

    mutating func append(_ candidate: SentenceChoice.Candidate) {
        text += " " + candidate.sentence.text
        end = max(end, candidate.sentence.end)
        lastPlace = candidate.place
    }
}
