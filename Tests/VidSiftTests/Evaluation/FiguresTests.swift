import Testing

@testable import VidSift

@Suite("The figures of a run")
struct FiguresTests {
    private func outcome(
        answerable: Bool = true, hit: Int? = nil, error: Double? = nil, abstained: Bool? = nil, search: Double = 1
    ) -> QuestionOutcome {
        var judgement = Judgement([], against: [])
        judgement.firstHit = hit
        judgement.momentError = error
        return QuestionOutcome(
            id: "q", isAnswerable: answerable, cited: [], judgement: answerable ? judgement : nil,
            abstained: abstained, searchMilliseconds: search, answerMilliseconds: abstained == nil ? nil : 7)
    }

    @Test("hits, mean reciprocal rank and the median error are what the hand gets")
    func ranking() throws {
        let figures = Figures([
            outcome(hit: 1, error: 4), outcome(hit: 2, error: 10), outcome(hit: 6, error: 1), outcome(hit: nil),
        ])

        #expect(figures.questions == 4)
        #expect(figures.hitAt1 == 0.25)
        #expect(figures.hitAt5 == 0.5)
        #expect(figures.hitAt10 == 0.75)
        let expected: Double = (1 + 1.0 / 2 + 1.0 / 6) / 4
        let rank = try #require(figures.reciprocalRank)
        #expect(abs(rank - expected) < 1e-12)
        #expect(figures.momentError == 4)
        #expect(figures.abstention == nil)
        #expect(figures.answer == nil)
    }

    @Test("refusals are counted apart for questions with and without an answer, which don't count as misses")
    func abstention() throws {
        let figures = Figures([
            outcome(hit: 1, abstained: false), outcome(hit: 1, abstained: true),
            outcome(answerable: false, abstained: true), outcome(answerable: false, abstained: false),
            outcome(answerable: false, abstained: true),
        ])

        let abstention = try #require(figures.abstention)
        #expect(abstention.rightlyRefused == 2)
        #expect(abstention.unanswerable == 3)
        #expect(abstention.wronglyRefused == 1)
        #expect(abstention.answerable == 2)
        #expect(figures.questions == 2)
        #expect(figures.hitAt1 == 1)
        #expect(figures.answer?.median == 7)
    }

    @Test("no questions give no figures, not zeros")
    func empty() {
        let figures = Figures([])

        #expect(figures.hitAt1 == nil)
        #expect(figures.reciprocalRank == nil)
        #expect(figures.search.median == nil)
    }

    @Test("medians and percentiles of small and even numbers of values")
    func statistics() {
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 2, 3]) == 2.5)
        #expect(Statistics.percentile(Array(1...100).map(Double.init), 0.95) == 95)
        #expect(Statistics.percentile([8], 0.95) == 8)
        #expect(Statistics.percentile([1, 2], 0.5) == 1)
    }

    @Test("the table has a line for each mode, aligned, and names what was left out")
    func table() {
        let rows = [SearchMode.hybrid, .keyword].map {
            EvaluationReport.Row(mode: $0, figures: Figures([outcome(hit: 1, error: 2.25, search: 12.34)]))
        }

        let table = EvaluationReport(set: "a.jsonl", rows: rows, unknown: ["video x": 3]).table()

        let lines = table.split(separator: "\n")
        #expect(lines[0] == "a.jsonl: 1 questions with an answer")
        #expect(lines[1].count == lines[2].count && lines[2].count == lines[3].count)
        #expect(lines[2].hasPrefix("hybrid   1.000") && lines[3].hasPrefix("keyword  1.000"))
        #expect(lines[2].contains("2.3 s") && lines[2].contains("12.3"))
        #expect(lines.last == "left out, because the library hasn't it: 3 questions (video x)")
    }

    @Test("decimals are rounded, and what was not measured is a dash")
    func decimals() {
        #expect(EvaluationReport.decimal(0.0454, places: 3) == "0.045")
        #expect(EvaluationReport.decimal(1.9996, places: 3) == "2.000")
        #expect(EvaluationReport.decimal(-0.04, places: 1) == "0.0")
        #expect(EvaluationReport.decimal(nil, places: 1) == "-")
    }
}
