import Foundation
import Testing

@testable import VidSift

@Suite("BM25")
struct KeywordScoringTests {
    /// Made by `bm25s-scores.py` with the Python package bm25s on the same tokens.
    private struct Expected: Decodable {
        struct Query: Decodable {
            var text: String
            var scores: [Float]
        }
        var k1: Float
        var b: Float
        var passages: [String]
        var queries: [Query]
    }

    @Test("scores are those of bm25s on the same tokens, however the passages lie in segments", arguments: [1, 3, 50])
    func bm25s(passagesPerSegment: Int) throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "bm25s-scores.json")
        let cases = try JSONDecoder().decode([Expected].self, from: Data(contentsOf: url))
        for expected in cases {
            let starts = stride(from: 0, to: expected.passages.count, by: passagesPerSegment)
            let segments = try starts.map { start in
                try segment(Array(expected.passages[start...].prefix(passagesPerSegment)), language: nil)
            }
            let index = SearchIndex(segments.enumerated().map { ("\($0)", $1) })
            let scope = SearchScope(entries: index.entries, languages: index.languages, models: index.models)
            for query in expected.queries {
                let terms = QueryTerms(QueryText(query.text), language: "")
                let scoring = KeywordScoring(
                    terms: [terms], scope: scope, parameters: .init(k1: expected.k1, b: expected.b))
                for (score, wanted) in zip(scoring.scores, query.scores) {
                    #expect(abs(score - wanted) <= 1e-5 * max(1, wanted), "\(query.text)")
                }
            }
        }
    }

    @Test("a query word that occurs nowhere adds nothing and harms nothing")
    func unknownWord() throws {
        let index = SearchIndex([("v", try segment(["alpha beta", "beta"]))])
        let known = index.search(SearchQuery(text: "alpha beta")).hits
        let unknown = index.search(SearchQuery(text: "alpha beta gamma")).hits
        #expect(known.map(\.keywordScore) == unknown.map(\.keywordScore))
    }
}
