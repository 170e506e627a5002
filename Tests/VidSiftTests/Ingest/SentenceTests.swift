import Captions
import Testing

@testable import VidSift

@Suite struct SentenceTests {
    private func cue(_ start: Int, _ end: Int, _ text: String, speaker: String? = nil) -> Cue {
        Cue(
            start: MediaTime(milliseconds: start), end: MediaTime(milliseconds: end), text: text, speaker: speaker)
    }

    private func sentences(_ cues: [Cue], chapters: [Chapter] = []) -> [Sentence] {
        SentenceSplitter(Transcript(cues: cues, chapters: chapters)).sentences()
    }

    @Test("a sentence that runs over two cues is one, and begins with the first")
    func acrossCues() {
        let found = sentences([
            cue(0, 3000, "This one is short. And this one goes"), cue(3000, 6000, "on in the next cue."),
        ])
        #expect(found.map(\.text) == ["This one is short.", "And this one goes on in the next cue."])
        #expect(found[1].cues == 0...1)
        #expect((1000...2000).contains(found[1].start.milliseconds))
        #expect(found[1].end.milliseconds == 6000)
    }

    @Test("abbreviations, initials and decimals end no sentence")
    func abbreviations() {
        let found = sentences([
            cue(0, 9000, "Dr. Smith met J. Doe at 3.5 metres, e.g. at the gate. They talked.")
        ])
        #expect(found.map(\.text) == ["Dr. Smith met J. Doe at 3.5 metres, e.g. at the gate.", "They talked."])
    }

    @Test("speech without punctuation is cut at its pauses")
    func pauses() {
        let words = (0..<40).map { index in
            Word(
                start: MediaTime(milliseconds: index * 300 + (index >= 20 ? 2000 : 0)),
                end: MediaTime(milliseconds: index * 300 + 250 + (index >= 20 ? 2000 : 0)), text: "word\(index)")
        }
        let cue = Cue(
            start: .zero, end: MediaTime(milliseconds: 15000), text: words.map(\.text).joined(separator: " "),
            words: words)
        let found = sentences([cue])
        #expect(found.count == 2)
        #expect(found[1].text.hasPrefix("word20 "))
        #expect(found[1].start.milliseconds == 8000)
        #expect(found[1].precision == .word)
    }

    @Test("a change of speaker ends a sentence")
    func speakers() {
        let found = sentences([
            cue(0, 2000, "I was about to", speaker: "Ann"), cue(2000, 4000, "Excuse me. Go on.", speaker: "Bob"),
        ])
        #expect(found.map(\.text) == ["I was about to", "Excuse me.", "Go on."])
    }

    @Test("music and applause are not speech")
    func marks() throws {
        let transcript = try Transcript(
            captions: Array(
                "WEBVTT\n\n00:00.000 --> 00:02.000\n[Music]\n\n00:02.000 --> 00:05.000\n>> Hello (Applause) there.\n"
                    .utf8))
        #expect(SentenceSplitter(transcript).sentences().map(\.text) == ["Hello there."])
    }

    @Test("a language without spaces is cut at its own full stops and joined without spaces")
    func japanese() {
        let found = sentences([cue(0, 4000, "今日は天気がいい。散歩に"), cue(4000, 8000, "行きましょう。")])
        #expect(found.map(\.text) == ["今日は天気がいい。", "散歩に行きましょう。"])
        #expect(found[1].start.milliseconds > 2000 && found[1].start.milliseconds < 4000)
    }

    @Test("a run of a thousand words without an end is cut into readable pieces, with no word lost")
    func endless() {
        let text = (0..<1000).map { "w\($0)" }.joined(separator: " ")
        let found = sentences([cue(0, 400_000, text)])
        #expect(found.allSatisfy { $0.wordCount <= SentenceSplitter.maximumWords })
        #expect(found.map(\.text).joined(separator: " ") == text)
    }

    @Test("a chapter ends a sentence and a passage")
    func chapters() {
        let cues = (0..<40).map { cue($0 * 3000, $0 * 3000 + 3000, "Sentence number \($0) has a handful of words.") }
        let chapters = [
            Chapter(start: .zero, title: "One"), Chapter(start: MediaTime(milliseconds: 60_000), title: "Two"),
        ]
        let plan = PassagePlan(Transcript(cues: cues, chapters: chapters))
        #expect(plan.passages.contains { $0.chapter == "One" } && plan.passages.contains { $0.chapter == "Two" })
        for passage in plan.passages {
            #expect((passage.chapter == "One") == (passage.start.milliseconds < 60_000))
            #expect((passage.chapter == "One") == (passage.end.milliseconds <= 60_000))
        }
    }
}
