/// What running one question showed.
package struct QuestionOutcome: Sendable {
    package var id: String
    package var isAnswerable: Bool
    package var cited: [CitedPassage]
    /// Nil for a question without an answer.
    package var judgement: Judgement?
    package var needsSeveralVideos = false
    /// Whether the program refused to answer; nil when it was not asked.
    package var abstained: Bool?
    /// The answer's citations held against the labels; nil when it was not answered or has no labels.
    package var answerJudgement: Judgement?
    /// From the first citation that lies in a span to where the answer's words are said there, in seconds.
    package var answerError: Double?
    /// What the answer's citations are worth; nil when it was not asked to its end.
    package var answerCitations: CitationCheck?
    /// Whether the answer ended with an error.
    package var hasFailed = false
    package var searchMilliseconds: Double
    package var answerMilliseconds: Double?
}

/// The figures of one run over a set.
package struct Figures: Sendable, Hashable {
    /// Questions that were judged by what was found for them.
    package var questions = 0
    package var hitAt1: Double?
    package var hitAt5: Double?
    package var hitAt10: Double?
    /// Mean reciprocal rank of the first hit among ten.
    package var reciprocalRank: Double?
    /// Mean nDCG@10.
    package var gain: Double?
    /// Share of questions whose first passage is of a right video; nil where documents are searched.
    package var videoAt1: Double?
    /// Median distance of the first hit's cited moment from the start of the answer, in seconds.
    package var momentError: Double?
    /// The same from the start of the passage.
    package var passageError: Double?
    /// Mean share of the right videos among ten passages, over the questions that need several.
    package var videoRecall: Double?
    package var abstention: Abstention?
    package var citations: Citations?
    /// What the citations of all answers are worth; nil where nothing was asked.
    package var support: CitationCheck?
    /// Answers that ended with an error.
    package var failed = 0
    package var search = Latency()
    package var answer: Latency?

    /// How near the citations of answered questions come to the labelled spans.
    package struct Citations: Sendable, Hashable {
        package var answered = 0
        /// Share of the answers whose first citation lies in a span.
        package var firstInSpan: Double?
        /// Share of the answers of which any citation lies in a span.
        package var anyInSpan: Double?
        /// Median distance of the first citation that lies in a span from the span's start, in seconds.
        package var startError: Double?
        /// Median distance of the same citation from the sentence of the span that holds most of the right answer's words,
        /// in seconds.
        package var answerError: Double?
    }

    /// How often refusing was right.
    package struct Abstention: Sendable, Hashable {
        package var unanswerable = 0
        package var rightlyRefused = 0
        package var answerable = 0
        package var wronglyRefused = 0
    }

    /// Milliseconds a question.
    package struct Latency: Sendable, Hashable {
        package var median: Double?
        package var percentile95: Double?

        init(_ milliseconds: [Double] = []) {
            median = Statistics.percentile(milliseconds, 0.5)
            percentile95 = Statistics.percentile(milliseconds, 0.95)
        }
    }
}

extension Figures {
    package init(_ outcomes: [QuestionOutcome]) {
        let judgements = outcomes.compactMap(\.judgement)
        self.init(firstHits: judgements.map(\.firstHit), gains: judgements.map(\.gain))
        videoAt1 = Statistics.mean(judgements.map { $0.firstVideoIsRight ? 1 : 0 })
        momentError = Statistics.median(judgements.compactMap(\.momentError))
        passageError = Statistics.median(judgements.compactMap(\.passageError))
        videoRecall = Statistics.mean(outcomes.filter(\.needsSeveralVideos).compactMap { $0.judgement?.videoRecall })
        abstention = Abstention(outcomes)
        citations = Citations(outcomes)
        let checks = outcomes.filter { $0.abstained == false }.compactMap(\.answerCitations)
        support = checks.isEmpty ? nil : checks.reduce(CitationCheck(), +)
        failed = outcomes.count(where: \.hasFailed)
        search = Latency(outcomes.map(\.searchMilliseconds))
        let answers = outcomes.compactMap(\.answerMilliseconds)
        answer = answers.isEmpty ? nil : Latency(answers)
    }

    /// - Parameters:
    ///   - firstHits: the rank of each question's first hit, from 1.
    ///   - gains: each question's nDCG@10.
    init(firstHits: [Int?], gains: [Double]) {
        func share(upTo rank: Int) -> Double? {
            Statistics.mean(firstHits.map { ($0 ?? .max) <= rank ? 1 : 0 })
        }
        questions = firstHits.count
        hitAt1 = share(upTo: 1)
        hitAt5 = share(upTo: 5)
        hitAt10 = share(upTo: 10)
        reciprocalRank = Statistics.mean(firstHits.map { $0.map { 1 / Double($0) } ?? 0 })
        gain = Statistics.mean(gains)
    }
}

extension Figures.Citations {
    /// Nil when no question was answered.
    init?(_ outcomes: [QuestionOutcome]) {
        let judgements = outcomes.compactMap(\.answerJudgement)
        guard !judgements.isEmpty else { return nil }
        answered = judgements.count
        firstInSpan = Statistics.mean(judgements.map { $0.firstHit == 1 ? 1 : 0 })
        anyInSpan = Statistics.mean(judgements.map { $0.firstHit == nil ? 0 : 1 })
        startError = Statistics.median(judgements.compactMap(\.momentError))
        answerError = Statistics.median(outcomes.compactMap(\.answerError))
    }
}

extension Figures.Abstention {
    /// Nil when no question was asked to its end.
    init?(_ outcomes: [QuestionOutcome]) {
        self.init()
        for case (let isAnswerable, .some(let abstained)) in outcomes.map({ ($0.isAnswerable, $0.abstained) }) {
            if isAnswerable {
                answerable += 1
                wronglyRefused += abstained ? 1 : 0
            } else {
                unanswerable += 1
                rightlyRefused += abstained ? 1 : 0
            }
        }
        if answerable + unanswerable == 0 { return nil }
    }
}
