extension SearchResult {
    /// Brings the results of several parts of one scope onto one scale: the parts' raw scores are normalised again over
    /// what all of them saw. The parts must have been searched with the statistics of the whole (`SearchQuery.corpus`).
    static func merged(_ results: [SearchResult], for query: SearchQuery) -> SearchResult {
        var statistics = SearchStatistics()
        for (place, result) in results.enumerated() { statistics.add(result.statistics, isFirst: place == 0) }
        let fusion = Fusion(weights: query.weights, mode: query.mode, statistics: statistics)
        var hits = results.flatMap(\.hits)
        for index in hits.indices {
            hits[index].score = fusion.score(
                unit: hits[index].unitScore, passage: hits[index].passageScore, keyword: hits[index].keywordScore)
        }
        hits.sort { one, other in
            if one.score != other.score { return one.score > other.score }
            return (one.video, one.passage) < (other.video, other.passage)
        }
        let limit = max(0, min(query.limit, SearchQuery.maximumLimit))
        let chosen = query.spread.chosen(from: hits, limit: limit, severalVideos: statistics.videos > 1)
        return SearchResult(hits: chosen, statistics: statistics)
    }
}

extension SearchStatistics {
    fileprivate mutating func add(_ other: SearchStatistics, isFirst: Bool) {
        videos += other.videos
        passages += other.passages
        totalLength += other.totalLength
        vectors += other.vectors
        candidates += other.candidates
        usedSignatures = usedSignatures || other.usedSignatures
        wordsFound = max(wordsFound, other.wordsFound)
        words = max(words, other.words)
        frequencies.merge(other.frequencies) { $0 + $1 }
        keywordRange = isFirst ? other.keywordRange : keywordRange.union(other.keywordRange)
        unitRange = isFirst ? other.unitRange : unitRange.union(other.unitRange)
        passageRange = isFirst ? other.passageRange : passageRange.union(other.passageRange)
    }
}

extension ClosedRange<Float> {
    fileprivate func union(_ other: ClosedRange<Float>) -> ClosedRange<Float> {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }
}
