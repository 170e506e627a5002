/// What a search looks at.
enum SearchMode: String, Sendable, CaseIterable {
    /// Words and meaning together; by words alone where there are no vectors.
    case hybrid
    /// Words only (BM25).
    case keyword
    /// Meaning only; finds nothing without a query vector.
    case semantic
}

/// One search.
struct SearchQuery: Sendable {
    /// What is the most that one search returns.
    static let maximumLimit = 1_000

    /// The question; words in quotation marks must occur as they stand.
    var text: String
    /// The question's embedding, unit length, made by the model named `modelName`.
    var vector: [Float]?
    /// Segments of another model are searched by words only; nil takes all whose dimensions fit.
    var modelName: String?
    var mode: SearchMode
    var filter: SearchFilter
    /// Hits wanted, at most `maximumLimit`.
    var limit: Int
    var weights: FusionWeights
    var spread: SpreadRule

    init(
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
struct SearchFilter: Sendable, Hashable {
    /// Ids of videos; nil allows all.
    var videos: Set<String>?
    /// Only passages that touch these milliseconds.
    var milliseconds: Range<Int>?

    init(videos: Set<String>? = nil, milliseconds: Range<Int>? = nil) {
        self.videos = videos
        self.milliseconds = milliseconds
    }
}

/// How much each part counts in a passage's score, after each was brought to 0...1 over the scope.
struct FusionWeights: Sendable, Hashable {
    /// The cosine of the passage's best unit.
    var unit: Float = 1
    /// The cosine of the passage's own vector.
    var passage: Float = 1
    /// BM25. Measured on the transcripts' questions: .6 of either cosine.
    var keyword: Float = 0.6
}

/// How hits are spread over the videos of a scope.
struct SpreadRule: Sendable, Hashable {
    /// What a hit loses for each better one of the same video, of a score in 0...1, when several videos are in scope.
    var penaltyPerVideo: Float = 0.01
    /// Hits of one video at most; nil sets no limit.
    var maximumPerVideo: Int?
    /// Leaves out a passage that was found by the same seconds as its better neighbour.
    var dropsRepeats = true
}
