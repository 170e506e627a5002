/// The figures of a set, for people as a table and for programs as JSON.
package struct EvaluationReport: Sendable {
    /// One way of searching.
    package struct Row: Sendable {
        package var mode: SearchMode
        package var figures: Figures

        package init(mode: SearchMode, figures: Figures) {
            self.mode = mode
            self.figures = figures
        }
    }

    package var set: String
    package var rows: [Row]
    /// What the labels name and the library hasn't, with the number of questions that are left out for it.
    package var unknown: [String: Int]
    /// Why there are no vectors, where there are none.
    package var absence: String?

    package init(set: String, rows: [Row], unknown: [String: Int] = [:], absence: String? = nil) {
        self.set = set
        self.rows = rows
        self.unknown = unknown
        self.absence = absence
    }

    private var leftOut: Int { unknown.values.reduce(0, +) }
}

extension EvaluationReport {
    /// Names of missing videos that are shown.
    private static let shownUnknown = 5

    /// The report as lines of text.
    package func table() -> String {
        var lines = ["\(set): \(rows.first?.figures.questions ?? 0) questions with an answer"]
        if let absence { lines.append("by words alone: \(absence)") }
        lines += [""] + AlignedTable.lines(of: [Self.heading] + rows.map(Self.cells))
        lines += rows.flatMap(Self.remarks)
        if leftOut > 0 {
            let names = unknown.keys.sorted()
            let more = names.count > Self.shownUnknown ? ", …" : ""
            lines.append(
                "left out, because the library hasn't it: \(leftOut) questions "
                    + "(\(names.prefix(Self.shownUnknown).joined(separator: ", "))\(more))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let heading = [
        "mode", "hit@1", "hit@5", "hit@10", "MRR@10", "nDCG@10", "video@1", "start error", "passage's", "ms p50",
        "ms p95",
    ]

    private static func cells(_ row: Row) -> [String] {
        let figures = row.figures
        let shares = [
            figures.hitAt1, figures.hitAt5, figures.hitAt10, figures.reciprocalRank, figures.gain, figures.videoAt1,
        ]
        return [row.mode.rawValue] + shares.map { decimal($0, places: 3) }
            + [figures.momentError, figures.passageError].map { $0 == nil ? "-" : decimal($0, places: 1) + " s" }
            + [figures.search.median, figures.search.percentile95].map { decimal($0, places: 1) }
    }

    private static func remarks(_ row: Row) -> [String] {
        var lines: [String] = []
        if let recall = row.figures.videoRecall {
            lines.append(
                "\(row.mode.rawValue): of the videos that an answer needs, \(decimal(recall, places: 3)) found")
        }
        if let citations = row.figures.citations {
            lines.append(
                "cited: the first citation lies in the answer's span for \(decimal(citations.firstInSpan, places: 3)) of "
                    + "\(citations.answered) answers, any for \(decimal(citations.anyInSpan, places: 3)); "
                    + "median error of its start \(decimal(citations.startError, places: 1)) s"
                    + (citations.answerError.map {
                        ", \(decimal($0, places: 1)) s from where the answer's words are said"
                    } ?? ""))
        }
        if let support = row.figures.support {
            lines.append(
                "citations: \(support.valid) of \(support.total) name words that are said at that moment; "
                    + "\(support.verified) verified, \(support.close) close")
        }
        if row.figures.failed > 0 { lines.append("\(row.figures.failed) answers ended with an error") }
        if let abstention = row.figures.abstention {
            lines.append(
                "asked: refused \(abstention.rightlyRefused) of \(abstention.unanswerable) that have no answer, "
                    + "and \(abstention.wronglyRefused) of \(abstention.answerable) that have one"
                    + (row.figures.answer?.median.map { "; \(decimal($0, places: 1)) ms an answer" } ?? ""))
        }
        return lines
    }

    /// A number with so many digits after the point; `-` for what there is not.
    static func decimal(_ value: Double?, places: Int) -> String {
        guard let value, value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale + scale).dropFirst()
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / scale).\(fraction)"
    }
}

/// Cells in columns: the first to the left, the others to the right.
package enum AlignedTable {
    package static func lines(of rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
    }
}

extension EvaluationReport {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("set", set)
            json.field("wordsOnlyBecause", absence)
            json.key("results")
            json.array(rows) { $1.write(to: &$0) }
            json.field("leftOut", leftOut)
            json.key("unknown")
            json.array(unknown.sorted { $0.key < $1.key }) { json, entry in
                json.object { json in
                    json.field("name", entry.key)
                    json.field("questions", entry.value)
                }
            }
        }
    }
}

extension EvaluationReport.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("mode", mode.rawValue)
            json.field("questions", figures.questions)
            json.optional("hitAt1", figures.hitAt1)
            json.optional("hitAt5", figures.hitAt5)
            json.optional("hitAt10", figures.hitAt10)
            json.optional("mrrAt10", figures.reciprocalRank)
            json.optional("ndcgAt10", figures.gain)
            json.optional("videoAt1", figures.videoAt1)
            json.optional("videoRecall", figures.videoRecall)
            json.optional("medianStartErrorSeconds", figures.momentError)
            json.optional("medianPassageStartErrorSeconds", figures.passageError)
            json.optional("searchMsP50", figures.search.median)
            json.optional("searchMsP95", figures.search.percentile95)
            json.optional("answerMsP50", figures.answer?.median)
            json.optional("answerMsP95", figures.answer?.percentile95)
            if let abstention = figures.abstention { abstention.write(to: &json) }
            if let citations = figures.citations { citations.write(to: &json) }
            if let support = figures.support { support.write(to: &json) }
            json.field("failed", figures.failed)
        }
    }
}

extension Figures.Citations {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("citations")
        json.object { json in
            json.field("answered", answered)
            json.optional("firstInSpan", firstInSpan)
            json.optional("anyInSpan", anyInSpan)
            json.optional("medianStartErrorSeconds", startError)
            json.optional("medianAnswerErrorSeconds", answerError)
        }
    }
}

extension CitationCheck {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("support")
        json.object { json in
            json.field("citations", total)
            json.field("valid", valid)
            json.field("verified", verified)
            json.field("close", close)
        }
    }
}

extension Figures.Abstention {
    fileprivate func write(to json: inout JSONWriter) {
        json.key("abstention")
        json.object { json in
            json.field("unanswerable", unanswerable)
            json.field("rightlyRefused", rightlyRefused)
            json.field("answerable", answerable)
            json.field("wronglyRefused", wronglyRefused)
        }
    }
}

extension JSONWriter {
    /// A figure, or null where it was not measured.
    fileprivate mutating func optional(_ name: StaticString, _ value: Double?) {
        key(name)
        if let value { number(value) } else { null() }
    }
}
