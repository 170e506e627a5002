package import Providers

/// Runs a BEIR set through the search core alone: each document is one passage, its vector is passage and unit at once.
package struct RetrievalSetEvaluation: Sendable {
    /// Passages of one segment; a larger set is several.
    static let passagesPerSegment = 32_768

    let set: RetrievalSet
    private let index: SearchIndex
    /// One a query, in their order; nil by words alone.
    private let queryVectors: Embeddings?
    private let modelName: String
    private let embedMilliseconds: Double

    /// Embeds the documents and queries, or takes their vectors from a file, and builds the index in memory.
    ///
    /// - Parameters:
    ///   - language: of the documents, for stemming.
    ///   - vectorFile: where vectors are kept from one run to the next; nil keeps none.
    ///   - onStep: called with how many texts are embedded, of how many.
    /// - Throws: `EvaluationError`, `ProviderError`, `CancellationError`.
    package init(
        _ set: RetrievalSet, embedder: Embedder, language: String = "en", vectorFile: String? = nil,
        onStep: (Int, Int) -> Void = { _, _ in }
    ) async throws {
        self.set = set
        let clock = ContinuousClock()
        let texts = set.documents.map(\.embedded)
        let documents = try await VectorFile(path: vectorFile).vectors(of: texts, by: embedder, onStep: onStep)
        let start = clock.now
        queryVectors = documents == nil ? nil : try await embedder.embed(set.queries.map(\.text))
        embedMilliseconds = (clock.now - start) / .milliseconds(1) / Double(max(1, set.queries.count))
        modelName = embedder.segmentModel
        index = try Self.index(of: set.documents, documents, model: modelName, language: language)
    }

    /// Whether it can search by meaning.
    package var hasVectors: Bool { queryVectors != nil }

    /// Runs every query.
    package func run(mode: SearchMode) -> Figures {
        let clock = ContinuousClock()
        var firstHits: [Int?] = []
        var gains: [Double] = []
        var milliseconds: [Double] = []
        for (row, query) in set.queries.enumerated() {
            let start = clock.now
            let hits = index.search(search(query, row: row, mode: mode)).hits
            let embedding = mode == .keyword || queryVectors == nil ? 0 : embedMilliseconds
            milliseconds.append((clock.now - start) / .milliseconds(1) + embedding)
            let grades = hits.map { query.relevant[set.documents[document(of: $0)]._id] ?? 0 }
            firstHits.append(grades.firstIndex { $0 > 0 }.map { $0 + 1 })
            gains.append(
                RankedGain.normalised(grades.map(Double.init), ideal: query.relevant.values.map(Double.init)))
        }
        var figures = Figures(firstHits: firstHits, gains: gains)
        figures.search = Figures.Latency(milliseconds)
        return figures
    }

    private func search(_ query: RetrievalSet.Query, row: Int, mode: SearchMode) -> SearchQuery {
        // Documents are not moments of one recording: there is nothing to spread.
        var spread = SpreadRule()
        (spread.penaltyPerVideo, spread.maximumPerVideo, spread.maximumOverlap) = (0, nil, 1)
        return SearchQuery(
            text: query.text, vector: mode == .keyword ? nil : queryVectors.map { Array($0[row]) },
            modelName: modelName, mode: mode, limit: Judgement.depth, spread: spread)
    }

    private func document(of hit: SearchHit) -> Int {
        (Int(hit.video) ?? 0) * Self.passagesPerSegment + hit.passage
    }

    private static func index(
        of documents: [RetrievalSet.Document], _ vectors: Embeddings?, model: String, language: String
    ) throws -> SearchIndex {
        var index = SearchIndex()
        for (number, start) in stride(from: 0, to: documents.count, by: passagesPerSegment).enumerated() {
            var builder = SegmentBuilder(
                language: language, modelName: vectors == nil ? "" : model, dimensions: vectors?.dimensions ?? 0)
            for row in start..<min(documents.count, start + passagesPerSegment) {
                let second = (row - start) * 1000
                builder.addPassage(
                    text: documents[row].text, context: documents[row].title, startMilliseconds: second,
                    endMilliseconds: second + 1000, embedding: vectors?[row])
            }
            index.add(try Segment(builder.build()), video: String(number))
        }
        return index
    }
}

extension RetrievalSet.Document {
    /// Title and text, as the sets are usually embedded.
    fileprivate var embedded: String {
        [title ?? "", text].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
