/// One search over one scope, from its parts to its hits.
struct Ranking {
    /// The best passages by words that are scored by meaning too when signatures choose the candidates.
    static let keywordCandidates = 500

    private let query: SearchQuery
    private let scope: SearchScope
    private let terms: [QueryTerms]
    private let allowed: [Bool]?
    private let keyword: KeywordScoring
    private let semantic: SemanticScoring?

    init(query: SearchQuery, scope: SearchScope) {
        self.query = query
        self.scope = scope
        let text = QueryText(query.text)
        terms = scope.languages.map { QueryTerms(text, language: $0) }
        let allowed = Self.allowed(query.filter, terms, scope)
        self.allowed = allowed
        keyword = KeywordScoring(terms: terms, scope: scope, corpus: query.corpus)
        guard query.mode != .keyword, let vector = query.vector.flatMap({ QueryVector($0) }) else {
            semantic = nil
            return
        }
        let others = query.mode == .hybrid ? Self.best(keyword.scores, allowed, Self.keywordCandidates) : []
        semantic = SemanticScoring(
            query: vector, modelName: query.modelName, scope: scope, allowed: allowed, others: others)
    }

    func result() -> SearchResult {
        var statistics = SearchStatistics()
        statistics.videos = scope.entries.count
        statistics.passages = scope.passages
        statistics.totalLength = scope.totalLength
        statistics.vectors = semantic?.vectors ?? 0
        statistics.usedSignatures = semantic?.usedSignatures ?? false
        statistics.unitRange = semantic?.unitRange ?? 0...0
        statistics.passageRange = semantic?.passageRange ?? 0...0
        statistics.keywordRange = keywordRange()
        statistics.words = keyword.wordWeights.count { $0 > 0 }
        statistics.wordsFound = keyword.documentFrequencies.count { $0 > 0 }
        statistics.frequencies = keyword.frequencies(terms)
        let fusion = Fusion(weights: query.weights, mode: query.mode, statistics: statistics)
        let limit = max(0, min(query.limit, SearchQuery.maximumLimit))
        let pool = candidates(fusion, count: limit * 4 + 64, statistics: &statistics)
        let hits = query.spread.chosen(from: pool.map(hit), limit: limit, severalVideos: scope.entries.count > 1)
        return SearchResult(hits: hits, statistics: statistics)
    }

    /// The best passages of the scope by their fused score.
    private func candidates(_ fusion: Fusion, count: Int, statistics: inout SearchStatistics) -> [Candidate] {
        var best = BestCandidates(limit: count) { tie($0, $1) }
        if let semantic {
            for cosines in semantic.candidates {
                let keyword = keyword.scores[cosines.passage]
                best.insert(
                    Candidate(
                        passage: cosines.passage,
                        score: fusion.score(unit: cosines.unit, passage: cosines.own, keyword: keyword),
                        keyword: keyword,
                        unit: cosines.unit, own: cosines.own))
            }
            statistics.candidates = semantic.candidates.count
        }
        guard query.mode != .semantic else { return best.sorted() }
        for segment in scope.views.indices where semantic?.usable[segment] != true {
            for passage in scope.bases[segment]..<scope.bases[segment + 1] {
                let score = keyword.scores[passage]
                guard score > 0, allowed?[passage] ?? true else { continue }
                best.insert(
                    Candidate(
                        passage: passage, score: fusion.score(unit: nil, passage: nil, keyword: score), keyword: score))
                statistics.candidates += 1
            }
        }
        return best.sorted()
    }

    private func tie(_ a: Int, _ b: Int) -> Bool {
        let (first, second) = (scope.locate(a), scope.locate(b))
        let (one, other) = (scope.entries[first.segment].video, scope.entries[second.segment].video)
        return one == other ? first.passage < second.passage : one < other
    }

    private func hit(_ candidate: Candidate) -> SearchHit {
        let (segment, passage) = scope.locate(candidate.passage)
        let entry = scope.entries[segment]
        let units = candidate.unit == nil ? nil : semantic?.units(segment: segment, passage: passage)
        return SearchHit(
            video: entry.video, passage: passage, milliseconds: entry.view.passageTimes(passage),
            score: candidate.score, keywordScore: candidate.keyword, unitScore: candidate.unit,
            passageScore: candidate.own, units: units ?? [])
    }

    private func keywordRange() -> ClosedRange<Float> {
        var low = Float.infinity
        var high: Float = 0
        for passage in keyword.scores.indices where allowed?[passage] ?? true {
            low = min(low, keyword.scores[passage])
            high = max(high, keyword.scores[passage])
        }
        return low <= high ? low...high : 0...0
    }

    private static func allowed(_ filter: SearchFilter, _ terms: [QueryTerms], _ scope: SearchScope) -> [Bool]? {
        let phrases = PhraseFilter(terms: terms)
        guard phrases != nil || filter.milliseconds != nil else { return nil }
        var allowed = [Bool](repeating: true, count: scope.passages)
        if let wanted = filter.milliseconds {
            for (segment, entry) in scope.entries.enumerated() {
                for passage in 0..<Int(entry.view.passages) {
                    allowed[scope.bases[segment] + passage] = entry.view.passageTimes(passage).overlaps(wanted)
                }
            }
        }
        phrases?.restrict(&allowed, scope: scope)
        return allowed
    }

    /// The passages with the highest scores above 0.
    private static func best(_ scores: [Float], _ allowed: [Bool]?, _ count: Int) -> [Int] {
        var best = BestCandidates(limit: count) { $0 < $1 }
        for passage in scores.indices where scores[passage] > 0 && allowed?[passage] ?? true {
            best.insert(Candidate(passage: passage, score: scores[passage], keyword: scores[passage]))
        }
        return best.sorted().map(\.passage)
    }
}
