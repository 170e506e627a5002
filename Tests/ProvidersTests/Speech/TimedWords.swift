@testable import Providers

/// Made-up speech, whose every word and time is known.
struct TimedWords {
    var words: [SpokenWord]

    /// So many words from few, at the pace of speech, with pauses.
    init(count: Int, from start: AudioTime = .zero, using random: inout SeededGenerator) {
        let vocabulary = [
            "the", "a", "of", "Sea", "wide,", "deep.", "and", "very", "we", "it's", "not", "ship", "you?",
        ]
        var time = start.milliseconds
        words = (0..<count).map { _ in
            let length = Int.random(in: 80...700, using: &random)
            let word = SpokenWord(
                vocabulary.randomElement(using: &random) ?? "",
                AudioSpan(start: .ms(time), end: .ms(time + length)))
            time += length + (Int.random(in: 0..<8, using: &random) == 0 ? 900 : Int.random(in: 0...60, using: &random))
            return word
        }
    }

    var end: AudioTime { words.last?.span.end ?? .zero }

    /// What a part that covers `span` hears: the words that are wholly in it, as segments of some words each; at its
    /// edges halves of words.
    func heard(in span: AudioSpan, halves: Bool = false, using random: inout SeededGenerator) -> [TranscribedSegment] {
        var heard = words.filter { $0.span.start >= span.start && $0.span.end <= span.end }
        if halves {
            let cut = words.filter { $0.span.intersection(span).map { $0.length > .zero } ?? false }.filter { word in
                !heard.contains(word)
            }
            for word in cut {
                let half = SpokenWord("mm", word.span.intersection(span) ?? span)
                if half.span.start == span.start { heard.insert(half, at: 0) } else { heard.append(half) }
            }
        }
        return Self.segments(heard, using: &random)
    }

    static func segments(_ words: [SpokenWord], using random: inout SeededGenerator) -> [TranscribedSegment] {
        var rest = words[...]
        var segments: [TranscribedSegment] = []
        while !rest.isEmpty {
            let own = Array(rest.prefix(.random(in: 1...12, using: &random)))
            rest = rest.dropFirst(own.count)
            segments.append(segment(own))
        }
        return segments
    }

    static func segment(_ words: [SpokenWord], signs: SpeechSigns = SpeechSigns()) -> TranscribedSegment {
        TranscribedSegment(
            span: AudioSpan(start: words.first?.span.start ?? .zero, end: words.last?.span.end ?? .zero),
            text: words.map(\.text).joined(separator: " "), words: words, signs: signs)
    }
}
