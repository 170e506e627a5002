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
    /// Words of a sentence that is quoted because its neighbours are.
    static let maximumBridgeWords = 15
    /// A sentence must have at least this share of the best one's score.
    static let leastShareOfBest: Float = 0.7

    /// A sentence that might be quoted.
    struct Candidate: Sendable {
        /// Places: of its passage among those found, and in the passage.
        var source: Int
        var place: Int
        var sentence: SpokenSentence
        var score: Float
    }

    /// Sentences whose own meaning is looked at: each costs some milliseconds.
    static let maximumEmbedded = 12

    private static let passageWeight: Float = 0.25
    private static let wordsWeight: Float = 0.2
    private static let sentenceWeight: Float = 0.5

    /// The sentences of the best passages, scored without their own vectors, best first.
    static func candidates(_ retrieval: Retrieval, question: String) -> [Candidate] {
        let words = QueryWeights(question, retrieval.statistics)
        var seen: Set<String> = []
        var candidates: [Candidate] = []
        for (source, found) in retrieval.passages.prefix(maximumPassages).enumerated() {
            for (place, sentence) in found.passage.spokenSentences.enumerated() {
                guard seen.insert("\(found.video.id) \(sentence.start.milliseconds)").inserted else { continue }
                let share = words.share(of: String(sentence.text), language: found.language)
                let score = found.hit.unitScore(at: sentence) + passageWeight * found.hit.score + wordsWeight * share
                candidates.append(Candidate(source: source, place: place, sentence: sentence, score: score))
            }
        }
        return candidates.sorted { ($0.score, -$0.source, -$0.place) > ($1.score, -$1.source, -$1.place) }
    }

    /// The candidates of which the vectors are, with what they mean by themselves.
    static func adding(_ vectors: Embeddings, of question: [Float], to candidates: [Candidate]) -> [Candidate] {
        guard vectors.count <= candidates.count, vectors.dimensions == question.count else { return candidates }
        return candidates.prefix(vectors.count).enumerated().map { row, candidate in
            var candidate = candidate
            candidate.score += sentenceWeight * zip(vectors[row], question).reduce(0) { $0 + $1.0 * $1.1 }
            return candidate
        }
    }

    /// The best that fit, and the short sentences between them: first those of the best one's passage, inside a passage
    /// in reading order.
    ///
    /// - Parameter all: every sentence of the passages, chosen from or not.
    static func quotes(from candidates: [Candidate], among all: [Candidate]) -> [Candidate] {
        let ranked = candidates.sorted { $0.score > $1.score }
        guard let best = ranked.first else { return [] }
        var chosen: [Candidate] = []
        var words = 0
        for candidate in ranked where chosen.count < maximumSentences {
            guard candidate.score >= best.score * leastShareOfBest else { break }
            guard chosen.isEmpty || words + candidate.sentence.wordCount <= maximumWords else { continue }
            chosen.append(candidate)
            words += candidate.sentence.wordCount
        }
        chosen += bridges(between: chosen, among: all)
        return chosen.sorted { one, other in
            (one.source == best.source ? -1 : one.source, one.place)
                < (other.source == best.source ? -1 : other.source, other.place)
        }
    }

    /// Short sentences that stand alone between two that are quoted: to leave out "It was not." turns what is said
    /// around it into its opposite.
    private static func bridges(between chosen: [Candidate], among all: [Candidate]) -> [Candidate] {
        let places = Set(chosen.map { [$0.source, $0.place] })
        return all.filter { sentence in
            !places.contains([sentence.source, sentence.place])
                && places.contains([sentence.source, sentence.place - 1])
                && places.contains([sentence.source, sentence.place + 1])
                && sentence.sentence.wordCount <= maximumBridgeWords
        }
    }

    /// The best sentence of each of the best passages.
    static func nearest(_ candidates: [Candidate]) -> [Candidate] {
        (0..<maximumPassages).compactMap { source in
            candidates.filter { $0.source == source }.max { $0.score < $1.score }
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
