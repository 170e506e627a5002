internal import Foundation

/// One line of JSON a question: `{"qid", "abstained", "citations": [{"video_id", "start", "end", "moment"}]}`, best
/// citation first, times in seconds.
package enum ResultsFile {
    /// - Throws: `EvaluationError.notWritten`.
    package static func write(_ outcomes: [QuestionOutcome], to path: String) throws {
        do {
            try Data(text(of: outcomes).utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw EvaluationError.notWritten(path: path, reason: (error as NSError).localizedDescription)
        }
    }

    static func text(of outcomes: [QuestionOutcome]) -> String {
        outcomes.map { outcome in
            var json = JSONWriter()
            outcome.write(to: &json)
            return json.text + "\n"
        }.joined()
    }
}

extension QuestionOutcome {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("qid", id)
            json.field("abstained", abstained ?? cited.isEmpty)
            json.key("citations")
            json.array(cited) { json, passage in
                json.object { json in
                    json.field("video_id", passage.video)
                    json.field("start", passage.start)
                    json.field("end", passage.end)
                    json.field("moment", passage.moment)
                }
            }
        }
    }
}
