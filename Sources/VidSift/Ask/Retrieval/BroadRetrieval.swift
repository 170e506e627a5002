extension Retriever {
    /// The most passages of one video that stand for it.
    static let maximumDigest = 64

    /// What stands for a scope as a whole: of each video its most central passages, in reading order.
    ///
    /// Where there are more videos than are wanted, some are taken at even distances, and the coverage says how many.
    /// Nothing is judged: whoever asks for the whole is answered from it.
    ///
    /// - Parameters:
    ///   - limit: the most passages, shared among the videos; each has one at least.
    ///   - videos: the most videos.
    /// - Throws: `DatabaseError`, `CancellationError`.
    package func broad(scope: Scope, limit: Int, videos: Int) async throws -> Retrieval {
        let start = ContinuousClock.now
        var coverage = try await Video.coverage(of: scope, on: database)
        let each = min(max(1, limit / max(1, coverage.searched)), Self.maximumDigest)
        let digests = try await cache.digests(ofPassages: each, in: scope).filter { !$0.isEmpty }
            .sorted { $0[0].video < $1[0].video }
        let passages = try await read(DigestChoice.evenly(digests, atMost: videos).flatMap(\.self))
        coverage.searched = passages.videos.count
        var statistics = SearchStatistics()
        statistics.videos = digests.count
        return Retrieval(
            passages: passages, vector: nil, statistics: statistics, coverage: coverage, embedMilliseconds: 0,
            searchMilliseconds: (ContinuousClock.now - start) / .milliseconds(1))
    }
}

extension [Retrieval.Passage] {
    /// The videos that they are of.
    var videos: Set<VideoID> { Set(map(\.video.id)) }

    /// What they cost in a prompt at most.
    var tokens: Int { reduce(0) { $0 + PassageFence.tokens(of: $1) } }
}

/// Chooses among the passages that stand for videos; pure.
enum DigestChoice {
    /// At most so many, at even distances.
    static func evenly<Digest>(_ digests: [Digest], atMost limit: Int) -> [Digest] {
        guard digests.count > limit else { return digests }
        return (0..<max(0, limit)).map { digests[$0 * digests.count / limit] }
    }

    /// The best passage of each video, as they were ordered.
    static func best(ofEach passages: [Retrieval.Passage]) -> [Retrieval.Passage] {
        bestPlaces(ofEach: passages).map { passages[$0] }
    }

    /// The places of the best passages of the videos.
    static func bestPlaces(ofEach passages: [Retrieval.Passage]) -> [Int] {
        rounds(of: passages).prefix { $0.round == 0 }.map(\.place)
    }

    /// The passages that fit, first the best one of each video, then the second, as they were ordered. Where not even
    /// the first ones fit, those of some videos at even distances.
    static func fitting(_ passages: [Retrieval.Passage], tokens: Int) -> [Retrieval.Passage] {
        let best = best(ofEach: passages)
        var some = best
        while some.tokens > max(0, tokens) {
            some = evenly(some, atMost: min(some.count - 1, some.count * max(0, tokens) / some.tokens))
        }
        guard some.count == best.count else { return some }
        var left = tokens
        var kept: Set<Int> = []
        for (_, place) in rounds(of: passages) {
            let cost = PassageFence.tokens(of: passages[place])
            guard cost <= left else { break }
            left -= cost
            kept.insert(place)
        }
        return passages.enumerated().filter { kept.contains($0.offset) }.map(\.element)
    }

    /// The places of the passages: those of the best ones of all videos, then those of the second ones.
    private static func rounds(of passages: [Retrieval.Passage]) -> [(round: Int, place: Int)] {
        var ranks: [VideoID: [Int]] = [:]
        for (place, passage) in passages.enumerated() { ranks[passage.video.id, default: []].append(place) }
        let ofEach = ranks.values.map { places in
            places.sorted { (passages[$0].score, -$0) > (passages[$1].score, -$1) }
        }
        return ofEach.flatMap { $0.enumerated().map { (round: $0.offset, place: $0.element) } }
            .sorted { ($0.round, $0.place) < ($1.round, $1.place) }
    }
}
