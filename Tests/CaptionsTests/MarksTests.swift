import Captions
import Testing

@Suite("What is shown but not spoken")
struct MarksTests {
    private func cue(_ text: String) throws -> Cue {
        try read("1\n00:00:01,000 --> 00:00:02,000\n\(text)\n").cues[0]
    }

    @Test(
        "sounds and turns are marked, the rest is speech",
        arguments: [
            ("[Music] hello", "hello"), ("(Applause)", ""), ("♪ la la ♪", "la la"),
            ("&gt;&gt; Good morning.", "Good morning."),
            ("- Hi. - Hello.", "Hi. Hello."), ("-Stéphane ?", "Stéphane ?"), ("ALICE: I see.", "I see."),
            (">> ALICE: I see.", "I see."), ("(Applaudissements)", ""), ("(LAUGHTER) yes", "yes"), ("---", ""),
            ("he came (which is true) and left", "he came (which is true) and left"),
            ("at 10:30 it began", "at 10:30 it began"),
            ("Note: read this", "Note: read this"), ("-5 degrees", "-5 degrees"), ("see [12] there", "see [12] there"),
            ("a - b", "a - b"),
        ])
    func spoken(text: String, expected: String) throws {
        #expect(try cue(text).spoken == expected)
    }

    @Test("a name before a colon is the speaker: in capitals, after >>, or when it comes again")
    func speakers() throws {
        #expect(try cue("DR. SMITH: Hello.").speaker == "DR. SMITH")
        #expect(try cue(">> Ann: Hello.").speaker == "Ann")
        #expect(try cue("Remember: hello.").speaker == nil)

        let twice = try read(
            "1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: Hi.\n\n2\n00:00:03,000 --> 00:00:04,000\nAnn Lee: Bye.\n")
        #expect(twice.cues.map(\.speaker) == ["Ann Lee", "Ann Lee"])
        #expect(twice.cues.map(\.spoken) == ["Hi.", "Bye."])
    }
}
