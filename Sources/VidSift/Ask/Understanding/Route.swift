/// The way in which a question is answered.
package enum Route: Sendable, Hashable {
    /// From the passages that fit it best.
    case lookup
    /// From all that is in scope: "what is this channel about", "summarise".
    case broad
    /// By counting every place at which something was said; a phrase in quotation marks stands word for word.
    case exhaustive(phrase: String)

    /// The route that the words of a question ask for; pure.
    package static func of(_ question: String) -> Route {
        let words = QuestionWords(question)
        if UnspacedFollowUp.needsContext(question) != nil {
            return BroadQuestion.isUnspacedBroad(question) ? .broad : .lookup
        }
        guard !words.isLong, words.count > 0 else { return .lookup }
        if let phrase = MentionQuestion.phrase(of: words) { return .exhaustive(phrase: phrase) }
        return BroadQuestion.matches(words) ? .broad : .lookup
    }
}
