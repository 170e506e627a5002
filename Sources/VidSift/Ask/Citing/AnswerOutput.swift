/// What is ready to be sent; of an answer whose sentences are held, up to the last one that was decided on.
struct AnswerOutput: Sendable {
    /// Text that is not yet a step.
    var text = ""

    private let holdsSentences: Bool
    private var steps: [CitationMachine.Step] = []
    private var decided = 0

    init(holdsSentences: Bool) {
        self.holdsSentences = holdsSentences
    }

    mutating func append(_ citation: Citation) {
        flush()
        steps.append(.citation(citation))
    }

    /// The sentence is complete.
    mutating func endSentence(isSent: Bool) {
        if holdsSentences, !isSent {
            text = ""
            steps.removeSubrange(decided...)
        }
        flush()
        decided = steps.count
    }

    mutating func take() -> [CitationMachine.Step] {
        if !holdsSentences {
            flush()
            decided = steps.count
        }
        defer {
            steps.removeSubrange(..<decided)
            decided = 0
        }
        return Array(steps[..<decided])
    }

    private mutating func flush() {
        guard !text.isEmpty else { return }
        steps.append(.text(text))
        text = ""
    }
}
