package import Logging
package import Providers

/// A question as it can be understood without the conversation before it.
package struct StandAloneQuestion: Sendable, Hashable {
    /// What is answered and shown: the question itself where it stands alone.
    package var text: String
    /// What is searched for: first `text`, whose statistics judge what is found; then the question as it was asked,
    /// where it says anything by itself.
    package var queries: [String]
    /// What the model counted; nil where none was asked, or it doesn't tell.
    package var usage: TokenUsage?

    /// Whether a question needs to be rewritten; pure.
    static func standsAlone(_ question: String, history: [ChatTurn]) -> Bool {
        guard history.contains(where: { $0.role == .user }) else { return true }
        if case .broad = Route.of(question) { return true }
        return !FollowUp.needsContext(question)
    }

    /// Rewrites a question that does not stand alone: by the model, or where there is none or it fails, by the words of
    /// the last question.
    ///
    /// - Throws: `CancellationError`.
    package static func of(
        _ question: String, history: [ChatTurn], model: (any ChatModel)?, logger: Logger
    ) async throws -> StandAloneQuestion {
        try await of(question, history: history, model: model, within: QuestionRewriting.timeLimit, logger: logger)
    }

    static func of(
        _ question: String, history: [ChatTurn], model: (any ChatModel)?, within limit: Duration, logger: Logger
    ) async throws -> StandAloneQuestion {
        guard !standsAlone(question, history: history) else { return StandAloneQuestion(asIs: question) }
        guard let model else { return carrying(history, into: question) }
        do {
            let (text, usage) = try await QuestionRewriting.rewritten(
                question, history: history, model: model, within: limit)
            var result = text.map { StandAloneQuestion($0, asked: question) } ?? carrying(history, into: question)
            result.usage = usage
            return result
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning(
                "a follow-up was not rewritten by the model", metadata: ["error": "\(String(reflecting: error))"])
            return carrying(history, into: question)
        }
    }

    /// "And why?" after "How do bees dance?" is "And why? (bees dance)".
    static func carrying(_ history: [ChatTurn], into question: String) -> StandAloneQuestion {
        let carried = CarriedWords.from(history.filter { $0.role == .user }.map(\.content), for: question)
        guard !carried.isEmpty else { return StandAloneQuestion(asIs: question) }
        return StandAloneQuestion("\(question) (\(carried.joined(separator: " ")))", asked: question)
    }

    private init(asIs question: String) {
        text = question
        queries = [question]
    }

    private init(_ text: String, asked question: String) {
        self.text = text
        let saysSomething = !ContentWords.of(question).isEmpty
        queries = text == question || !saysSomething ? [text] : [text, question]
    }
}
