import Database
import Foundation
import NIOCore
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("A labelled set, answered by a language model") struct AnswerEvaluationTests {
    /// Says to each question what the script has for its first words; fails where it has nothing.
    private func model(_ script: [String: String]) -> ScriptedChatModel {
        ScriptedChatModel { prompt, say in
            let asked = prompt.messages.last?.content.components(separatedBy: "Question: ").last ?? ""
            guard let answer = script.first(where: { asked.hasPrefix($0.key) })?.value else {
                throw ProviderError(.unavailable, "The model is away.")
            }
            if !answer.isEmpty { try await say(answer) }
            return ChatEnd(reason: .stop, usage: nil)
        }
    }

    private func question(
        _ id: String, _ text: String, answer: String? = nil, _ spans: ClosedRange<Double>?...
    ) -> LabelledQuestion {
        let spans = spans.compactMap(\.self).map {
            LabelledQuestion.Span(video: "bees", start: $0.lowerBound, end: $0.upperBound)
        }
        return LabelledQuestion(
            id: id, question: text, scope: .channel, channel: nil, video: "bees", isAnswerable: !spans.isEmpty,
            answer: answer, spans: spans)
    }

    private func run(
        _ questions: [LabelledQuestion], saying script: [String: String], mode: Question.Mode = .auto,
        engine: TestEngine = .sqlite
    ) async throws -> (LibraryEvaluation.Result, ScriptedChatModel) {
        let model = model(script)
        let library = try await TestLibrary(engine: engine, chatModel: model)
        try await library.add(SampleTalks.bees, named: "bees.vtt")
        var options = LibraryEvaluation.Options()
        options.answers = mode
        let evaluation = LibraryEvaluation(database: library.components.database, ask: library.components.ask)
        return (try await evaluation.run(questions, options), model)
    }

    /// "The queen lays up to two thousand eggs in a single day." is said from 0:06 to 0:12.
    private static let eggs = "How many eggs does the queen lay in a single day?"
    /// "In winter the bees form a ball and shiver to keep warm." is said from 0:30 to 0:36.
    private static let winter = "What do the bees form in winter?"

    @Test("validity, support, start error and abstention are what the hand counts", arguments: TestEngine.allCases)
    func figures(engine: TestEngine) async throws {
        let (result, _) = try await run(
            [
                // Cited at 6 s: 1.5 s before the label, inside.
                question("right", Self.eggs, 7.5...12),
                // Cited at 30 s and at 6 s: the first lies in no span, the second is 2 s after the label's start.
                question("second", Self.winter, 4...8),
                // Cited at 12 s: nowhere near the label.
                question("beside", "Where do scouts tell others that flowers are?", 44...48),
                // The gate refuses: rightly, and wrongly.
                question("refused", "Which stock exchange lists submarine manufacturers?", nil),
                question("wrongly", "Which stock exchange lists submarine makers?", 0...6),
                // Answered though the label says that it can't be; nothing supports it, so it counts as refused.
                question("unsupported", "How warm is the ball of bees in winter?", nil),
                // Answered, and supported, though the label says that it can't be.
                question("supported", "How many workers hold a colony in summer?", nil),
                // The model fails.
                question("failed", "Which angle gives the direction against the sun?", 18...24),
            ],
            saying: [
                "How many eggs": "The queen lays up to two thousand eggs in a single day [1].",
                "What do the bees": """
                In winter the bees form a ball and shiver to keep warm [1]. \
                The queen lays up to two thousand eggs in a single day [1].
                """,
                "Where do scouts": "Scouts tell the others where flowers are by dancing on the comb [1].",
                "How warm": "Submarines are listed in Lisbon since 1871 [1].",
                "How many workers": "A colony of honey bees can hold fifty thousand workers in summer [1].",
            ], engine: engine)

        let figures = result.figures
        #expect(figures.failed == 1)
        // Asked to the end: of five with a label's answer four, of three without one three.
        let abstention = try #require(figures.abstention)
        #expect(abstention == .init(unanswerable: 3, rightlyRefused: 2, answerable: 4, wronglyRefused: 1))
        // Three of those with an answer were answered; of them one cites first what is right, two cite it at all.
        let citations = try #require(figures.citations)
        #expect(citations.answered == 3)
        #expect(citations.firstInSpan == 1.0 / 3)
        #expect(citations.anyInSpan == 2.0 / 3)
        // 1.5 s and 2 s.
        #expect(citations.startError == 1.75)
        // The five citations of the four answers; what was refused counts for nothing.
        #expect(figures.support == CitationCheck(total: 5, valid: 5, verified: 5))
        #expect(result.outcomes.map(\.abstained) == [false, false, false, true, true, true, false, nil])
    }

    @Test("the model is asked once for each question, and not where quotes are wished")
    func asked() async throws {
        let script = ["How many eggs": "The queen lays up to two thousand eggs in a single day [1]."]
        let (answered, model) = try await run([question("1", Self.eggs, 6...12)], saying: script)
        #expect(model.prompts.count == 1)
        #expect(answered.figures.support?.total == 1)

        let (quoted, silent) = try await run([question("1", Self.eggs, 6...12)], saying: script, mode: .quotes)
        #expect(silent.prompts.isEmpty)
        #expect(quoted.figures.citations?.startError == 0)
    }

    @Test("a citation inside a span is as far off as the sentence that holds the right answer")
    func answersMoment() async throws {
        let span = 0.0...36.0
        let (result, _) = try await run(
            [
                // Cited at 6 s, where it is said.
                question("right", Self.eggs, answer: "2000, two thousand eggs in a day", span),
                // Cited at 6 s, said at 30 s.
                question("far", Self.eggs, answer: "they shiver in a ball", span),
                // In no span; without an answer; with one that nobody says there.
                question("beside", Self.eggs, answer: "two thousand eggs", 44...48),
                question("unlabelled", Self.eggs, span),
                question("unsaid", Self.eggs, answer: "Lisbon", span),
            ],
            saying: ["How many eggs": "The queen lays up to two thousand eggs in a single day [1]."])

        #expect(result.outcomes.map(\.answerError) == [0, 24, nil, nil, nil])
        #expect(result.figures.citations?.answerError == 12)
        #expect(result.figures.citations?.answered == 5)
    }

    @Test("the report tells the same figures to people and to programs")
    func report() throws {
        var outcome = QuestionOutcome(
            id: "1", isAnswerable: true, cited: [], judgement: nil, abstained: false, searchMilliseconds: 1)
        outcome.answerCitations = CitationCheck(total: 7, valid: 6, verified: 4, close: 2)
        outcome.answerJudgement = Judgement(
            [CitedPassage(video: "a", start: 11, end: 14, moment: 11)], against: [.init(video: "a", start: 9, end: 20)])
        outcome.answerError = 0.5
        var failed = QuestionOutcome(
            id: "2", isAnswerable: true, cited: [], judgement: nil, abstained: nil, searchMilliseconds: 1)
        failed.hasFailed = true
        let report = EvaluationReport(
            set: "s", rows: [.init(mode: .hybrid, figures: Figures([outcome, failed]))])

        let table = report.table()
        #expect(table.contains("citations: 6 of 7 name words that are said at that moment; 4 verified, 2 close"))
        #expect(table.contains("1 answers ended with an error"))
        #expect(table.contains("for 1.000 of 1 answers, any for 1.000; median error of its start 2.0 s, "))
        #expect(table.contains("2.0 s, 0.5 s from where the answer's words are said\n"))

        var json = JSONWriter()
        report.write(to: &json)
        let object = try JSONSerialization.jsonObject(with: Data(String(buffer: json.buffer).utf8))
        let row = try #require(((object as? [String: Any])?["results"] as? [[String: Any]])?.first)
        #expect(row["support"] as? [String: Int] == ["citations": 7, "valid": 6, "verified": 4, "close": 2])
        #expect((row["citations"] as? [String: Any])?["medianStartErrorSeconds"] as? Double == 2)
        #expect((row["citations"] as? [String: Any])?["medianAnswerErrorSeconds"] as? Double == 0.5)
        #expect(row["failed"] as? Int == 1)
    }
}
