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

    private func sentences(inFile text: String) throws -> [Sentence] {
        SentenceSplitter(try Transcript(captions: Array(text.utf8))).sentences()
    }

    @Test("a speaker who is named once goes on in the cues behind it, and the next sentence is not cut there")
    func namedOnce() throws {
        let found = try sentences(
            inFile: """
                WEBVTT

                00:00.000 --> 00:02.000
                CHRISTOPHE: And each one says to himself

                00:02.000 --> 00:04.000
                that he is better off

                00:04.000 --> 00:06.000
                than the other. Yes.

                00:06.000 --> 00:08.000
                JEAN: That is it.
                """)
        #expect(
            found.map(\.text) == [
                "And each one says to himself that he is better off than the other.", "Yes.", "That is it.",
            ])
        #expect(found[0].cues == 0...2)
    }

    @Test("a change of speaker in the middle of a cue opens the turn at the mark, not at the cue's beginning")
    func turnInMidCue() throws {
        let found = try sentences(
            inFile: """
                WEBVTT

                00:00.000 --> 00:02.000
                and this is where we

                00:02.000 --> 00:05.000
                stopped last year >> BOB: no we did not

                00:05.000 --> 00:07.000
                stop at all >> ever
                """)
        #expect(
            found.map(\.text) == ["and this is where we stopped last year", "no we did not stop at all", "ever"])
        #expect(found[0].cues == 0...1)
        #expect(found[1].cues == 1...2)
        #expect((2500..<4000).contains(found[1].start.milliseconds))
    }

    @Test("a mark at the end of a cue, or in one where nobody speaks, opens the turn with the next word")
    func turnBeforeNextCue() throws {
        let found = try sentences(
            inFile: """
                WEBVTT

                00:00.000 --> 00:02.000
                we were about to >>

                00:02.000 --> 00:04.000
                sorry for that

                00:04.000 --> 00:05.000
                >> [Laughter]

                00:05.000 --> 00:07.000
                it does not matter
                """)
        #expect(found.map(\.text) == ["we were about to", "sorry for that", "it does not matter"])
    }

    @Test("voices of a file are speakers as well, and a cue without one belongs to the last")
    func voices() {
        let found = sentences([
            cue(0, 2000, "I was about to", speaker: "Ann"), cue(2000, 4000, "say something"),
            cue(4000, 6000, "and now", speaker: "Ann"), cue(6000, 8000, "excuse me", speaker: "Bob"),
        ])
        #expect(found.map(\.text) == ["I was about to say something and now", "excuse me"])
    }

    @Test("the words of a cue with a mark keep their own times, and the mark is not among them")
    func timedWordsWithMarks() throws {
        let found = try sentences(
            inFile: """
                WEBVTT

                00:10.000 --> 00:20.000
                so<00:11.000><c> long.</c><00:14.500><c> [Applause]</c><00:16.250><c> &gt;&gt;</c><00:16.500><c> Thanks</c><00:17.000><c> all.</c>
                """)
        #expect(found.map(\.text) == ["so long.", "Thanks all."])
        #expect(found.map(\.start.milliseconds) == [10_000, 16_500])
        #expect(found.map(\.end.milliseconds) == [14_500, 20_000])
        #expect(found.allSatisfy { $0.precision == .word })
        let atoms = found.flatMap { Array($0.atoms) }
        #expect(atoms.map(\.opensTurn) == [false, false, true, false])
        #expect(atoms.map(\.start.milliseconds) == [10_000, 11_000, 16_500, 17_000])
    }

    @Test("a mark that is glued to a word leaves the word with its time")
    func markInsideWord() throws {
        let words = [
            Word(start: MediaTime(milliseconds: 0), text: "Well"),
            Word(start: MediaTime(milliseconds: 900), text: "[Music]then"),
        ]
        let found = sentences([
            Cue(
                start: .zero, end: MediaTime(milliseconds: 2000), text: "Well [Music]then", words: words,
                marks: [Mark(kind: .sound, range: 5..<12)])
        ])
        #expect(found.map(\.text) == ["Well then"])
        #expect(found[0].atoms.map(\.start.milliseconds) == [0, 900])
    }

    @Test("words that are not those of the text do not let a mark into what is spoken")
    func foreignWords() {
        let found = sentences([
            Cue(
                start: .zero, end: MediaTime(milliseconds: 2000), text: "[Music] Hello there",
                words: [Word(start: .zero, text: "[Music]"), Word(start: .zero, text: "elsewhere")],
                marks: [Mark(kind: .sound, range: 0..<7)])
        ])
        #expect(found.map(\.text) == ["Hello there"])
        #expect(found[0].precision == .cue)
    }

    @Test("a cue of half a megabyte of marks is read in no time")
    func manyMarks() {
        let count = 60_000
        let text = String(repeating: "a [b] ", count: count)
        let marks = (0..<count).map { Mark(kind: .sound, range: $0 * 6 + 2..<$0 * 6 + 5) }
        let words = (0..<count).flatMap { index in
            ["a", "[b]"].map { Word(start: MediaTime(milliseconds: index), text: $0) }
        }
        let cue = Cue(
            start: .zero, end: MediaTime(milliseconds: count), text: text, words: words, marks: marks)
        let start = ContinuousClock.now
        #expect(AtomSequence(Transcript(cues: [cue])).atoms.count == count)
        #expect(ContinuousClock.now - start < .seconds(5))
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
