/// What a client is told of mentions: how many there are, then each in the speaker's words. No model is asked.
extension Mentions {
    /// Why there is no list; nil where there is one.
    var reason: AnswerEvent.Reason? {
        guard total == 0 else { return nil }
        guard coverage.searched > 0 else { return coverage.pending > 0 ? .notIndexedYet : .noTranscript }
        return .notSaid
    }

    /// The passages that the list quotes.
    var sources: [AnswerEvent.Source] {
        passages.enumerated().map { AnswerEvent.Source($1, number: $0 + 1) }
    }

    /// `12 mentions of “bees” in 5 of 40 videos:` and a line with its citation for each listed moment.
    func parts(spansVideos: Bool) -> [QuotedAnswer.Part] {
        let head = heading(spansVideos: spansVideos)
        guard !moments.isEmpty else { return [QuotedAnswer.Part(text: head, citation: nil)] }
        let lines = moments.enumerated().map { place, moment in
            let citation = Citation(moment)
            let end = place + 1 < moments.count ? "\n" : ""
            return QuotedAnswer.Part(text: citation.line(spansVideos: spansVideos) + end, citation: citation)
        }
        return [QuotedAnswer.Part(text: head + "\n\n", citation: nil)] + lines
    }

    private var shownPhrase: String { "“\(phrase.filter { $0 != "\"" })”" }

    private func heading(spansVideos: Bool) -> String {
        if let reason { return refusal(reason, spansVideos: spansVideos) + waiting }
        var text = "\(Self.counted(total, "mention")) of \(shownPhrase)"
        if spansVideos { text += " in \(videos) of \(Self.counted(coverage.searched, "video"))" }
        if times > total { text += ", said \(times) times in all" }
        text += moments.count < total ? ". \(moments.count) of them:" : ":"
        return waiting.isEmpty ? text : "\(waiting.dropFirst()) \(text)"
    }

    private func refusal(_ reason: AnswerEvent.Reason, spansVideos: Bool) -> String {
        switch reason {
        case .notIndexedYet: "The recordings are still being indexed. Ask again in a moment."
        case .noTranscript: "There is no transcript here to count in."
        case .notSaid, .lowConfidence:
            spansVideos
                ? "\(shownPhrase) is not mentioned in \(coverage.searched == 1 ? "the video" : "any of the \(coverage.searched) videos") that can be searched."
                : "\(shownPhrase) is not mentioned here."
        }
    }

    /// What could not be counted in, as a sentence with a space before it.
    private var waiting: String {
        guard coverage.pending > 0, coverage.searched > 0 else { return "" }
        return
            " \(Self.counted(coverage.pending, "video")) more \(coverage.pending == 1 ? "is" : "are") still being indexed."
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

extension Citation {
    init(_ moment: Mentions.Moment) {
        let sentence = moment.sentence
        self.init(
            number: moment.number, video: moment.passage.video, start: sentence.start,
            end: max(sentence.start, sentence.end), text: String(sentence.text), precision: .init(sentence.precision),
            status: .verified)
    }
}
