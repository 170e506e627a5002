internal import Captions
package import Database
internal import Synchronization

/// Runs a labelled set over the library: what is found for each question, and whether it is answered.
package struct LibraryEvaluation: Sendable {
    let database: Database
    let ask: Ask
    var retriever: Retriever { ask.retriever }

    package init(database: Database, ask: Ask) {
        self.database = database
        self.ask = ask
    }

    /// What is run.
    package struct Options: Sendable {
        /// Asked instead of the channel that the labels name.
        package var channel: String?
        /// Instead of what the labels say.
        package var scope: LabelledQuestion.Scope?
        /// Passages that are retrieved for a question.
        package var limit = Judgement.depth
        package var mode = SearchMode.hybrid
        /// Who answers: the language model where one is configured, or the speakers' own sentences.
        package var answers = Question.Mode.quotes

        package init() {}
    }

    /// What came out.
    package struct Result: Sendable {
        package var outcomes: [QuestionOutcome]
        /// What the labels name and the library hasn't, with the number of questions that are left out for it.
        package var unknown: [String: Int]
        package var figures: Figures { Figures(outcomes) }
    }

    /// Runs the set, one question after the other.
    ///
    /// - Parameter onStep: called after each question with how many are done, of how many.
    /// - Throws: `EvaluationError`, `DatabaseError`, `ProviderError`, `CancellationError`.
    package func run(
        _ questions: [LabelledQuestion], _ options: Options, onStep: (Int, Int) -> Void = { _, _ in }
    ) async throws -> Result {
        if let channel = options.channel, try await Channel.find(channel, on: database) == nil {
            throw EvaluationError.noSuchChannel(channel)
        }
        let labels = try await LibraryLabels(
            questions, channel: options.channel, scope: options.scope, on: database)
        guard !labels.located.isEmpty else {
            throw EvaluationError.nothingInLibrary(unknown: labels.unknown.keys.min() ?? "the set's channel")
        }
        // The first search loads the model and the segments: that is no question's time.
        if let first = labels.located.first { _ = try await search(first, options) }
        var outcomes: [QuestionOutcome] = []
        for (index, located) in labels.located.enumerated() {
            try Task.checkCancellation()
            outcomes.append(try await outcome(of: located, names: labels.names, options))
            onStep(index + 1, labels.located.count)
        }
        return Result(outcomes: outcomes, unknown: labels.unknown)
    }

    private func outcome(
        of located: LibraryLabels.Located, names: [VideoID: String], _ options: Options
    ) async throws -> QuestionOutcome {
        let question = located.question
        let found = try await search(located, options)
        let cited = found.passages.map { $0.cited(as: names[$0.video.id] ?? $0.video.id.description) }
        var outcome = QuestionOutcome(
            id: question.id, isAnswerable: question.isAnswerable, cited: cited,
            judgement: question.isAnswerable ? Judgement(cited, against: question.spans) : nil,
            needsSeveralVideos: question.scope == .severalVideos,
            searchMilliseconds: found.embedMilliseconds + found.searchMilliseconds)
        // The gate judges what words and meaning find together; it has no say over the other modes.
        if options.mode == .hybrid { try await ask(located, names: names, options, into: &outcome) }
        return outcome
    }

    private func search(_ located: LibraryLabels.Located, _ options: Options) async throws -> Retrieval {
        try await retriever.retrieve(
            Retriever.Request(
                question: located.question.question, scope: located.scope, mode: options.mode, limit: options.limit))
    }

    /// Asks as a person would, except that nothing is kept of it.
    private func ask(
        _ located: LibraryLabels.Located, names: [VideoID: String], _ options: Options,
        into outcome: inout QuestionOutcome
    ) async throws {
        let start = ContinuousClock.now
        let answer = AskedToItsEnd()
        let question = located.question
        do {
            try await ask.produce(Ask.Run(asking: question.question, in: located.scope, mode: options.answers)) {
                answer.add($0)
            }
        } catch is AnswerFailure {
            outcome.hasFailed = true
            return
        }
        outcome.answerMilliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        guard let end = answer.outcome else {
            outcome.hasFailed = true
            return
        }
        outcome.abstained = !end.isAnswered
        outcome.answerCitations = try await CitationCheck.of(end.citations, on: database)
        if end.isAnswered, question.isAnswerable {
            let cited = end.citations.map { $0.cited(as: names[$0.video.id] ?? $0.video.id.description) }
            let judgement = Judgement(cited, against: question.spans)
            outcome.answerJudgement = judgement
            if let place = judgement.firstHit.map({ $0 - 1 }) {
                outcome.answerError = try await distance(
                    of: cited[place], in: end.citations[place].video.id, fromTheAnswerTo: question)
            }
        }
    }

    /// How far a citation is from where the right answer is said in the span that it lies in, in seconds; nil where the
    /// label does not have the answer, or its words are not said there.
    private func distance(
        of cited: CitedPassage, in video: VideoID, fromTheAnswerTo question: LabelledQuestion
    ) async throws -> Double? {
        guard let answer = question.answer else { return nil }
        let passages = try await StoredPassage.all(of: video, on: database)
        return question.spans.filter { Judgement.overlap(cited, $0) }
            .compactMap { AnswerMoment.seconds(of: answer, in: $0, passages) }
            .map { abs(cited.moment - $0) }.min()
    }
}

/// How an answer ended.
private final class AskedToItsEnd: Sendable {
    private let last = Mutex<AnswerEvent.Outcome?>(nil)

    var outcome: AnswerEvent.Outcome? { last.withLock(\.self) }

    func add(_ event: AnswerEvent) {
        if case .done(let outcome) = event { last.withLock { $0 = outcome } }
    }
}

extension Citation {
    fileprivate func cited(as name: String) -> CitedPassage {
        CitedPassage(video: name, start: start.seconds, end: end.seconds, moment: start.seconds)
    }
}

extension Retrieval.Passage {
    fileprivate func cited(as name: String) -> CitedPassage {
        let moment = hit.bestUnit?.lowerBound ?? passage.startMilliseconds
        return CitedPassage(
            video: name, start: Double(passage.startMilliseconds) / 1000, end: Double(passage.endMilliseconds) / 1000,
            moment: Double(moment) / 1000)
    }
}
