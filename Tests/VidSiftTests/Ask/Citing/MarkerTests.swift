import Foundation
import Testing

@testable import VidSift

@Suite struct MarkerTests {
    static let said = "The queen lays up to two thousand eggs in a single day"

    @Test(
        "a marker is a citation, wherever it stands and however it is written",
        arguments: [
            ("[1].", " [0:06]."), (" [1].", " [0:06]."), (". [1]", ". [0:06]"), (".[1]", ". [0:06]"),
            (" [ 1 ].", " [0:06]."), (" [^1].", " [0:06]."), ("【1】.", " [0:06]."), ("【1†source】.", " [0:06]."),
            (" [passage 1].", " [0:06]."), (" [Source 1].", " [0:06]."), (" [1][1].", " [0:06]."),
            (" [#1].", " [0:06]."), (" ［1］.", " [0:06]."), (" **[1]**.", " ** [0:06]**."),
            ("\n[1]", " [0:06]"), (".\n\n[1]\n", ". [0:06]"), (" [1](https://evil.example/a).", " [0:06]."),
            (" ([1]).", " ([0:06])."), (" (see [1]).", " (see [0:06])."), (" [[1]].", " ([0:06])."),
            (" [1", ""), (" [1 ", ""), (" [9].", ". [0:06]"), (". [1] [1] [1]", ". [0:06]"),
        ])
    func forms(marker: String, expected: String) {
        let answer = ReadAnswer(Self.said + marker)
        let proven = expected.isEmpty ? " [0:06]" : expected
        #expect(answer.text == Self.said + proven)
        #expect(answer.starts == ["0:06"] && answer.statuses == [.verified])
    }

    @Test(
        "several numbers are several citations, those that were given",
        arguments: [
            ("[1][2]", [1, 2]), ("[1, 2]", [1, 2]), ("[1,2]", [1, 2]), ("[1; 2]", [1, 2]), ("[1-3]", [1, 2, 3]),
            ("[1–3]", [1, 2, 3]), ("[1 - 3]", [1, 2, 3]), ("[1 and 2]", [1, 2]), ("[1] [2]", [1, 2]),
            ("[1], [2]", [1, 2]), ("[3-1]", [3, 1, 2]), ("[1-999999999]", [1, 2, 3]), ("[0, 1]", [1]), ("[2, 17]", [2]),
            ("[passages 1 and 3]", [1, 3]), ("[1, 1, 1]", [1]), ("[99999999999999999999]", []), ("[0]", []),
        ])
    func numbers(marker: String, expected: [Int]) {
        let text = "Nobody says anything remotely comparable here \(marker)."
        #expect(ReadAnswer(text).citations.map(\.number) == expected)
    }

    @Test(
        "what is no marker is text in round brackets, since square ones are the citations' alone",
        arguments: [
            ("He is [sic] right.", "He is (sic) right."), ("An [open bracket.", "An (open bracket."),
            ("Twelve [12 monkeys] came.", "Twelve (12 monkeys) came."), ("A ] alone.", "A ) alone."),
            ("- [x] done\n- [ ] open", "- (x) done\n- open"), ("[[a]]", "((a))"), ("a[i][j]", "a(i)(j)"),
        ])
    func brackets(text: String, expected: String) {
        #expect(ReadAnswer(text).text == expected)
    }

    @Test(
        "a number that was never given is dropped, and leaves clean spacing behind",
        arguments: [
            ("So it is [9].", "So it is."), ("So it is. [9] And so.", "So it is. And so."),
            ("So [9] it is.", "So it is."), ("So it is ([9]).", "So it is."), ("So it is ([7], [9]).", "So it is."),
            ("So it is [7], [8] and so on.", "So it is and so on."), ("So it is[9], and so.", "So it is, and so."),
            ("So it is, [9], and so.", "So it is, and so."), ("So it is. [9].", "So it is."),
            ("[9] So it is.", "So it is."), ("- [9]\n- So it is.", "- So it is."), ("[9]", ""), ("[9][8] [7]", ""),
            ("So it is [7-9]!", "So it is!"), ("So it is,[9] and so.", "So it is, and so."),
            ("So it is, [9].", "So it is."), ("So[9]it is.", "So it is."), ("[9]: So it is.", "So it is."),
            ("So it is \n[9]\n\nAnd so.", "So it is\n\nAnd so."), ("f() [9] is.", "f() is."),
        ])
    func dropping(text: String, expected: String) {
        #expect(ReadAnswer(text).text == expected)
    }

    @Test("an endless marker is swallowed as it comes, and the text goes on behind it")
    func endless() {
        let endless = "So it is [" + String(repeating: "1, ", count: 5_000)
        #expect(ReadAnswer(endless + "1] indeed.").text == "So it is indeed.")
        #expect(ReadAnswer(endless).text == "So it is")
        #expect(ReadAnswer(endless + "and so on.").text == "So it is and so on.")
        let open = ReadAnswer(String(repeating: "[", count: 5_000))
        #expect(open.citations.isEmpty && open.text.utf8.count <= 5_000)
    }

    @Test(
        "times that the model types don't survive, unless they were said",
        arguments: [
            ("At [1:23] it is so.", "At it is so."), ("It is so (1:23).", "It is so."),
            ("It is so (1:23-1:45).", "It is so."), ("It is so [1:23 - 1:45].", "It is so."),
            ("It is so at 12:34, and then.", "It is so at, and then."), ("So it is at 2:02:03.5.", "So it is at."),
            ("It is so 1:23–1:45 here.", "It is so here."), ("It is so 1:23 - 1:45 here.", "It is so here."),
            ("A ratio of 16:9 and 4:3.", "A ratio of 16:9 and 4:3."), ("At 12:30 they met.", "At 12:30 they met."),
            ("At 12:30:01 they met.", "At they met."), ("At [12:30] they met.", "At they met."),
            ("It left at 1:02:03.", "It left at 1:02:03."), ("In 1984: 12 of them.", "In 1984: 12 of them."),
            ("1<b>:23", "1 :23"), ("1[9]:23", "1 :23"), ("1:[9]23", "1: 23"), ("1\u{200E}:23 so.", "so."),
            ("１：２３ so.", "so."), ("1:23 1:23 1:23", ""), ("x1:23y", "x y"),
        ])
    func times(text: String, expected: String) {
        #expect(
            ReadAnswer(text).text.replacingOccurrences(of: #" \[[0-9:]+\]"#, with: "", options: .regularExpression)
                == expected)
    }

    @Test("a time in an endless run of digits and colons doesn't survive either")
    func endlessTimes() {
        for run in ["1:23-", "1:23:", "11111", "1:2", "12:34:56 "] {
            let text = ReadAnswer("So " + String(repeating: run, count: 500)).text
            #expect(text.firstMatch(of: /[0-9]:[0-9][0-9](?![0-9])/) == nil)
        }
    }
}
