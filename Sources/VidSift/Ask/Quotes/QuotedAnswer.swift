internal import Captions

/// An answer in the speakers' own words: the sentences that fit the question best, each with its citation.
struct QuotedAnswer: Sendable {
    /// A piece of the answer's text and the citation that follows it.
    struct Part: Sendable {
        var text: String
        var citation: Citation?
    }

    var sources: [AnswerEvent.Source]
    var coverage: Coverage
    var parts: [Part]
    var outcome: AnswerEvent.Outcome

    /// Quotes that a person wants to read.
    static let maximumQuotes = 3
    /// A further quote must have at least this share of the best one's score.
    static let leastShareOfBest = 0.75

    /// Retrieves, judges and chooses.
    static func make(for run: Ask.Run, with retriever: Retriever) async throws -> QuotedAnswer {
        let start = ContinuousClock.now
        let retrieval = try await retriever.retrieve(
            .init(question: run.question, scope: run.scope, limit: Ask.maximumSources))
        let reason = Gate().refusal(retrieval)
        var answer = QuotedAnswer(retrieval, question: run.question, spansVideos: run.scope.spansVideos, reason: reason)
        answer.outcome.timings.total = (ContinuousClock.now - start) / .milliseconds(1)
        return answer
    }

    /// Chooses from what was retrieved; pure.
    init(_ retrieval: Retrieval, question: String, spansVideos: Bool, reason: AnswerEvent.Reason?) {
        sources = retrieval.passages.enumerated().map { AnswerEvent.Source($1, number: $0 + 1) }
        coverage = retrieval.coverage
        let quotes = Self.quotes(from: retrieval, question: question, isAnswer: reason == nil)
        parts = reason.map { [Part(text: Self.refusal($0, hasNearest: !quotes.isEmpty), citation: nil)] } ?? []
        parts += quotes.map { quote in
            let citation = Citation(quote, of: retrieval, isAnswer: reason == nil)
            return Part(text: citation.line(spansVideos: spansVideos), citation: citation)
        }
        outcome = AnswerEvent.Outcome(
            citations: parts.compactMap(\.citation), reason: reason,
            timings: .init(embed: retrieval.embedMilliseconds, search: retrieval.searchMilliseconds))
    }

    /// The best quotes, in reading order: the videos by their best quote, inside a video by time.
    private static func quotes(from retrieval: Retrieval, question: String, isAnswer: Bool) -> [Quote] {
        let best = retrieval.passages.first?.score ?? 0
        let good = retrieval.passages.enumerated().filter { !isAnswer || $1.score >= best * leastShareOfBest }
        let quotes = good.prefix(maximumQuotes).compactMap { Quote(from: $1, source: $0, question: question) }
        var order: [VideoID] = []
        func video(_ quote: Quote) -> VideoID { retrieval.passages[quote.source].video.id }
        for quote in quotes where !order.contains(video(quote)) { order.append(video(quote)) }
        return order.flatMap { id in quotes.filter { video($0) == id }.sorted { $0.start < $1.start } }
    }

    private static func refusal(_ reason: AnswerEvent.Reason, hasNearest: Bool) -> String {
        let nearest = hasNearest ? " The nearest moments:\n\n" : ""
        return switch reason {
        case .notSaid, .lowConfidence: "Nothing that was said here seems to answer this." + nearest
        case .notIndexedYet: "The recordings are still being indexed. Ask again in a moment."
        case .noTranscript: "There is no transcript here to answer from."
        }
    }
}

extension Citation {
    /// A quote is its own proof; what is shown in place of an answer proves nothing.
    init(_ quote: Quote, of retrieval: Retrieval, isAnswer: Bool) {
        self.init(
            number: quote.source + 1, video: retrieval.passages[quote.source].video, start: quote.start,
            end: quote.end, text: quote.text, precision: .init(quote.precision),
            status: isAnswer ? .verified : .unsupported)
    }

    /// `“The words.” [1:23]`, with the video's title where several are in scope.
    func line(spansVideos: Bool) -> String {
        let title = spansVideos ? " \"\(video.title)\"" : ""
        return "“\(text)” [\(start.timestamp)]\(title)\n\n"
    }
}

extension Citation.Precision {
    init(_ precision: TimePrecision) {
        self =
            switch precision {
            case .word: .word
            case .cue: .cue
            case .passage: .passage
            }
    }
}

extension AnswerEvent.Source {
    init(_ found: Retrieval.Passage, number: Int) {
        self.init(
            number: number, video: found.video, start: MediaTime(milliseconds: found.passage.startMilliseconds),
            end: MediaTime(milliseconds: found.passage.endMilliseconds), text: found.passage.text, score: found.score)
    }
}
