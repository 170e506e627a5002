/// A passage that was found.
struct SearchHit: Sendable, Hashable {
    var video: String
    /// The passage's place in its video, from 0.
    var passage: Int
    /// Start and end of the passage in milliseconds.
    var milliseconds: Range<Int>
    /// 0...1: the weighted mean of the normalised parts. Good for order; says nothing across searches.
    var score: Float
    /// BM25 as it is, 0 when no word matches.
    var keywordScore: Float
    /// Cosine of the best unit, nil without vectors. The passage's own when it has no units.
    var unitScore: Float?
    /// Cosine of the passage's own vector, nil without vectors.
    var passageScore: Float?
    /// Start and end of the best unit in milliseconds, nil without vectors or units.
    var bestUnit: Range<Int>?
    /// Which part of the query's weight (sum of idf) the passage's words hold, 0...1.
    var matchedShare: Float
}

/// What one search found.
struct SearchResult: Sendable {
    /// Best first; equal scores in the order of video, then passage.
    var hits: [SearchHit]
    var statistics: SearchStatistics
}

/// What one search looked at.
struct SearchStatistics: Sendable, Hashable {
    var videos = 0
    var passages = 0
    /// Vectors that were compared, by signature or in full.
    var vectors = 0
    /// Passages whose score was computed in full.
    var candidates = 0
    /// True when signatures chose the candidates.
    var usedSignatures = false
    /// The best and the worst of the scope (the worst is estimated when signatures chose).
    var keywordRange: ClosedRange<Float> = 0...0
    var unitRange: ClosedRange<Float> = 0...0
    var passageRange: ClosedRange<Float> = 0...0
    /// Distinct words of the query that occur somewhere in scope.
    var wordsFound = 0
    /// Distinct words of the query that were looked up.
    var words = 0
}
