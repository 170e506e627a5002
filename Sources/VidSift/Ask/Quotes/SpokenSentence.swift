internal import Captions

/// A sentence of a stored passage with its times.
struct SpokenSentence: Sendable {
    var text: Substring
    var start: MediaTime
    var end: MediaTime
    var precision: TimePrecision

    var wordCount: Int { text.split(separator: " ").count }
}

extension StoredPassage {
    /// The passage's sentences.
    var spokenSentences: [SpokenSentence] {
        var rest = text[...].utf8
        return sentences.compactMap { span in
            guard span.length <= rest.count else { return nil }
            let sentence = rest.prefix(span.length)
            rest = rest.dropFirst(span.length + 1)
            return SpokenSentence(
                text: Substring(sentence), start: MediaTime(milliseconds: span.startMilliseconds),
                end: MediaTime(milliseconds: span.endMilliseconds), precision: span.precision)
        }
    }
}
