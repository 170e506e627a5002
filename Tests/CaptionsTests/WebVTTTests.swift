import Captions
import Testing

@Suite("WebVTT")
struct WebVTTTests {
    @Test("identifiers, comments, styles and settings are no text")
    func blocks() throws {
        let transcript = try read(
            """
            WEBVTT - My talk
            Kind: captions
            Language: es-419

            NOTE nothing
            of this

            STYLE
            ::cue { color: red }

            intro
            00:00:01.000 --> 00:00:02.500 align:start position:0%
            Hello
            there

            1:02.5 --> 01:03.750
            <b>bold</b> &amp; 2 < 3
            """)

        #expect(transcript.title == "My talk")
        #expect(transcript.language == "es-419")
        #expect(lines(transcript) == ["1000-2500 Hello there", "62500-63750 bold & 2 < 3"])
    }

    @Test("without a header, with a BOM, with CR, with commas: the cues are the same")
    func sloppyFiles() throws {
        let body = "00:00:00.500 --> 00:00:07.000\nOne\n\n00:00:07.000 --> 00:00:11.890\nTwo\n"
        let expected = ["500-7000 One", "7000-11890 Two"]

        for text in [
            "WEBVTT\n\n" + body, body, "\u{FEFF}WEBVTT\n\n" + body, "\n\n" + body,
            body.replacing("\n", with: "\r\n"), body.replacing("\n", with: "\r"),
            "WEBVTT\n\n" + body.replacing(".", with: ","),
        ] {
            #expect(lines(try read(text)) == expected)
        }
    }

    @Test("UTF-16 with and without a mark, and Windows-1252, are read as text")
    func encodings() throws {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\nÇa va, chérie\n"
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let latin = text.unicodeScalars.map { UInt8($0.value) }

        for bytes in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big, latin] {
            #expect(lines(try Transcript(captions: bytes)) == ["1000-2000 Ça va, chérie"])
        }
    }

    @Test("invalid UTF-8 is repaired, and the transcript says so")
    func invalidUTF8() throws {
        let bytes = Array("WEBVTT\n\n00:01.000 --> 00:02.000\né ".utf8) + [0xFF, 0x61]

        let transcript = try Transcript(captions: bytes)

        #expect(transcript.cues[0].text == "é \u{FFFD}a")
        #expect(transcript.repairs.count == 1)
    }

    @Test("inline stamps are word times, also inside words and relative to the cue")
    func wordTimes() throws {
        let inside = try read(
            "WEBVTT\n\n00:10.000 --> 00:14.000\nun<00:11.000>believ<00:12.000>able <00:13.000>thing\n")
        #expect(inside.cues[0].text == "unbelievable thing")
        #expect(inside.cues[0].words.map(\.text) == ["unbelievable", "thing"])
        #expect(inside.cues[0].words.map(\.start.milliseconds) == [10_000, 13_000])

        let relative = try read("00:10.000 --> 00:14.000\nso <00:01.500>it <00:02.000>goes\n")
        #expect(relative.cues[0].words.map(\.start.milliseconds) == [10_000, 11_500, 12_000])
    }

    @Test("words of scripts without spaces are split at their stamps")
    func unspacedWords() throws {
        let transcript = try read("WEBVTT\n\n00:10.000 --> 00:14.000\n今日<00:11.000>は<00:12.000>晴れ\n")

        #expect(transcript.cues[0].words.map(\.text) == ["今日", "は", "晴れ"])
    }

    @Test("a voice is the speaker")
    func voices() throws {
        let cue = try read("WEBVTT\n\n00:10.000 --> 00:14.000\n<v.loud John G. Roberts, Jr.>Thank you.</v>\n").cues[0]

        #expect(cue.speaker == "John G. Roberts, Jr.")
        #expect(cue.text == "Thank you.")
    }

    @Test("zero-width characters vanish and every white space is one space")
    func invisibleCharacters() throws {
        let cue = try read(
            "WEBVTT\n\n00:10.000 --> 00:14.000\n\u{200B}a\u{A0}\u{3000}  b\u{FEFF}c\u{2060}\t\u{200E}d\n"
        ).cues[0]

        #expect(cue.text == "a bc d")
    }
}
