import Testing

@testable import Providers

@Suite("What nobody said is dropped")
struct InventedTextTests {
    @Test("a text that the model doubts where it hears nobody; one of the two signs is not enough")
    func noSpeech() {
        let doubted = Self.line("Something made up", .s(0, 3), noSpeech: 0.7, logProbability: -1.2)
        #expect(Self.dropped([doubted]) == [.noSpeech])
        #expect(Self.dropped([Self.line("Said", .s(0, 3), noSpeech: 0.7, logProbability: -0.5)]).isEmpty)
        #expect(Self.dropped([Self.line("Said", .s(0, 3), noSpeech: 0.3, logProbability: -2)]).isEmpty)
        #expect(Self.dropped([Self.line("Said", .s(0, 3), noSpeech: 0.6, logProbability: -2)]).isEmpty)
        #expect(Self.dropped([Self.line("Said", .s(0, 3), noSpeech: 0.7)]).isEmpty)
    }

    @Test("a text where nothing can be heard; not one at the edge of a silence, nor in a short pause")
    func silence() {
        let silences = [AudioSpan.s(10, 20), .s(30, 32)]
        #expect(Self.dropped([Self.line("Made up", .s(12, 15))], silences) == [.silence])
        #expect(Self.dropped([Self.line("Made up", .s(13, 13))], silences) == [.silence])
        #expect(Self.dropped([Self.line("Yes", .s(10, 10.6))], silences).isEmpty)
        #expect(Self.dropped([Self.line("Said before it", .s(8, 12))], silences).isEmpty)
        #expect(Self.dropped([Self.line("Yes", .s(30.6, 31.2))], silences).isEmpty)
        #expect(Self.dropped([Self.line("Yes", .s(40, 41))], silences).isEmpty)
    }

    @Test(
        "a well-known invented line, where there is another sign that nobody speaks",
        arguments: [
            "Thank you for watching!", "Thanks for watching.", "Subtitles by the Amara.org community", "you",
            "Untertitel der Amara.org-Community", "ご視聴ありがとうございました", "字幕由Amara社区提供", "Please subscribe to my channel.",
        ])
    func phantoms(text: String) {
        #expect(Self.dropped([Self.line(text, .s(10, 13), noSpeech: 0.9)]) == [.phantomLine])
        #expect(Self.dropped([Self.line(text, .s(9, 12))], [.s(10, 12.5)]) == [.phantomLine])
        #expect(Self.dropped([Self.line(text, .s(10, 13), noSpeech: 0.1)], [.s(20, 30)]).isEmpty, "somebody said it")
    }

    @Test("no other line is taken for one of them")
    func noPhantoms() {
        for text in ["Thank you for watching my children.", "You are right.", "The subtitles by Ann were good."] {
            #expect(Self.dropped([Self.line(text, .s(10, 13), noSpeech: 0.9)], [.s(9, 11.9)]).isEmpty, "\(text)")
        }
    }

    @Test(
        "what is no word",
        arguments: [
            "[BLANK_AUDIO]", "(upbeat music)", "♪ ♪", "...", "*sighs*", "[Music] (laughs)", "（笑）", "【拍手】", "*",
        ])
    func soundMarks(text: String) {
        #expect(Self.dropped([Self.line(text, .s(1, 2))]) == [.soundMark])
    }

    @Test(
        "words beside a mark are kept, and so is what is too long for one",
        arguments: [
            "[Music] Hello", "f(x)", "1) first", "well (laughs)", "*sighs* hello", "(and then he said",
            "(which, as I have told you before, was not at all what we had expected)",
        ])
    func wordsBesideMarks(text: String) {
        #expect(Self.dropped([Self.line(text, .s(1, 2))]).isEmpty)
    }

    @Test("the same sentence again and again is said once, wherever the lines are cut")
    func loops() {
        let loop = Array(repeating: "I'm going to the store.", count: 6).joined(separator: " ").split(separator: " ")
        let words = (["Well,"] + loop + ["And", "then?"]).enumerated().map {
            SpokenWord(String($1), .s(Double($0), Double($0) + 0.9))
        }
        let lines = [words[..<3], words[3..<9], words[9..<20], words[20...]].map { TimedWords.segment(Array($0)) }
        let (said, dropped) = InventedText(silences: []).sift(lines)
        #expect(said.map(\.text).joined(separator: " ") == "Well, I'm going to the store. And then?")
        #expect(said.flatMap(\.words).map(\.span.start.seconds) == [0, 1, 2, 3, 4, 5, 31, 32])
        #expect(dropped.allSatisfy { $0.reason == .loop } && dropped.count == 3)
    }

    @Test(
        "what people do say several times is kept",
        arguments: [
            "No, no, no, no, no!", "Thank you, thank you, thank you.", "We will fight on. We will fight on.",
            "Ha ha ha ha ha ha",
            "the cat sat on the mat and the dog sat on the mat",
        ])
    func rhetoric(text: String) {
        #expect(Self.dropped([Self.line(text, .s(0, 9), compression: 2.9)]).isEmpty)
    }

    @Test("a text that repeats itself by its own figure, and does")
    func compression() {
        let text = "we go there and we go there or we go there so we go there"
        #expect(Self.dropped([Self.line(text, .s(0, 9), compression: 2.5)]) == [.compression])
        #expect(Self.dropped([Self.line(text, .s(0, 9), compression: 2.4)]).isEmpty)
        let good = "A sentence that shares its window with a loop, and is none itself."
        #expect(Self.dropped([Self.line(good, .s(0, 9), compression: 9)]).isEmpty)
    }

    @Test(
        "loops are found like this",
        arguments: [
            ("a a a a a a a", 0), ("a a a a a a a a", 7), ("a b a b a b a b", 0), ("a b a b a b a b a b", 8),
            ("a b c d a b c d", 0), ("a b c d a b c d a b c d", 8), ("x a b c d a b c d a b c d a b y", 8), ("", 0),
        ])
    func flags(text: String, surplus: Int) {
        let flags = RepeatedWords.areLoops(text.split(separator: " ").map(String.init))
        #expect(flags.count(where: \.self) == surplus)
    }

    @Test("of text without loops, silence or doubt, nothing is dropped", arguments: 0..<100)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let words = (0..<200).map { SpokenWord("w\($0)", .s(Double($0), Double($0) + 0.5)) }
        let segments = TimedWords.segments(words, using: &random)
        let (said, dropped) = InventedText(silences: [.s(300, 400)]).sift(segments)
        #expect(said == segments && dropped.isEmpty)
    }

    private static func line(
        _ text: String, _ span: AudioSpan, noSpeech: Double? = nil, logProbability: Double? = nil,
        compression: Double? = nil
    ) -> TranscribedSegment {
        TranscribedSegment(
            span: span, text: text,
            signs: SpeechSigns(noSpeech: noSpeech, logProbability: logProbability, compression: compression))
    }

    private static func dropped(
        _ segments: [TranscribedSegment], _ silences: [AudioSpan] = []
    ) -> [DroppedText.Reason] {
        let (said, dropped) = InventedText(silences: silences).sift(segments)
        if dropped.isEmpty { #expect(said == segments) }
        return dropped.map(\.reason)
    }
}
