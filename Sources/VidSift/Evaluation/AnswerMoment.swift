internal import Captions

/// Where the answer is said inside a labelled span. A label's span is as long as somebody speaks about the matter, half a
/// minute or more; the answer in the labeller's words tells the sentence.
enum AnswerMoment {
    /// The start of the first of those sentences that hold most of the answer's words, in seconds; nil where none is said.
    ///
    /// - Parameters:
    ///   - answer: The right answer.
    ///   - span: What is said here is looked at, also where the first sentence begins before it.
    ///   - passages: All passages of the span's video.
    static func seconds(of answer: String, in span: LabelledQuestion.Span, _ passages: [StoredPassage]) -> Double? {
        let wanted = words(of: answer)
        var best: (start: Double, held: Int)?
        for sentence in passages.lazy.flatMap(\.spokenSentences) {
            guard sentence.start.seconds <= span.end, sentence.end.seconds > span.start else { continue }
            let held = words(of: sentence.text).intersection(wanted).count
            if held > (best?.held ?? 0) { best = (sentence.start.seconds, held) }
        }
        return best?.start
    }

    private static func words(of text: some StringProtocol) -> Set<UInt64> {
        Set(TextAnalysis(language: "en").terms(in: String(text)).filter { !$0.isStopWord }.map(\.hash))
    }
}
