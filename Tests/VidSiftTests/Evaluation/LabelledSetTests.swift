import Foundation
import Logging
import Providers
import Testing

@testable import VidSift

@Suite("Labelled sets")
final class LabelledSetTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "labelled-set-\(UUID())")

    init() throws {
        try FileManager.default.createDirectory(
            at: folder.appending(path: "qrels"), withIntermediateDirectories: true)
    }

    deinit {
        // What is left in the temporary folder harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    private func write(_ text: String, to name: String = "qa.jsonl") throws -> String {
        let path = folder.appending(path: name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("both forms of a question are read, with their spans and scopes")
    func forms() throws {
        let path = try write(
            """
            {"qid":"f1","scope":"channel","channel":"talks","video_id":"a","question":"Why?","answerable":true,"spans":[{"start":104,"end":125}]}

            {"qid":"t1","video_id":"b","question":"how?","start":112.18,"end":127.72,"sent_start":20}
            {"qid":"u1","scope":"video","channel":"talks","video_id":"a","question":"Who?","answerable":false,"spans":[]}
            {"qid":"m1","scope":"channel-multi","channel":"talks","video_id":null,"question":"Where?","spans":[{"video_id":"a","start":1,"end":2},{"video_id":"b","start":3,"end":4}]}
            """)

        let questions = try LabelledQuestion.read(path)

        #expect(questions.map(\.id) == ["f1", "t1", "u1", "m1"])
        #expect(questions[0].spans == [.init(video: "a", start: 104, end: 125)])
        #expect(questions[1].spans == [.init(video: "b", start: 112.18, end: 127.72)])
        #expect(questions[1].isAnswerable && questions[1].channel == nil && questions[1].scope == nil)
        #expect(!questions[2].isAnswerable && questions[2].scope == .video)
        #expect(questions[3].scope == .severalVideos && questions[3].videos == ["a", "b"])
    }

    @Test(
        "a wrong line is named by its number, with the reason",
        arguments: [
            (#"{"qid":"x","video_id":"a","start":1,"end":2}"#, "question is missing"),
            (#"{"qid":7,"video_id":"a","question":"?","start":1,"end":2}"#, "qid: expected text"),
            ("{\"qid\":", "not valid JSON"),
            (#"{"qid":"x","question":"?","video_id":"a"}"#, "spans is missing"),
            (#"{"qid":"x","question":"?","video_id":"a","start":9,"end":2}"#, "expected a start and an end"),
            (#"{"qid":"x","question":"?","start":1,"end":2}"#, "expected a video_id"),
            (#"{"qid":"x","question":"?","scope":"video","answerable":false,"spans":[]}"#, "video_id is missing"),
            (#"{"qid":"x","question":"?","scope":"planet","video_id":"a","start":1,"end":2}"#, "scope"),
        ])
    func malformed(line: String, reason: String) throws {
        let good = #"{"qid":"g","video_id":"a","question":"?","start":1,"end":2}"#
        let path = try write("\(good)\n\n\(line)\n\(good)\n\(line)\n")

        let error = #expect(throws: EvaluationError.self) { try LabelledQuestion.read(path) }

        let text = try #require(error).description
        #expect(text.contains("line 3: ") && text.contains(reason) && text.contains("and 1 more"), "\(text)")
    }

    @Test("a file that is not there, and one without a question, say so")
    func absent() throws {
        let empty = try write("\n \n")

        #expect(throws: EvaluationError.self) { try LabelledQuestion.read("/no/such/file") }
        #expect(throws: EvaluationError.empty(path: empty)) { try LabelledQuestion.read(empty) }
    }

    private func writeDocuments() throws {
        _ = try write(
            """
            {"_id":"d1","title":"Tides","text":"The moon pulls the water of the sea."}
            {"_id":"d2","title":"","text":"Bread rises because yeast makes gas."}
            {"_id":"d3","text":"Bridges hum when the wind blows."}
            """, to: "corpus.jsonl")
        _ = try write(
            """
            {"_id":"q1","text":"what makes bread rise"}
            {"_id":"q2","text":"why does the sea move"}
            {"_id":"q3","text":"nobody judged this"}
            """, to: "queries.jsonl")
        _ = try write(
            "query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td1\t2\nq2\td9\t1\nq2\td3\t0\n", to: "qrels/test.tsv")
    }

    @Test("a BEIR folder is read: judgements of unknown documents and of grade 0 don't count")
    func documents() throws {
        try writeDocuments()

        let set = try RetrievalSet.read(folder.path, split: nil)

        #expect(RetrievalSet.isOne(folder.path))
        #expect(set.documents.count == 3)
        #expect(set.queries.map(\.id) == ["q1", "q2"])
        #expect(set.queries[1].relevant == ["d1": 2])
        #expect(set.ignored == 1)
        #expect(throws: EvaluationError.self) { try RetrievalSet.read(folder.path, split: "train") }
    }

    @Test("a wrong judgement is named by its line")
    func wrongJudgement() throws {
        try writeDocuments()
        let path = try write("query-id\tcorpus-id\tscore\nq1\td2\t1\nq1 d1 1\n", to: "qrels/test.tsv")

        #expect(
            throws: EvaluationError.malformed(
                path: path, line: 3, reason: "expected a query, a document and a whole number", others: 0)
        ) { try RetrievalSet.read(folder.path, split: "test") }
    }

    @Test("a BEIR folder is searched by words alone where there is no model")
    func keywordRun() async throws {
        try writeDocuments()
        let embedder = Embedder(nil, logger: Logger(label: "test"))

        let evaluation = try await RetrievalSetEvaluation(
            try RetrievalSet.read(folder.path, split: nil), embedder: embedder)
        let figures = evaluation.run(mode: .keyword)

        #expect(!evaluation.hasVectors)
        #expect(figures.questions == 2)
        #expect(figures.hitAt1 == 1 && figures.gain == 1)
    }
}
