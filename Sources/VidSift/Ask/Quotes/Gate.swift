/// Decides whether what was found is good enough to be called an answer.
///
/// With vectors: the greatest cosine of a unit, plus something for the question's words that occur in the scope, less
/// something for what is asked for by name ("which *brand*") and occurs nowhere. Chosen by measurement on labelled
/// questions, right and wrong videos and what was never said; on the topic but not said is hardly visible to
/// retrieval, so a refusal is worded softly and shows the nearest moments.
struct Gate: Sendable {
    /// The score that an answer must reach.
    var leastScore: Float = 0.43
    /// What the known share of the question's words adds.
    var wordsWeight: Float = 0.15
    /// What words take away that are asked for and occur nowhere.
    var absenceWeight: Float = 0.12
    /// Share of the question's weight that one passage must hold where there are no vectors.
    var leastShareByWords: Float = 0.5

    /// Why the passages do not answer the question; nil where they do.
    func refusal(_ retrieval: Retrieval, question: String) -> AnswerEvent.Reason? {
        if let reason = Self.refusalOfSurvey(retrieval) { return reason }
        let statistics = retrieval.statistics
        let words = QueryWeights(question, statistics)
        guard statistics.vectors > 0 else {
            let shares = retrieval.passages.map { words.share(of: $0.passage.text, language: $0.language) }
            return (shares.max() ?? 0) >= leastShareByWords ? nil : .notSaid
        }
        let asked = AskedWords.of(question)
        let absent = asked.isEmpty ? 0 : Float(asked.count { !words.isKnown($0) }) / Float(asked.count)
        let score =
            statistics.unitRange.upperBound + wordsWeight * words.knownShare - absenceWeight * absent
        return score >= leastScore ? nil : .notSaid
    }
}

extension Gate {
    /// Why there is nothing to tell of the recordings themselves; nil where there is something.
    static func refusalOfSurvey(_ retrieval: Retrieval) -> AnswerEvent.Reason? {
        let coverage = retrieval.coverage
        guard coverage.searched > 0 else { return coverage.pending > 0 ? .notIndexedYet : .noTranscript }
        return retrieval.passages.isEmpty ? .notSaid : nil
    }
}

/// What an English question asks for by name: the words after `which`, `what`, `whose` or `how many`.
enum AskedWords {
    /// Words that are taken after the question word.
    static let maximum = 3

    private static let openers: Set<Substring> = ["which", "what", "whose", "how"]
    private static let measures: Set<Substring> = ["many", "much", "long", "large", "big"]
    private static let functionWords: Set<Substring> = [
        "a", "about", "above", "across", "after", "am", "an", "and", "any", "are", "as", "at", "be", "been", "before",
        "being", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "for", "from", "had", "has", "have",
        "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "may", "might", "must", "my",
        "no", "not", "of", "off", "on", "or", "our", "over", "shall", "she", "should", "so", "than", "that", "the",
        "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "under", "very", "was", "we",
        "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
    ]

    static func of(_ question: String) -> [String] {
        let words = question.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }
        guard let opener = words.firstIndex(where: openers.contains) else { return [] }
        var rest = words[(opener + 1)...]
        if let first = rest.first, measures.contains(first) { rest.removeFirst() }
        return rest.prefix { !functionWords.contains($0) }.prefix(maximum).map(String.init)
    }
}
