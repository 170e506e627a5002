internal import Providers

/// What an answer's prompt has besides the passages: the rules, what was said before, the question; and the room that
/// these leave for passages.
struct AnswerFrame: Sendable {
    static let questionLabel = "Question: "

    let rules: ChatTurn
    let turns: [ChatTurn]
    let question: String
    /// Whether the model's context is too small for the question, so that its end was left out.
    let isQuestionCut: Bool
    /// The most tokens of the answer.
    let answerTokens: Int
    /// The tokens that are left.
    let room: Int

    /// - Parameters:
    ///   - contextTokens: what prompt and answer together may have.
    ///   - fixedTokens: of the rules and of what stands around the passages whatever they are.
    ///   - mark: of this request alone.
    init(
        question: String, history: [ChatTurn], contextTokens: Int, rules: String, fixedTokens: Int, mark: String
    ) {
        self.rules = ChatTurn(.system, rules)
        answerTokens = AnswerPrompt.answerTokens(context: contextTokens)
        var left = contextTokens - answerTokens - fixedTokens
        let asked = QuotedData.turn(question, without: mark)
        self.question = TokenEstimate.cut(asked, toTokens: max(1, left))
        isQuestionCut = self.question.utf8.count < asked.utf8.count
        left -= TokenEstimate.tokens(in: self.question)
        turns = PriorTurns.newest(
            of: history, tokens: min(left / AnswerPrompt.historyShare, AnswerPrompt.maximumHistoryTokens),
            overhead: AnswerPrompt.messageOverhead, mark: mark)
        room = left - turns.reduce(0) { $0 + TokenEstimate.tokens(in: $1.content) + AnswerPrompt.messageOverhead }
    }

    /// The prompt, with what the model is to answer from before the question.
    func prompt(about data: String) -> ChatPrompt {
        let last = ChatTurn(.user, data + "\n\n" + Self.questionLabel + question)
        return ChatPrompt([rules] + turns + [last], maximumTokens: answerTokens)
    }
}
