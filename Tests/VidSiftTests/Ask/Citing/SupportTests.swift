import Captions
import Testing

@testable import VidSift

@Suite struct SupportTests {
    @Test(
        "a claim is cited at the sentence whose words hold it",
        arguments: [
            ("A queen lays 2,000 eggs a day [1].", "0:06"),
            ("Bees dance on the comb to tell where flowers are [1].", "0:12"),
            ("Muscles make heat without moving wings [1].", "0:36"),
            ("The mitre gate was drawn by Leonardo in Milan [2].", "10:18"),
        ])
    func bestSentence(text: String, start: String) {
        let answer = ReadAnswer(text)
        #expect(answer.starts == [start] && answer.statuses == [.verified])
        #expect(answer.citations.allSatisfy { $0.precision == .cue })
    }

    @Test("what is said in two neighbouring sentences is cited as both, from the start of the first")
    func window() {
        let answer = ReadAnswer(
            "In winter bees form a ball, shiver, and their muscles make heat without moving their wings [1].")
        #expect(answer.starts == ["0:30"])
        #expect(answer.citations.first?.text.hasSuffix("and that makes heat.") == true)
        #expect(answer.citations.first?.end.milliseconds == 42_000)
    }

    @Test(
        "a number that wasn't said, or a not too many or too few, is not verified",
        arguments: [
            ("The queen lays up to three thousand eggs in a single day [1].", Citation.Status.unsupported),
            ("The queen lays up to 2500 eggs in a single day [1].", .unsupported),
            ("The queen never lays two thousand eggs in a single day [1].", .close),
            ("The lock is a pump, and it lifts water [2].", .close),
            ("The lock isn't a pump and never lifts water [2].", .verified),
            ("A colony holds 50,000 honey bees in summer [1].", .verified),
            ("A colony holds twenty honey bees in summer [1].", .close),
        ])
    func numbersAndNegation(text: String, status: Citation.Status) {
        #expect(ReadAnswer(text).statuses == [status])
    }

    @Test(
        "a name that is said nowhere in the passage is not verified",
        arguments: [
            ("In winter the bees of Humboldt form a ball and shiver to keep warm [1].", Citation.Status.close),
            ("In winter the Bees form a ball and shiver to keep warm [1].", .verified),
            ("Note: **In winter** the bees form a ball – Shivering, to keep warm [1].", .verified),
            ("✅ Insects of a colony: in winter the bees form a ball and shiver to keep warm [1].", .verified),
            ("In winter the bees of A. Humboldt form a ball and shiver to keep warm [1].", .close),
            ("In winter the bees of Jean-Luc form a ball and shiver to keep warm [1].", .close),
            // Said in another sentence of the passage; in its title; in another passage only.
            ("Leonardo said that the lock is not a pump, and never lifts water [2].", .verified),
            ("The lock, Leonardo knew, is not a pump, and it never lifts water [2].", .verified),
            ("In Clocks the train left at 1:02:03 by the clock of the tower [3].", .verified),
            ("In Milan the train left at 1:02:03 by the clock of the tower [3].", .close),
        ])
    func names(text: String, status: Citation.Status) {
        #expect(ReadAnswer(text).statuses == [status])
    }

    @Test("names are looked for whatever is known of the passage's language", arguments: [nil, "ru", "en"])
    func namesOfUnknownLanguage(language: String?) {
        let bees = SampleEvidence.passage(SampleTalks.beeSentences, title: "Bees", language: language)
        let answer = ReadAnswer(
            ["In winter the bees of Humboldt form a ball and shiver to keep warm [1]."], evidence: Evidence([bees]))
        #expect(answer.statuses == [.close])
    }

    @Test("a capital letter is no name where every noun has one")
    func capitalNouns() {
        let bees = SampleEvidence.passage(
            ["Im Winter bilden die Bienen eine Kugel und zittern."], title: "Bienen", language: "de")
        let answer = ReadAnswer(
            ["Im Winter bilden Bienen eine Kugel und zittern als Volk [1]."], evidence: Evidence([bees]))
        #expect(answer.statuses == [.verified])
    }

    @Test("what another passage says is cited there: the number is repaired")
    func repair() {
        let answer = ReadAnswer("Two gates close the chamber and water pressure holds them shut [1].")
        #expect(answer.citations.map(\.number) == [2] && answer.starts == ["10:06"])
        let quote = ReadAnswer(
            "It was put as \u{201C}shallow V that points upstream\u{201D} by somebody [3].")
        #expect(quote.citations.map(\.number) == [2] && quote.starts == ["10:12"] && quote.statuses == [.verified])
    }

    @Test("a sentence without a marker that was said is cited by itself, and no other is")
    func unmarked() {
        let answer = ReadAnswer("Bees are wonderful. In winter the bees form a ball and shiver. Ask me more!")
        #expect(answer.text == "Bees are wonderful. In winter the bees form a ball and shiver. [0:30] Ask me more!")
        #expect(answer.starts == ["0:30"])
    }

    @Test("an unsupported claim is cited as unsupported, and counts for nothing")
    func unsupported() {
        let answer = ReadAnswer("Submarines are listed on the stock exchange of Reykjavik [1].")
        #expect(answer.statuses == [.unsupported] && !answer.hasSupport)
    }

    @Test("strictly, only supported sentences are sent, whole")
    func strict() {
        let text = """
            Here is what I found:

            - Submarines are traded in Reykjavik [1].
            - The queen lays up to two thousand eggs in a single day [1].

            Everybody knows that. In winter the bees form a ball and shiver to keep warm.
            """
        let answer = ReadAnswer(text, isStrict: true)
        #expect(
            answer.text == """
                - The queen lays up to two thousand eggs in a single day [0:06].

                In winter the bees form a ball and shiver to keep warm. [0:30]
                """)
        #expect(answer.hasSupport && answer.starts == ["0:06", "0:30"])
        #expect(ReadAnswer("Nothing of it [1].", isStrict: true).text.isEmpty)
    }

    @Test("strictly, nothing of a sentence is sent before its end")
    func strictHolds() {
        var machine = CitationMachine(evidence: SampleEvidence.all, spansVideos: false, isStrict: true)
        #expect(machine.read("The queen lays two thousand eggs in a single day [1]").isEmpty)
        #expect(machine.read(". ").isEmpty)
        #expect(machine.read("N").count == 3)
    }

    @Test("two citations of one moment in one sentence are one")
    func duplicates() {
        let twice = Evidence([SampleEvidence.bees, SampleEvidence.bees])
        let answer = ReadAnswer("The queen lays up to two thousand eggs in a single day [1][2].", evidence: twice)
        #expect(answer.starts == ["0:06"])
    }

    @Test("where words don't settle it, the likeness of a candidate does")
    func likeness() {
        func answer(_ value: Float) -> ReadAnswer {
            ReadAnswer(["The sovereign insect is remarkably fecund [1]."]) { claim in
                claim.candidates.map { SampleEvidence.all.text(of: $0.sentences).contains("queen") ? value : 0.1 }
            }
        }
        #expect(answer(0.95).statuses == [.verified] && answer(0.95).starts == ["0:06"])
        #expect(answer((Support.verifiedScore + Support.closeScore) / 2).statuses == [.close])
        #expect(answer(0.3).statuses == [.unsupported])
    }

    @Test("an answer may be in one language and the passage in another")
    func languages() {
        let german = SampleEvidence.passage(
            ["Die Königin legt zweitausend Eier.", "Im Winter bilden die Bienen eine Traube."], title: "Bienen",
            language: "de")
        let japanese = SampleEvidence.passage(
            ["女王蜂は一日に二千個の卵を産みます。", "冬は蜂球を作ります。"], title: "蜂", language: "ja")
        let evidence = Evidence([german, japanese])
        #expect(ReadAnswer("Im Winter bildet die Biene eine Traube [1].", evidence: evidence).statuses == [.verified])
        let answer = ReadAnswer("冬は蜂球を作ります[2]。女王蜂は卵を産みます。", evidence: evidence)
        #expect(answer.text == "冬は蜂球を作ります [0:06]。女王蜂は卵を産みます。 [0:00]")
    }

    @Test("without evidence nothing is cited")
    func noEvidence() {
        #expect(ReadAnswer("So it is [1].", evidence: Evidence([])).text == "So it is.")
        let empty = Evidence([SampleEvidence.passage([], title: "Empty")])
        #expect(ReadAnswer("So it is [1].", evidence: empty).text == "So it is.")
    }

    @Test(
        "numbers are read from digits and from words",
        arguments: [
            ("2,000 eggs", [2000]), ("two thousand eggs", [2000]), ("1.5 million", [1_500_000]), ("twenty-five", [25]),
            ("three hundred and fifty two", [352]), ("the 19th of 1990s", [19, 1990]), ("one of them", []),
            ("1 of them", [1]),
            ("nineteen forty five", [19, 45, 1945]), ("two or three", [2, 3]), ("a hundred and one", [101]),
            ("3b1b", []),
            ("12 and 13.", [12, 13]), ("a dozen", [12]), ("two thousand five hundred", [2500]), ("no number", []),
        ] as [(String, Set<Double>)])
    func numbers(text: String, expected: Set<Double>) {
        #expect(SpokenNumbers(text).all == expected)
    }
}
