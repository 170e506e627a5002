/// What a search looks at.
package enum SearchMode: String, Sendable, CaseIterable {
    /// Words and meaning together; by words alone where there are no vectors.
    case hybrid
    /// Words only (BM25).
    case keyword
    /// Meaning only; finds nothing without a query vector.
    case semantic
}

/// One search.
package struct SearchQuery: Sendable {
    /// What is the most that one search returns.
    package static let maximumLimit = 1_000

    /// The question; words in quotation marks must occur as they stand.
    package var text: String
    /// The question's embedding, unit length, made by the model named `modelName`.
    package var vector: [Float]?
    /// Segments of another model are searched by words only; nil takes all whose dimensions fit.
    package var modelName: String?
    package var mode: SearchMode
    package var filter: SearchFilter
    /// Hits wanted, at most `maximumLimit`.
    package var limit: Int
    /// The corpus that BM25's statistics are taken from, where the scope is searched in parts; nil: what is searched.
    package var corpus: CorpusStatistics?
    package var weights: FusionWeights
    package var spread: SpreadRule

    package init(
        text: String, vector: [Float]? = nil, modelName: String? = nil, mode: SearchMode = .hybrid,
        filter: SearchFilter = SearchFilter(), limit: Int = 10, weights: FusionWeights = FusionWeights(),
        spread: SpreadRule = SpreadRule()
    ) {
        self.text = text
        self.vector = vector
        self.modelName = modelName
        self.mode = mode
        self.filter = filter
        self.limit = limit
        self.weights = weights
        self.spread = spread
    }
}

/// Which passages of an index a search may return. Statistics (how rare a word is) are those of the videos it allows.
package struct SearchFilter: Sendable, Hashable {
    /// Ids of videos; nil allows all.
    package var videos: Set<String>?
    /// Only passages that touch these milliseconds.
    package var milliseconds: Range<Int>?

    package init(videos: Set<String>? = nil, milliseconds: Range<Int>? = nil) {
        self.videos = videos
        self.milliseconds = milliseconds
    }
}

/// How much each part counts in a passage's score, after each was brought to 0...1 over the scope.
package struct FusionWeights: Sendable, Hashable {
    /// The cosine of the passage's best unit.
    package var unit: Float = 1
    /// The cosine of the passage's own vector.
    package var passage: Float = 1
    /// BM25. Measured on the transcripts' questions, TutorialVQA and SciFact: .6 to .8 of either cosine.
    package var keyword: Float = 0.8

    package init() {}
}

/// How hits are spread over the videos of a scope.
package struct SpreadRule: Sendable, Hashable {
    /// What a hit loses for each better one of the same video, of a score in 0...1, when several videos are in scope.
    package var penaltyPerVideo: Float = 0.01
    /// Hits of one video at most; nil sets no limit.
    package var maximumPerVideo: Int?
    /// A passage is left out when it shares more than this part of its time with a better one of its video (of the
    /// shorter one's time, 0...1). Passages overlap; measured, this is worth .05 of MRR where they do so by two thirds.
    package var maximumOverlap: Float = 0.25

    package init() {}
}
