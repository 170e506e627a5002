internal import Logging
internal import Providers

/// Has a model read the passages that stand for a scope, group by group, and note what they say to a question.
struct NoteTaking: Sendable {
    /// The most calls at a time.
    static let maximumConcurrentCalls = 4
    /// One call.
    static let callLimit = Duration.seconds(60)
    /// All calls together; of what was not read by then there are no notes.
    static let timeLimit = Duration.seconds(120)
    private static let maximumBytes = 16 << 10

    let model: any ChatModel
    let prompt: NotesPrompt
    let logger: Logger
    var callLimit = Self.callLimit
    var timeLimit = Self.timeLimit

    /// What came of it.
    struct Result: Sendable {
        /// One of each group, in order.
        var readings: [DigestReading]
        /// What the model counted; nil where it doesn't tell.
        var usage: TokenUsage?
        /// The groups that the model was asked about.
        var calls = 0
    }

    /// What came of one group.
    private struct Answer: Sendable {
        var notes: [PassageNote] = []
        var usage: TokenUsage?
        var isAsked = true
    }

    /// Reads all groups. One that fails has no notes.
    ///
    /// - Throws: `CancellationError`; all calls are cancelled then.
    func readings(of groups: [[Retrieval.Passage]]) async throws -> Result {
        let deadline = ContinuousClock.now + timeLimit
        var result = Result(readings: groups.map { DigestReading(passages: $0, notes: []) })
        try await withThrowingTaskGroup(of: (Int, Answer).self) { tasks in
            var waiting = groups.indices[...]
            func askNext() {
                guard let place = waiting.popFirst() else { return }
                tasks.addTask { (place, try await notes(of: groups[place], until: deadline)) }
            }
            for _ in 0..<Self.maximumConcurrentCalls { askNext() }
            while let (place, answer) = try await tasks.next() {
                askNext()
                result.readings[place].notes = answer.notes
                result.usage = result.usage.adding(answer.usage)
                result.calls += answer.isAsked ? 1 : 0
            }
        }
        return result
    }

    private func notes(
        of passages: [Retrieval.Passage], until deadline: ContinuousClock.Instant
    ) async throws -> Answer {
        let limit = min(callLimit, deadline - .now)
        guard limit > .zero else { return Answer(isAsked: false) }
        do {
            let answer = try await ShortAnswer.of(
                model, prompt.prompt(about: passages, mark: PromptMark.random()), within: limit,
                maximumBytes: Self.maximumBytes)
            return Answer(notes: PassageNote.all(in: answer.text, of: passages), usage: answer.end.usage)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning(
                "a part of the passages was not read for a broad question",
                metadata: ["error": "\(String(reflecting: error))"])
            return Answer()
        }
    }
}

extension TokenUsage? {
    /// The tokens of both; nil where nothing is known of either.
    func adding(_ other: TokenUsage?) -> TokenUsage? {
        guard let other else { return self }
        return TokenUsage(
            promptTokens: (self?.promptTokens ?? 0) + other.promptTokens,
            completionTokens: (self?.completionTokens ?? 0) + other.completionTokens)
    }
}
