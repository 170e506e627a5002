/// Decides whether what was found is good enough to be called an answer.
struct Gate: Sendable {
    /// Cosine of the best unit from which a passage answers whatever its words are.
    var sureUnitScore: Float = 0.55
    /// Cosine of the best unit below which nothing answers.
    var leastUnitScore: Float = 0.30
    /// Share of the question's weight that must be found in a passage between the two.
    var leastMatchedShare: Float = 0.35
    /// Share of the question's weight that must be found where there are no vectors.
    var leastShareByWords: Float = 0.5

    /// Why the passages do not answer the question; nil where they do.
    func refusal(_ retrieval: Retrieval) -> AnswerEvent.Reason? {
        let coverage = retrieval.coverage
        guard coverage.searched > 0 else { return coverage.pending > 0 ? .notIndexedYet : .noTranscript }
        guard !retrieval.passages.isEmpty else { return .notSaid }
        return retrieval.passages.prefix(3).contains { passes($0.hit) } ? nil : .notSaid
    }

    private func passes(_ hit: SearchHit) -> Bool {
        guard let unit = hit.unitScore else { return hit.matchedShare >= leastShareByWords }
        if unit >= sureUnitScore { return true }
        return unit >= leastUnitScore && hit.matchedShare >= leastMatchedShare
    }
}
