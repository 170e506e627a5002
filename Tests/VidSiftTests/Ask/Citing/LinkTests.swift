import Testing

@testable import VidSift

@Suite struct LinkTests {
    @Test(
        "addresses are taken out, and the words around them stay",
        arguments: [
            ("See https://evil.example/a?b=c#d for more.", "See for more."), ("See http://evil.example.", "See."),
            ("See (https://evil.example/a).", "See."), ("See HTTPS://EVIL.EXAMPLE, then go.", "See, then go."),
            ("See www.evil.example/a now.", "See now."), ("See <https://evil.example> now.", "See now."),
            ("See <mailto:a@evil.example> now.", "See now."), ("See ftp://evil.example/a", "See"),
            ("See foo+bar://evil.example now.", "See foo+bar now."), ("See ://evil.example now.", "See now."),
            ("Run javascript:alert(1) now.", "Run (1) now."),
            ("Run JavaScript: alert now.", "Run JavaScript alert now."),
            ("See data:text/html;base64,AAAA now.", "See now."), ("The data: it shows.", "The data: it shows."),
            ("A file: it is.", "A file: it is."), ("www is a web.", "www is a web."), ("awww.", "awww"),
            ("Write to a@evil.example now.", "Write to a@ evil.example now."), ("By @veritasium.", "By @veritasium."),
            ("http and https and w and ww", "http and https and w and ww"), ("and/or, 1/2", "and/or, 1/2"),
            ("See https://evil.example/【9】", "See"), ("https://a.example https://b.example", ""),
            (":[9]//evil", ":/evil"), ("ww[9]w.evil", "ww w.evil"), ("http[9]://evil", "http"),
        ])
    func addresses(text: String, expected: String) {
        #expect(ReadAnswer(text).text == expected)
    }

    @Test(
        "markdown's links and images lose their destination and keep their text",
        arguments: [
            ("See [the docs](https://evil.example) now.", "See (the docs) now."),
            ("See [the docs](evil.example \"title\") now.", "See (the docs) now."),
            ("See ![a cat](cat.png) now.", "See (a cat) now."), ("See [a](b(c)d) now.", "See (a) now."),
            ("See [![a](b)](c) now.", "See ((a)) now."), ("See [a][ref] now.", "See (a)(ref) now."),
            ("[ref]: https://evil.example \"x\"\nSo.", "(ref): \"x\"\nSo."), ("[ref]: evil", "(ref): evil"),
            ("See [a](never closed\nNext line.", "See (a)\nNext line."), ("See [a] (b) now.", "See (a) (b) now."),
            ("See [1](javascript:alert(1)) now.", "See now."), ("See [a](", "See (a)"),
        ])
    func markdown(text: String, expected: String) {
        let answer = ReadAnswer(text, evidence: Evidence([]))
        #expect(answer.text == expected)
    }

    @Test(
        "tags are taken out, and what looks like one is harmless",
        arguments: [
            ("A <b>bold</b> word.", "A bold word."), ("un<b>believ</b>able", "un believ able"),
            ("<script>alert(1)</script>", "alert(1)"), ("<img src=x onerror=alert(1)> So.", "So."),
            ("a<b and c>d", "a< b and c>d"), ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("x <- y", "x <- y"),
            ("<!-- hidden --> So.", "So."), ("<?php x ?> So.", "So."), ("</nobody> So.", "< /nobody> So."),
            ("<unknown tag> So.", "< unknown tag> So."), ("A <", "A <"), ("A <a", "A < a"),
            ("<[9]script>", "< script>"),
            ("<br/>So.", "So."), ("<a href='", ""),
        ])
    func tags(text: String, expected: String) {
        #expect(ReadAnswer(text).text == expected)
    }

    @Test("a citation before a round bracket is no link, and one before a colon defines none")
    func ownMarks() {
        #expect(ReadAnswer("\(MarkerTests.said) [1] (really).").text == "\(MarkerTests.said) [0:06] (really).")
        #expect(!ReadAnswer("\(MarkerTests.said) [1]: really").text.contains("]:"))
        #expect(!ReadAnswer("\(MarkerTests.said) [1]\u{0}(x)(y)").text.contains("]("))
    }

    @Test("a title can't leave its quotation marks, and links nowhere")
    func titles() {
        let answer = ReadAnswer("A canal lock lifts a boat from one level to another [2].", spansVideos: true)
        #expect(answer.text.hasSuffix(#" [10:00] "Up and 'down'"."#))
        #expect(CitationMark.line(String(repeating: "long ", count: 100)).unicodeScalars.count == 100)
        #expect(CitationMark.line("[1](x)") == "Untitled")
        #expect(CitationMark.line("Ends with \\") == "Ends with /")
        #expect(CitationMark.line("Bees, 12:30 (part 1)") == "Bees, 12:30 (part 1)")
    }

    @Test("plain words are passed on at once")
    func streams() {
        var machine = CitationMachine(evidence: SampleEvidence.all, spansVideos: false, isStrict: false)
        for word in ["The", " queen", " lays", " eggs"] {
            let text = machine.read(word).map { if case .text(let text) = $0 { text } else { "" } }.joined()
            #expect(text == word)
        }
    }
}
