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

    /// Chooses the sentences: those that answer, or in the place of an answer the nearest.
    ///
    /// - Throws: `ProviderError`, `CancellationError`.
    static func make(
        of retrieval: Retrieval, to question: String, refusing reason: AnswerEvent.Reason?, spansVideos: Bool,
        embedder: Embedder
    ) async throws -> QuotedAnswer {
        if let reason { return refusing(reason, of: retrieval, to: question, spansVideos) }
        let sentences = SentenceChoice.candidates(retrieval, question: question)
        var candidates = sentences
        if let meaning = retrieval.vector,
            let vectors = try await embedder.embed(
                candidates.prefix(SentenceChoice.maximumEmbedded).map { String($0.sentence.text) })
        {
            candidates = SentenceChoice.adding(vectors, of: meaning, to: candidates)
        }
        let quotes = SentenceChoice.quotes(from: candidates, among: sentences)
        return QuotedAnswer(retrieval, quotes: quotes, spansVideos: spansVideos, reason: nil)
    }

    /// The nearest moments, in the place of an answer.
    static func refusing(
        _ reason: AnswerEvent.Reason, of retrieval: Retrieval, to question: String, _ spansVideos: Bool
    ) -> QuotedAnswer {
        let candidates = SentenceChoice.candidates(retrieval, question: question)
        return QuotedAnswer(
            retrieval, quotes: SentenceChoice.nearest(candidates), spansVideos: spansVideos, reason: reason)
    }

    /// Puts the answer together; pure.
    init(_ retrieval: Retrieval, quotes: [SentenceChoice.Candidate], spansVideos: Bool, reason: AnswerEvent.Reason?) {
        sources = AnswerEvent.Source.numbered(retrieval.passages)
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

    /// The mentions of something, counted and listed.
    init(_ mentions: Mentions, spansVideos: Bool) {
        sources = mentions.sources
        coverage = mentions.coverage
        parts = mentions.parts(spansVideos: spansVideos)
        outcome = AnswerEvent.Outcome(
            citations: parts.compactMap(\.citation), reason: mentions.reason,
            timings: .init(search: mentions.searchMilliseconds))
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
    ///
    /// Words that pass for a link, a tag or a citation are shown so that nobody takes them for one of ours.
    func line(spansVideos: Bool) -> String {
        var words = ""
        var guarded = LinkGuard()
        for scalar in text.unicodeScalars { guarded.write(scalar, to: &words) }
        return "“\(words)” \(CitationMark.text(at: start, title: spansVideos ? video.title : nil))"
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
    /// Passages with their numbers, from 1.
    static func numbered(_ passages: [Retrieval.Passage]) -> [AnswerEvent.Source] {
        passages.enumerated().map { AnswerEvent.Source($1, number: $0 + 1) }
    }

    init(_ found: Retrieval.Passage, number: Int) {
        self.init(
            number: number, video: found.video, start: MediaTime(milliseconds: found.passage.startMilliseconds),
            end: MediaTime(milliseconds: found.passage.endMilliseconds), text: found.passage.text, score: found.score)
    }
}
