internal import Captions
internal import Database
package import Foundation
internal import Providers

/// Finds the passages of a scope that fit a question.
package struct Retriever: Sendable {
    let database: Database
    let cache: SegmentCache
    let embedder: Embedder
    /// What links to our own pages begin with.
    let pageBase: String

    /// A question about some videos.
    package struct Request: Sendable {
        package var question: String
        package var scope: Scope
        package var mode: SearchMode
        package var limit: Int
        /// Only what is said between these moments.
        package var milliseconds: Range<Int>?

        package init(
            question: String, scope: Scope, mode: SearchMode = .hybrid, limit: Int, milliseconds: Range<Int>? = nil
        ) {
            self.question = question
            self.scope = scope
            self.mode = mode
            self.limit = limit
            self.milliseconds = milliseconds
        }
    }

    /// Searches, and reads what was found.
    ///
    /// - Throws: `ProviderError`, `DatabaseError`, `CancellationError`.
    package func retrieve(_ request: Request) async throws -> Retrieval {
        let clock = ContinuousClock()
        let start = clock.now
        let vector = request.mode == .keyword ? nil : try await embedder.embed([request.question])?[0]
        let embedded = clock.now
        var query = SearchQuery(
            text: request.question, vector: vector.map(Array.init), modelName: embedder.segmentModel,
            mode: request.mode, limit: request.limit)
        query.filter.milliseconds = request.milliseconds
        let result = try await cache.search(query, in: request.scope)
        let passages = try await read(result.hits)
        return Retrieval(
            passages: passages, vector: vector.map(Array.init), statistics: result.statistics,
            coverage: try await Video.coverage(of: request.scope, on: database),
            embedMilliseconds: (embedded - start) / .milliseconds(1),
            searchMilliseconds: (clock.now - embedded) / .milliseconds(1))
    }

    /// The text and the video of each hit; what was deleted meanwhile is left out.
    func read(_ hits: [SearchHit]) async throws -> [Retrieval.Passage] {
        let keys = hits.compactMap { hit in VideoID(hit.video).map { ($0, hit.passage) } }
        let stored = try await StoredPassage.get(keys, on: database)
        let videos = try await Video.get(Array(Set(keys.map(\.0))), on: database)
        let byKey = Dictionary(
            stored.map { ("\($0.videoID)/\($0.ordinal)", $0) }, uniquingKeysWith: { first, _ in first })
        var passages: [Retrieval.Passage] = []
        passages.reserveCapacity(hits.count)
        for hit in hits {
            guard let passage = byKey["\(hit.video)/\(hit.passage)"], let video = videos[passage.videoID],
                hit.milliseconds.lowerBound == passage.startMilliseconds
            else { continue }
            passages.append(Retrieval.Passage(hit: hit, passage: passage, video: video, pageBase: pageBase))
        }
        return passages
    }

    package func reference(to video: Video) -> VideoReference { VideoReference(video, pageBase: pageBase) }
}

/// What was found for a question.
package struct Retrieval: Sendable {
    /// A passage that was found, best first.
    package struct Passage: Sendable {
        package var hit: SearchHit
        package var passage: StoredPassage
        package var video: VideoReference
        package var language: String?
        /// When the video was added; nil where it is not known.
        package var addedAt: Date?

        package var score: Double { Double(hit.score) }
    }

    package var passages: [Passage]
    /// The question's own vector; nil by words alone.
    var vector: [Float]?
    var statistics: SearchStatistics
    package var coverage: Coverage
    package var embedMilliseconds: Double
    package var searchMilliseconds: Double
}

extension Retrieval.Passage {
    init(hit: SearchHit, passage: StoredPassage, video: Video, pageBase: String) {
        self.init(
            hit: hit, passage: passage, video: VideoReference(video, pageBase: pageBase), language: video.language,
            addedAt: video.createdAt)
    }
}

extension VideoReference {
    fileprivate init(_ video: Video, pageBase: String) {
        self.init(id: video.id, youtubeID: video.youtubeID, title: video.title, pageBase: pageBase)
    }
}

extension [Retrieval.Passage] {
    /// The first passages; where there are no more, the array itself and not a copy.
    func limited(to count: Int) -> [Retrieval.Passage] { self.count <= count ? self : Array(prefix(count)) }
}
