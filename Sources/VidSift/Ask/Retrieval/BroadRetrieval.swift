internal import Providers

extension Retriever {
    /// The most passages of one video that stand for it.
    static let maximumDigest = 64

    /// What stands for a scope as a whole: of each video its most central passages, in reading order.
    ///
    /// Where there are more videos than passages are wanted, some are taken at even distances, and the coverage says
    /// how many. Nothing is judged: whoever asks for the whole is answered from it.
    ///
    /// - Parameters:
    ///   - limit: the most passages.
    ///   - tokens: what they may have in a prompt, by the estimate.
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func broad(scope: Scope, limit: Int, tokens: Int = .max) async throws -> Retrieval {
        let start = ContinuousClock.now
        var coverage = try await Video.coverage(of: scope, on: database)
        let each = min(max(1, limit / max(1, coverage.searched)), Self.maximumDigest)
        let digests = try await cache.digests(ofPassages: each, in: scope).filter { !$0.isEmpty }
            .sorted { $0[0].video < $1[0].video }
        let chosen = DigestChoice.evenly(digests, atMost: limit)
        let passages = DigestChoice.fitting(try await read(chosen.flatMap(\.self)), tokens: tokens)
        coverage.searched = Set(passages.map(\.video.id)).count
        var statistics = SearchStatistics()
        statistics.videos = digests.count
        return Retrieval(
            passages: passages, vector: nil, statistics: statistics, coverage: coverage, embedMilliseconds: 0,
            searchMilliseconds: (ContinuousClock.now - start) / .milliseconds(1))
    }
}

/// Chooses among the passages that stand for videos; pure.
enum DigestChoice {
    /// At most so many, at even distances.
    static func evenly<Digest>(_ digests: [Digest], atMost limit: Int) -> [Digest] {
        guard digests.count > limit else { return digests }
        return (0..<max(0, limit)).map { digests[$0 * digests.count / limit] }
    }

    /// The passages that fit, first the best one of each video, then the second, as they were ordered.
    static func fitting(_ passages: [Retrieval.Passage], tokens: Int) -> [Retrieval.Passage] {
        var ranks: [VideoID: [Int]] = [:]
        for (place, passage) in passages.enumerated() { ranks[passage.video.id, default: []].append(place) }
        let ofEach = ranks.values.map { places in
            places.sorted { (passages[$0].score, -$0) > (passages[$1].score, -$1) }
        }
        let rounds = ofEach.flatMap { $0.enumerated().map { (round: $0.offset, place: $0.element) } }
            .sorted { ($0.round, $0.place) < ($1.round, $1.place) }
        var left = tokens
        var kept: Set<Int> = []
        for (_, place) in rounds {
            let cost = PassageFence.tokens(of: passages[place])
            guard cost <= left else { break }
            left -= cost
            kept.insert(place)
        }
        return passages.enumerated().filter { kept.contains($0.offset) }.map(\.element)
    }
}
