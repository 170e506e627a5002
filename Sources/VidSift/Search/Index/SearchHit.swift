/// A passage that was found.
package struct SearchHit: Sendable, Hashable {
    package var video: String
    /// The passage's place in its video, from 0.
    package var passage: Int
    /// Start and end of the passage in milliseconds.
    package var milliseconds: Range<Int>
    /// 0...1: the weighted mean of the normalised parts. Good for order; says nothing across searches.
    package var score: Float
    /// BM25 as it is, 0 when no word matches.
    package var keywordScore: Float
    /// Cosine of the best unit, nil without vectors. The passage's own when it has no units.
    package var unitScore: Float?
    /// Cosine of the passage's own vector, nil without vectors.
    package var passageScore: Float?
    /// The passage's units in the order of time; none without vectors.
    package var units: [ScoredUnit]
    /// Start and end of the best unit in milliseconds, nil without vectors or units.
    package var bestUnit: Range<Int>? { units.max { $0.score < $1.score }?.milliseconds }
}

/// A unit of a passage that was found.
package struct ScoredUnit: Sendable, Hashable {
    /// Start and end in milliseconds.
    package var milliseconds: Range<Int>
    /// Its cosine with the query.
    package var score: Float
}

/// What one search found.
package struct SearchResult: Sendable {
    /// Best first; equal scores in the order of video, then passage.
    package var hits: [SearchHit]
    package var statistics: SearchStatistics
}

/// What one search looked at.
package struct SearchStatistics: Sendable, Hashable {
    package var videos = 0
    package var passages = 0
    /// Sum of the passages' lengths in words.
    package var totalLength = 0
    /// Vectors that were compared, by signature or in full.
    package var vectors = 0
    /// Passages whose score was computed in full.
    package var candidates = 0
    /// True when signatures chose the candidates.
    package var usedSignatures = false
    /// The best and the worst of the scope (the worst is estimated when signatures chose).
    package var keywordRange: ClosedRange<Float> = 0...0
    package var unitRange: ClosedRange<Float> = 0...0
    package var passageRange: ClosedRange<Float> = 0...0
    /// Distinct words of the query that occur somewhere in scope.
    package var wordsFound = 0
    /// Distinct words of the query that were looked up.
    package var words = 0
    /// How many passages of the scope hold each word that was looked up, by `Term.surface`.
    package var frequencies: [UInt64: Int] = [:]
}
