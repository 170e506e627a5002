internal import Providers

/// What a model answers from, whatever room it has.
struct AnswerMaterial: Sendable {
    enum Kind: Sendable {
        /// The passages that were found, best first: the last ones are left out where they don't fit.
        case best
        /// Passages that stand for videos: some of each video, as far as they fit.
        case digests
        /// Notes that were taken of all passages.
        case notes([DigestReading])
    }

    let found: Retrieval
    let kind: Kind

    func prompt(question: String, history: [ChatTurn], contextTokens: Int) -> AnswerPrompt {
        let mark = PromptMark.random()
        switch kind {
        case .best:
            return AnswerPrompt.make(
                question: question, history: history, passages: found.passages, contextTokens: contextTokens,
                mark: mark)
        case .digests:
            let frame = AnswerPrompt.frame(
                question: question, history: history, contextTokens: contextTokens, mark: mark)
            return AnswerPrompt(
                frame, passages: DigestChoice.fitting(found.passages, tokens: frame.room), mark: mark)
        case .notes(let readings):
            return AnswerPrompt.make(
                question: question, history: history, readings: readings, contextTokens: contextTokens, mark: mark)
        }
    }

    /// What was found, as far as a model has read it that was given this prompt.
    func read(in prompt: AnswerPrompt) -> Retrieval {
        var read = found
        read.passages = prompt.passages
        switch kind {
        case .best: break
        case .digests: read.coverage.searched = prompt.passages.videos.count
        case .notes(let readings):
            let noted = readings.filter(\.isRead).flatMap(\.passages).videos
            read.coverage.searched = noted.union(prompt.passages.videos).count
        }
        return read
    }
}
