internal import Foundation

/// A set of documents, queries and judgements in the form that the BEIR benchmark uses: a folder with `corpus.jsonl`,
/// `queries.jsonl` and `qrels/*.tsv`.
package struct RetrievalSet: Sendable {
    /// A document.
    struct Document: Sendable, Decodable {
        var _id: String
        var title: String?
        var text: String
    }

    /// A query that has judgements.
    struct Query: Sendable {
        var id: String
        var text: String
        /// The grade of each relevant document by its id; 1 and more.
        var relevant: [String: Int]
    }

    var documents: [Document]
    /// In the order of `queries.jsonl`.
    var queries: [Query]
    /// Queries without a judgement in the split, and judgements of unknown queries or documents.
    var ignored: Int

    /// Whether a path is such a folder.
    package static func isOne(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/corpus.jsonl")
    }

    /// - Parameter split: `train`, `test`, …: the name of one file in `qrels`; nil takes all of them.
    /// - Throws: `EvaluationError`.
    package static func read(_ folder: String, split: String?) throws -> RetrievalSet {
        let documents = try JSONLines.read(folder + "/corpus.jsonl", as: Document.self)
        let texts = try JSONLines.read(folder + "/queries.jsonl", as: QueryText.self)
        var grades: [String: [String: Int]] = [:]
        for file in try judgementFiles(in: folder, split: split) { try readJudgements(file, into: &grades) }
        return try RetrievalSet(documents, texts, grades, name: folder)
    }

    private init(
        _ documents: [Document], _ texts: [QueryText], _ grades: [String: [String: Int]], name: String
    ) throws {
        let known = Set(documents.map(\._id))
        queries = texts.compactMap { text in
            let relevant = (grades[text._id] ?? [:]).filter { known.contains($0.key) && $0.value > 0 }
            return relevant.isEmpty ? nil : Query(id: text._id, text: text.text, relevant: relevant)
        }
        guard !queries.isEmpty else { throw EvaluationError.empty(path: name) }
        self.documents = documents
        ignored = texts.count - queries.count
    }

    private struct QueryText: Decodable {
        var _id: String
        var text: String
    }

    private static func judgementFiles(in folder: String, split: String?) throws -> [String] {
        let qrels = folder + "/qrels"
        if let split { return [qrels + "/\(split).tsv"] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: qrels).filter { $0.hasSuffix(".tsv") }.sorted()
                .map { qrels + "/" + $0 }
        } catch {
            throw EvaluationError.unreadable(path: qrels, reason: (error as NSError).localizedDescription)
        }
    }

    /// Lines of query, document and grade, parted by tabs, under one line of headings.
    private static func readJudgements(_ path: String, into grades: inout [String: [String: Int]]) throws {
        for (number, line) in try JSONLines.lines(of: path).dropFirst() {
            let fields = String(decoding: line, as: UTF8.self).trimmed.split(separator: "\t").map(String.init)
            guard fields.count == 3, let grade = Int(fields[2]) else {
                throw EvaluationError.malformed(
                    path: path, line: number, reason: "expected a query, a document and a whole number", others: 0)
            }
            grades[fields[0], default: [:]][fields[1]] = grade
        }
    }
}
