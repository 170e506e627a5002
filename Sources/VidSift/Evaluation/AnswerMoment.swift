internal import Captions

/// Where the answer is said inside a labelled span. A label's span is as long as somebody speaks about the matter, half a
/// minute or more; the answer in the labeller's words tells the sentence.
enum AnswerMoment {
    /// The start of the first of the sentences that hold most of the answer's words, in seconds; nil where none is said.
    ///
    /// - Parameters:
    ///   - answer: The right answer.
    ///   - span: Sentences that begin here are looked at.
    ///   - passages: All passages of the span's video.
    static func seconds(of answer: String, in span: LabelledQuestion.Span, _ passages: [StoredPassage]) -> Double? {
        let wanted = words(of: answer)
        var best: (start: Double, held: Int)?
        for sentence in passages.lazy.flatMap(\.spokenSentences) {
            let start = sentence.start.seconds
            guard span.start...span.end ~= start else { continue }
            let held = words(of: sentence.text).intersection(wanted).count
            if held > (best?.held ?? 0) { best = (start, held) }
        }
        return best?.start
    }

    private static func words(of text: some StringProtocol) -> Set<UInt64> {
        Set(TextAnalysis(language: "en").terms(in: String(text)).filter { !$0.isStopWord }.map(\.hash))
    }
}
