import Foundation
import VidSift

/// Ranks the documents of a BEIR set, one passage a document, by words, by meaning and by both.
struct SciFactBenchmark {
    static let depth = 100

    let folder: String

    private struct Ranking: Encodable {
        var query: Int
        var mode: String
        var documents: [Int]
    }

    func run() throws {
        let index = SearchIndex([("all", try segment())])
        let questions = try lines("\(folder)/queries.txt")
        let vectors = try VectorFile("\(folder)/queries.f32")
        for (number, question) in questions.enumerated() {
            for mode in SearchMode.allCases {
                let query = SearchQuery(text: question, vector: vectors.row(number), mode: mode, limit: Self.depth)
                let documents = index.search(query).hits.map(\.passage)
                let line = try JSONEncoder().encode(
                    Ranking(query: number, mode: mode.rawValue, documents: documents))
                FileHandle.standardOutput.write(line + Data("\n".utf8))
            }
        }
    }

    private func segment() throws -> Segment {
        let vectors = try VectorFile("\(folder)/documents.f32")
        var builder = SegmentBuilder(language: "en", modelName: "m", dimensions: VectorFile.dimensions)
        for (number, text) in try lines("\(folder)/documents.txt").enumerated() {
            builder.addPassage(
                text: text, startMilliseconds: number, endMilliseconds: number, embedding: vectors.row(number)[...])
        }
        return try Segment(builder.build())
    }
}
