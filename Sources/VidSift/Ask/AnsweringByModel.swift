internal import Providers
internal import Synchronization

extension Answering {
    /// How often a model is asked again, with half of what it was given, that says it was given too much.
    static let maximumHalvings = 2

    /// What a broad question is answered from: the passages where they fit one prompt, else notes on them.
    func digested(
        _ found: Retrieval, by model: any ChatModel, _ making: inout Making
    ) async throws -> AnswerMaterial {
        let question = making.asked.text
        let digests = AnswerMaterial(found: found, kind: .digests)
        let room = AnswerPrompt.frame(
            question: question, history: run.history, contextTokens: model.contextTokens, mark: PromptMark.random()
        ).room
        guard found.passages.count > Ask.maximumSurveyed || found.passages.tokens > room else { return digests }
        let prompt = NotesPrompt(question: question, contextTokens: model.contextTokens)
        guard prompt.room >= NotesPrompt.leastRoom, AnswerPrompt.fits(question, contextTokens: model.contextTokens)
        else { return digests }
        let groups = DigestGroups.of(found.passages, room: prompt.room)
        making.model = model.name
        making.reading = ReadingFigures(groups)
        making.note([])
        run.receipt.json = making.receipt(nil)
        let start = ContinuousClock.now
        let result = try await NoteTaking(model: model, prompt: prompt, logger: ask.logger).readings(of: groups)
        making.usage = making.usage.adding(result.usage)
        making.reading?.note(result, milliseconds: milliseconds(since: start))
        return AnswerMaterial(found: found, kind: .notes(result.readings))
    }

    /// Lets the model answer, and cites what it says. A model whose context is smaller than was thought is asked again
    /// with less.
    func letSay(_ model: any ChatModel, from material: AnswerMaterial, _ making: inout Making) async throws {
        let question = making.asked.text
        guard AnswerPrompt.fits(question, contextTokens: model.contextTokens) else {
            return try await emit(.questionTooLong)
        }
        var contextTokens = model.contextTokens
        while true {
            let briefing = await ask.retriever.cache.threads.compute { [history = run.history, contextTokens] in
                Briefing(
                    material.prompt(question: question, history: history, contextTokens: contextTokens), material)
            }
            do {
                return try await letSay(model, briefing, &making)
            } catch let refusal as PromptRefused {
                let half = max(AnswerPrompt.leastContextTokens, briefing.tokens / 2)
                guard making.attempts <= Self.maximumHalvings, half < briefing.tokens,
                    AnswerPrompt.fits(question, contextTokens: half)
                else { throw AnswerFailure(cause: refusal.cause) }
                contextTokens = half
            }
        }
    }

    /// - Throws: `PromptRefused` where nothing was said yet.
    private func letSay(_ model: any ChatModel, _ briefing: Briefing, _ making: inout Making) async throws {
        let read = briefing.read
        making.model = model.name
        making.attempts += 1
        making.given = read.passages.count
        if making.reading != nil { making.note(read.passages) }
        run.receipt.json = making.receipt(nil)
        try await emit(.sources(AnswerEvent.Source.numbered(read.passages), read.coverage))
        let (finish, said) = try await hear(model, briefing, timing: &making.timings)
        making.usage = making.usage.adding(finish.usage)
        making.finish = finish.reason
        var outcome = AnswerEvent.Outcome(
            citations: said.citations, reason: said.isSupported ? nil : .lowConfidence, timings: making.timings,
            finish: finish.reason)
        if !said.hasText {
            let nothing = QuotedAnswer.refusing(.lowConfidence, of: read, to: making.asked.text, run.scope.spansVideos)
            // What the model left, a "<" perhaps, is not to be continued by what is said in its place.
            if said.isBegun { try await emit(.content("\n\n")) }
            try await say(nothing.parts)
            outcome.citations = nothing.outcome.citations
        }
        try await end(outcome, making)
    }

    /// Sends the prompt, and what the model says on its way.
    private func hear(
        _ model: any ChatModel, _ briefing: Briefing, timing timings: inout AnswerEvent.Timings
    ) async throws -> (ChatEnd, ModelVoice.Said) {
        let voice = ModelVoice(
            AnswerCiter(
                evidence: briefing.evidence, spansVideos: run.scope.spansVideos, isStrict: run.isStrict,
                embedder: ask.retriever.embedder, logger: ask.logger),
            emit: emit)
        let hearing = ModelHearing(voice)
        let asked = ContinuousClock.now
        let end: ChatEnd
        do {
            end = try await model.answer(briefing.takePrompt()) { try await hearing.hear($0) }
        } catch let error as ProviderError {
            if error.kind == .contextExceeded, !hearing.hasBegun { throw PromptRefused(cause: error) }
            throw AnswerFailure(cause: error)
        }
        let said = try await hearing.end()
        timings.firstToken = said.firstWord.map { ($0 - asked) / .milliseconds(1) } ?? 0
        return (end, said)
    }
}

/// What a model is given, and what it is judged by.
private final class Briefing: Sendable {
    /// The passages of the prompt.
    let read: Retrieval
    let evidence: Evidence
    /// What prompt and answer have together, by the estimate.
    let tokens: Int
    private let prompt: Mutex<ChatPrompt>

    init(_ prompt: AnswerPrompt, _ material: AnswerMaterial) {
        read = material.read(in: prompt)
        evidence = Evidence(prompt.passages)
        tokens = AnswerPrompt.tokens(in: prompt.prompt) + prompt.prompt.maximumTokens
        self.prompt = Mutex(prompt.prompt)
    }

    /// The prompt, once: it is the largest part, and nobody needs it when it was sent.
    func takePrompt() -> ChatPrompt {
        prompt.withLock { prompt in
            defer { prompt.messages = [] }
            return prompt
        }
    }
}

/// The endpoint says that the prompt is too long, though by the estimate it was not.
private struct PromptRefused: Error {
    var cause: ProviderError
}

extension AnswerEvent {
    /// The model's context is too small for what was asked.
    fileprivate static let questionTooLong = AnswerEvent.failed(
        message: "The question is too long for the language model.", code: "payload_too_large", isRetryable: false)
}
