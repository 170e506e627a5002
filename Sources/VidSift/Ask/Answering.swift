internal import Database
internal import Providers

extension Ask {
    /// Passages of the videos of a scope that a broad question is answered from in one go.
    static let maximumSurveyed = 40
    /// The most videos of a scope that a language model reads for a broad question.
    static let maximumSurveyedVideos = 960

    /// Is given each event in order; what it throws ends the making.
    package typealias Emit = @Sendable (AnswerEvent) async throws -> Void

    /// Makes the answer's events, from the first one up to `done`; records nothing.
    ///
    /// - Throws: `AnswerFailure` for what fails in the making; `CancellationError`; what `emit` throws.
    package func produce(_ run: Run, emit: @escaping Emit) async throws {
        try await Answering(ask: self, run: run, emit: emit).answer()
    }
}

extension Ask.Run {
    /// A question of which nothing is stored.
    package init(asking question: String, in scope: Scope, mode: Question.Mode) {
        self.init(
            id: RunID(), session: SessionID(), owner: "", question: question, scope: scope, mode: mode)
    }
}

/// Makes one answer: understand, retrieve, judge, let the model or the speakers say it.
struct Answering: Sendable {
    let ask: Ask
    let run: Ask.Run
    let emit: Ask.Emit
    let start = ContinuousClock.now

    /// The language model, where one is configured and wanted.
    var model: (any ChatModel)? { run.mode == .auto ? ask.chat : nil }

    func answer() async throws {
        let asked = try await making {
            try await StandAloneQuestion.of(run.question, history: run.history, model: model, logger: ask.logger)
        }
        var making = Making(asked: asked, route: Route.of(asked.text))
        making.timings.rewrite = milliseconds(since: start)
        try await emit(.session(run.session, run: run.id, question: asked.text))
        switch making.route {
        case .lookup: try await lookUp(&making)
        case .broad: try await survey(&making)
        case .exhaustive(let phrase): try await count(phrase, &making)
        }
    }

    // MARK: - By the kind of question

    /// The passages that fit best answer, if they are good enough.
    private func lookUp(_ making: inout Making) async throws {
        let asked = making.asked
        let found = try await self.making {
            try await ask.retriever.retrieve(asked.queries, scope: run.scope, limit: Ask.maximumSources)
        }
        making.note(found)
        if let reason = Gate().refusal(found, question: asked.text) { return try await refuse(found, reason, making) }
        guard let model else { return try await quote(found, making) }
        let whole = try await wholeVideo(found, asked, model)
        try await letSay(model, from: AnswerMaterial(found: whole ?? found, kind: .best), &making)
    }

    /// A short video goes in whole.
    private func wholeVideo(
        _ found: Retrieval, _ asked: StandAloneQuestion, _ model: any ChatModel
    ) async throws -> Retrieval? {
        guard let video = run.scope.onlyVideo else { return nil }
        let tokens = AnswerPrompt.passageTokens(contextTokens: model.contextTokens, question: asked.text)
        return try await making { try await ask.retriever.whole(video, found: found, tokens: tokens) }
    }

    /// What the recordings are about: from the key passages of each, or from notes on them where they are many.
    private func survey(_ making: inout Making) async throws {
        let found = try await self.making {
            try await ask.retriever.broad(
                scope: run.scope, limit: Ask.maximumSurveyed,
                videos: model == nil ? Ask.maximumSurveyed : Ask.maximumSurveyedVideos)
        }
        making.note(found)
        if let reason = Gate.refusalOfSurvey(found) { return try await refuse(found, reason, making) }
        guard let model else { return try await quote(found, making) }
        try await letSay(model, from: try await digested(found, by: model, &making), &making)
    }

    /// Every mention, found by its words and counted.
    private func count(_ phrase: String, _ making: inout Making) async throws {
        let mentions = try await self.making {
            try await ask.retriever.mentions(of: phrase, in: run.scope)
        }
        making.timings.search = mentions.searchMilliseconds
        try await say(QuotedAnswer(mentions, spansVideos: run.scope.spansVideos), making)
    }

    // MARK: - Saying it

    private func refuse(_ found: Retrieval, _ reason: AnswerEvent.Reason, _ making: Making) async throws {
        let answer = try await self.making {
            try await QuotedAnswer.make(
                of: found, to: making.asked.text, refusing: reason, spansVideos: run.scope.spansVideos,
                embedder: ask.retriever.embedder)
        }
        try await say(answer, making)
    }

    private func quote(_ found: Retrieval, _ making: Making) async throws {
        let answer = try await self.making {
            try await QuotedAnswer.make(
                of: found, to: making.asked.text, refusing: nil, spansVideos: run.scope.spansVideos,
                embedder: ask.retriever.embedder)
        }
        try await say(answer, making)
    }

    /// Says what is known already.
    private func say(_ answer: QuotedAnswer, _ making: Making) async throws {
        try await emit(.sources(answer.sources, answer.coverage))
        try await say(answer.parts)
        try await end(answer.outcome, making)
    }

    func say(_ parts: [QuotedAnswer.Part]) async throws {
        for part in parts {
            try await emit(.content(part.text))
            if let citation = part.citation { try await emit(.citation(citation)) }
        }
    }

    func end(_ outcome: AnswerEvent.Outcome, _ making: Making) async throws {
        var outcome = outcome
        outcome.timings = making.timings
        outcome.timings.total = milliseconds(since: start)
        outcome.usage = making.usage
        run.receipt.json = making.receipt(outcome)
        try await emit(.done(outcome))
    }

    /// What fails in the making is told apart from a reader who has left. A step is a task of its own, which
    /// gives back what it needed, for the rest of the answer takes a while.
    func making<Value: Sendable>(_ step: @escaping @Sendable () async throws -> Value) async throws -> Value {
        do {
            async let made = step()
            return try await made
        } catch let error as CancellationError {
            throw error
        } catch {
            throw AnswerFailure(cause: error)
        }
    }

    func milliseconds(since moment: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - moment) / .milliseconds(1)
    }
}
