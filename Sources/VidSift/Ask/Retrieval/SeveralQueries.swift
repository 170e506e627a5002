internal import Providers

extension Retriever {
    /// The wordings of one question that are searched for.
    static let maximumQueries = 3

    /// Searches for several wordings of one question, embedded in one call.
    ///
    /// The first one judges: its vector and its statistics are the result's, and what only another wording finds is
    /// scored on the first one's scale.
    ///
    /// - Throws: `ProviderError`, `DatabaseError`, `CancellationError`.
    package func retrieve(_ queries: [String], scope: Scope, limit: Int) async throws -> Retrieval {
        guard queries.count > 1 else {
            return try await retrieve(Request(question: queries.first ?? "", scope: scope, limit: limit))
        }
        let texts = Array(queries.prefix(Self.maximumQueries))
        let clock = ContinuousClock()
        let start = clock.now
        let vectors = try await embedder.embed(texts)
        let embedded = clock.now
        var found: [SearchResult] = []
        for (row, text) in texts.enumerated() {
            let query = SearchQuery(
                text: text, vector: vectors.map { Array($0[row]) }, modelName: embedder.segmentModel, limit: limit)
            found.append(try await cache.search(query, in: scope))
        }
        let result = SearchResult.ofSeveral(found, limit: limit)
        return Retrieval(
            passages: try await read(result.hits), vector: vectors.map { Array($0[0]) }, statistics: result.statistics,
            coverage: try await Video.coverage(of: scope, on: database),
            embedMilliseconds: (embedded - start) / .milliseconds(1),
            searchMilliseconds: (clock.now - embedded) / .milliseconds(1))
    }
}

extension SearchResult {
    /// The best passages that several wordings of one question have found, each once, on the scale of the first.
    static func ofSeveral(_ results: [SearchResult], limit: Int) -> SearchResult {
        guard let first = results.first else { return SearchResult(hits: [], statistics: SearchStatistics()) }
        let fusion = Fusion(weights: FusionWeights(), mode: .hybrid, statistics: first.statistics)
        var best: [PassageKey: SearchHit] = [:]
        for (place, result) in results.enumerated() {
            for var hit in result.hits {
                if place > 0 {
                    hit.score = fusion.score(
                        unit: hit.unitScore, passage: hit.passageScore, keyword: hit.keywordScore)
                }
                let key = PassageKey(video: hit.video, passage: hit.passage)
                if let known = best[key], known.score >= hit.score { continue }
                best[key] = hit
            }
        }
        let hits = best.values.sorted { one, other in
            one.score != other.score
                ? one.score > other.score : (one.video, one.passage) < (other.video, other.passage)
        }
        let chosen = SpreadRule().chosen(from: hits, limit: limit, severalVideos: first.statistics.videos > 1)
        return SearchResult(hits: chosen, statistics: first.statistics)
    }
}

/// Which passage of which video.
private struct PassageKey: Hashable {
    var video: String
    var passage: Int
}
