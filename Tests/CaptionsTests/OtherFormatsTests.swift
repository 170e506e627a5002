import Captions
import Testing

@Suite("The other formats")
struct OtherFormatsTests {
    @Test("SubRip: overrides and fonts are no text, text after a blank line is kept, a number alone is no text")
    func subRip() throws {
        let transcript = try read(
            "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"#fff\">One</font>\n\nmore\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
        )

        #expect(lines(transcript) == ["1000-2000 One more", "3000-4000 Two"])
    }

    @Test("json3: words keep their times, scrolling and empty events are no cues")
    func json3() throws {
        let transcript = try read(
            """
            {"events":[{"tStartMs":0,"dDurationMs":9000,"id":1},{"tStartMs":100,"dDurationMs":2000,"segs":[{"utf8":"caf\\u00e9"},\
            {"utf8":" \\ud83d\\ude00","tOffsetMs":500}]},{"tStartMs":1500,"aAppend":1,"segs":[{"utf8":"\\n"}]},\
            {"tStartMs":2500,"segs":[{"utf8":"end"}]}]}
            """)

        #expect(lines(transcript) == ["100-2100 café 😀", "2500-3500 end"])
        #expect(transcript.cues[0].words.map(\.start.milliseconds) == [100, 600])
    }

    @Test("srv1 is escaped twice, and an entity bomb stays a name")
    func srv1() throws {
        let bomb = "<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"

        let transcript = try read(
            "<?xml version=\"1.0\"?>\(bomb)<transcript><text start=\"1.5\" dur=\"2\">it&amp;#39;s &b;</text></transcript>"
        )

        #expect(lines(transcript) == ["1500-3500 it's &b;"])
    }

    @Test("srv3: segments are words")
    func srv3() throws {
        let transcript = try read(
            "<timedtext format=\"3\"><body><w t=\"0\"/><p t=\"100\" d=\"900\"><s>a</s><s t=\"300\"> b</s></p><p t=\"150\" d=\"9\" a=\"1\">\n</p></body></timedtext>"
        )

        #expect(lines(transcript) == ["100-1000 a b"])
        #expect(transcript.cues[0].words.map(\.start.milliseconds) == [100, 400])
    }

    @Test("TTML: clock times, frames, offsets, durations and relative containers")
    func ttml() throws {
        let transcript = try read(
            """
            <tt xml:lang="fr" ttp:frameRate="25"><head><ttm:title>Un titre</ttm:title></head><body>
            <div><p begin="00:00:01:05" end="2.5s">a<br/>b</p><p begin="3000ms" dur="0.5s">c &amp; d</p></div>
            <div begin="60s"><p begin="1s" end="2s">later</p></div></body></tt>
            """)

        #expect(transcript.title == "Un titre")
        #expect(transcript.language == "fr")
        #expect(lines(transcript) == ["1200-2500 a b", "3000-3500 c & d", "61000-62000 later"])
    }

    @Test("SBV: a damaged time is mended and said")
    func sbv() throws {
        let transcript = try read("0:00:00.378,0:00:11.378\nOne[br]two\n\n0:00:13.f89,0:00:15.489\nThree\n")

        #expect(lines(transcript) == ["378-11378 One two", "13000-15489 Three"])
        #expect(transcript.repairs.first?.line == 4)
    }

    @Test("LRC: a line lasts until the next, one text may have several times, words may have their own")
    func lrc() throws {
        let transcript = try read("[ti:Song]\n[00:01.00][00:09.50]la <00:01.50>li\n[00:03.00]\n[00:05.00]lo\n")

        #expect(transcript.title == "Song")
        #expect(lines(transcript).prefix(2) == ["1000-3000 la li", "5000-9500 lo"])
        #expect(transcript.cues[2].start.milliseconds == 9500)
        #expect(transcript.cues[0].words.map(\.start.milliseconds) == [1000, 1500])
    }

    @Test("Markdown: times between marks are interpolated by length, bold prefixes are speakers, headings are chapters")
    func markdown() throws {
        let transcript = try read(
            """
            # The title

            **Ann Lee:** 0123456789

            **Bo:** \\[00:20\\] See [this](https://example.org).

            Same speaker.

            ## Second part

            **Ann Lee:** \\[01:00\\] The end.
            """)

        #expect(transcript.title == "The title")
        #expect(transcript.cues.map(\.text) == ["0123456789", "See this.", "Same speaker.", "The end."])
        #expect(transcript.cues.map { $0.speaker ?? "" } == ["Ann Lee", "Bo", "Bo", "Ann Lee"])
        #expect(transcript.cues.map(\.start.milliseconds) == [0, 20_000, 36_364, 60_000])
        #expect(transcript.chapters.map(\.title) == ["Second part"])
    }

    @Test("plain text: a mark before each line, in brackets or bare")
    func plainText() throws {
        #expect(
            lines(try read("[0:05] one\n[0:09] two\n[1:00:00] three")).prefix(2) == [
                "5000-9000 one", "9000-3600000 two",
            ])
        #expect(try read("0:05 one\n0:09\ntwo\n", .text).cues.map(\.start.milliseconds) == [5000, 9000])
    }

    @Test("the language is taken from the file's name where the file does not say it")
    func languageOfName() throws {
        let text = "1\n00:00:01,000 --> 00:00:02,000\na\n"

        #expect(try read(text, fileName: "talk.pt-BR.srt").language == "pt-BR")
        #expect(try read(text, fileName: "talk.srt").language == nil)
        #expect(CaptionFormat(fileName: "a.en.srv3.xml") == .srv3)
    }
}
