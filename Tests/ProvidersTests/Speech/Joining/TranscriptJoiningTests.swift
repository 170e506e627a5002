import Testing

@testable import Providers

@Suite("Parts become one transcript")
struct TranscriptJoiningTests {
    @Test("any cut of known words, with or without overlaps, gives the words back", arguments: 0..<400)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let speech = TimedWords(count: .random(in: 0...400, using: &random), using: &random)
        let limits = ChunkLimits(maximum: .s(20), window: .s(4), overlap: .s(5), minimum: .s(1))
        let plan = AudioPlan(duration: speech.end + .s(1), silences: Self.pauses(speech, &random), limits: limits)
        let halves = Bool.random(using: &random)
        var parts = plan.chunks.map {
            TranscribedChunk(chunk: $0, segments: speech.heard(in: $0.span, halves: halves, using: &random))
        }
        parts.shuffle(using: &random)
        let joined = TranscriptJoining.joined(parts)
        #expect(joined.flatMap(\.words) == speech.words)
        #expect(joined.map(\.text).joined(separator: " ") == speech.words.map(\.text).joined(separator: " "))
        for (segment, next) in zip(joined, joined.dropFirst()) { #expect(segment.span.start <= next.span.start) }
    }

    @Test("times that differ by half a second from part to part lose or double no word", arguments: 0..<200)
    func jitter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Speech without repeated words, as far as a tolerance of two seconds matters.
        let words = (0..<200).map { SpokenWord("w\($0)", .s(Double($0) * 0.4, Double($0) * 0.4 + 0.35)) }
        let speech = {
            var all = TimedWords(count: 0, using: &random); all.words = words; return all
        }()
        let limits = ChunkLimits(maximum: .s(20), window: .zero, overlap: .s(5), minimum: .s(1))
        let plan = AudioPlan(duration: .s(80), silences: [], limits: limits)
        let parts = plan.chunks.map { chunk in
            var shift = 0
            let heard = speech.heard(in: chunk.span, using: &random).map { segment in
                shift = min(500, max(-500, shift + .random(in: -200...200, using: &random)))
                return segment.shifted(by: .ms(shift))
            }
            return TranscribedChunk(chunk: chunk, segments: heard)
        }
        let joined = TranscriptJoining.joined(parts)
        #expect(joined.flatMap(\.words).map(\.text) == words.map(\.text))
        let starts = joined.flatMap(\.words).map(\.span.start)
        #expect(starts == starts.sorted())
    }

    @Test("lines without word times are joined by the places of their words")
    func untimedLines() {
        let left = TranscribedSegment(span: .s(0, 10), text: "one two three four five six seven eight nine ten")
        let right = TranscribedSegment(span: .s(5, 15), text: "six seven eight nine ten eleven twelve 13 14 15")
        let joined = TranscriptJoining.joined([
            Self.part(0, .s(0, 10), [left]), Self.part(1, .s(5, 15), [right], overlap: 5),
        ])
        #expect(
            joined.map(\.text).joined(separator: " ")
                == "one two three four five six seven eight nine ten eleven twelve 13 14 15")
        #expect(joined.allSatisfy { $0.words.isEmpty })
        #expect(joined.count == 2 && joined[0].span.end <= joined[1].span.start + .ms(200))
    }

    @Test("a script without spaces stays without")
    func unspaced() {
        let left = TranscribedSegment(span: .s(0, 10), text: "我们去北京。好吗你")
        let right = TranscribedSegment(span: .s(5, 12), text: "京。好吗你说")
        let joined = TranscriptJoining.joined([
            Self.part(0, .s(0, 10), [left]), Self.part(1, .s(5, 12), [right], overlap: 5),
        ])
        #expect(joined.map(\.text).joined() == "我们去北京。好吗你说")
    }

    @Test("where two parts heard nothing alike, each is believed on its side, and what only one has heard stays")
    func nothingAlike() {
        let left = TimedWords.segment([SpokenWord("one", .s(4, 5)), SpokenWord("mumble", .s(8, 9.5))])
        let right = TimedWords.segment([SpokenWord("rumble", .s(8.4, 9)), SpokenWord("end", .s(11, 12))])
        let joined = TranscriptJoining.joined([
            Self.part(0, .s(0, 10), [left]), Self.part(1, .s(5, 15), [right], overlap: 5),
        ])
        #expect(joined.map(\.text) == ["one", "rumble end"])
    }

    @Test("parts that are not neighbours, and parts given twice, are not mixed up")
    func missingParts() {
        let segments = [TimedWords.segment([SpokenWord("same", .s(6, 7))])]
        #expect(
            TranscriptJoining.joined([
                Self.part(0, .s(0, 10), segments), Self.part(2, .s(5, 15), segments, overlap: 5),
            ]).count == 2)
        #expect(
            TranscriptJoining.joined([Self.part(0, .s(0, 10), segments), Self.part(0, .s(0, 10), segments)]).count == 1)
        #expect(TranscriptJoining.joined([]).isEmpty)
    }

    @Test(
        "thousands of words in an overlap take no longer than a moment", .timeLimit(.minutes(1)), arguments: ["w", "v"])
    func crowd(other: String) {
        func words(_ letter: String) -> [SpokenWord] {
            (0..<20_000).map { SpokenWord("\(letter)\($0 % 7)", .s(6, 7)) }
        }
        let parts = [
            Self.part(0, .s(0, 10), [TimedWords.segment(words("w"))]),
            Self.part(1, .s(5, 15), [TimedWords.segment(words(other))], overlap: 5),
        ]
        #expect(!TranscriptJoining.joined(parts).isEmpty)
    }

    private static func part(
        _ index: Int, _ span: AudioSpan, _ segments: [TranscribedSegment], overlap: Double = 0
    ) -> TranscribedChunk {
        TranscribedChunk(chunk: AudioChunk(index: index, span: span, overlap: .s(overlap)), segments: segments)
    }

    /// Some of the pauses between words, as far as one would see them.
    private static func pauses(_ speech: TimedWords, _ random: inout SeededGenerator) -> [AudioSpan] {
        var pauses: [AudioSpan] = []
        for (word, next) in zip(speech.words, speech.words.dropFirst())
        where next.span.start - word.span.end > .ms(400) && Bool.random(using: &random) {
            pauses.append(AudioSpan(start: word.span.end, end: next.span.start))
        }
        return pauses
    }
}
