internal import Captions
internal import Providers

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

    /// Retrieves, judges and chooses.
    static func make(for run: Ask.Run, with retriever: Retriever) async throws -> QuotedAnswer {
        let start = ContinuousClock.now
        let retrieval = try await retriever.retrieve(
            .init(question: run.question, scope: run.scope, limit: Ask.maximumSources))
        let reason = Gate().refusal(retrieval, question: run.question)
        let sentences = SentenceChoice.candidates(retrieval, question: run.question)
        var candidates = sentences
        if reason == nil, let question = retrieval.vector,
            let vectors = try await retriever.embedder.embed(
                candidates.prefix(SentenceChoice.maximumEmbedded).map { String($0.sentence.text) })
        {
            candidates = SentenceChoice.adding(vectors, of: question, to: candidates)
        }
        let quotes =
            reason == nil
            ? SentenceChoice.quotes(from: candidates, among: sentences) : SentenceChoice.nearest(candidates)
        var answer = QuotedAnswer(retrieval, quotes: quotes, spansVideos: run.scope.spansVideos, reason: reason)
        answer.outcome.timings.total = (ContinuousClock.now - start) / .milliseconds(1)
        return answer
    }

    /// Puts the answer together; pure.
    init(_ retrieval: Retrieval, quotes: [SentenceChoice.Candidate], spansVideos: Bool, reason: AnswerEvent.Reason?) {
        sources = retrieval.passages.enumerated().map { AnswerEvent.Source($1, number: $0 + 1) }
        coverage = retrieval.coverage
        parts = reason.map { [Part(text: Self.refusal($0, hasNearest: !quotes.isEmpty), citation: nil)] } ?? []
        parts += quotes.enumerated().map { place, quote in
            let citation = Citation(quote, of: retrieval, isAnswer: reason == nil)
            let line = citation.line(spansVideos: spansVideos)
            return Part(text: place + 1 < quotes.count ? line + "\n\n" : line, citation: citation)
        }
        outcome = AnswerEvent.Outcome(
            citations: parts.compactMap(\.citation), reason: reason,
            timings: .init(embed: retrieval.embedMilliseconds, search: retrieval.searchMilliseconds))
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
    init(_ quote: SentenceChoice.Candidate, of retrieval: Retrieval, isAnswer: Bool) {
        let sentence = quote.sentence
        self.init(
            number: quote.source + 1, video: retrieval.passages[quote.source].video, start: sentence.start,
            end: max(sentence.start, sentence.end), text: String(sentence.text), precision: .init(sentence.precision),
            status: isAnswer ? .verified : .unsupported)
    }

    /// `“The words.” [1:23]`, with the video's title where several are in scope.
    func line(spansVideos: Bool) -> String {
        let title = spansVideos ? " \"\(video.title)\"" : ""
        return "“\(text)” [\(start.timestamp)]\(title)"
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
