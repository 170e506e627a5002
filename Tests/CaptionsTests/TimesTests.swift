import Captions
import Testing

@Suite("Times that are wrong")
struct TimesTests {
    @Test("cues out of order are sorted, negative times become 0")
    func order() throws {
        let transcript = try read("WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n-00:01.000 --> 00:02.000\na\n")

        #expect(lines(transcript) == ["0-2000 a", "5000-6000 b"])
        #expect(transcript.repairs.count == 2)
    }

    @Test("a recording may last longer than a day")
    func beyondADay() throws {
        let text = "1\n26:59:59,000 --> 27:00:01,500\na\n\n2\n101:00:00,000 --> 101:00:01,000\nb\n"

        #expect(lines(try read(text)) == ["97199000-97201500 a", "363600000-363601000 b"])
    }

    @Test("a clock that jumps to 27 h and comes back does not tear the talk apart")
    func clockJump() throws {
        let texts = (0..<10).map { index in
            let hour = index == 4 || index == 5 ? "27" : "00"
            return "\(hour):00:\(10 + index).000 --> \(hour):00:\(11 + index).000\ncue \(index)\n\n"
        }

        let transcript = try read("WEBVTT\n\n" + texts.joined())

        #expect(transcript.cues.map(\.text) == (0..<10).map { "cue \($0)" })
        #expect(transcript.cues.allSatisfy { $0.end.seconds < 30 })
    }

    @Test("a last cue that ends at 99:59:59.999 ends soon after its words")
    func endless() throws {
        let transcript = try read("WEBVTT\n\n00:10.000 --> 99:59:59.999\nThank you all.\n")

        #expect(transcript.cues[0].end.seconds <= 12)
    }

    @Test("missing and backward ends are guessed from the next cue")
    func missingEnds() throws {
        let transcript = try read(
            "1\n00:00:01,000 --> \none\n\n2\n00:00:04,000 --> 00:00:03,000\ntwo\n\n3\n00:00:06,000 --> 00:00:07,000\nx\n"
        )

        #expect(lines(transcript) == ["1000-4000 one", "4000-6000 two", "6000-7000 x"])
    }

    @Test("SubRip times may lack hours and minutes")
    func shortTimes() throws {
        #expect(
            lines(try read("1\n3,900 --> 5\na\n\n2\n00:00:6,5 --> 0:07,25\nb\n", .subRip)) == [
                "3900-5000 a", "6500-7250 b",
            ])
    }

    @Test("a time stamp is written as people write it")
    func timestamps() {
        #expect(MediaTime(milliseconds: 83_999).timestamp == "1:23")
        #expect(MediaTime(milliseconds: 3_723_000).timestamp == "1:02:03")
        #expect(MediaTime(milliseconds: 0).timestamp == "0:00")
        #expect(MediaTime(milliseconds: -5).timestamp == "0:00")
        #expect(MediaTime(seconds: 1.2345).milliseconds == 1235)
        #expect(MediaTime(seconds: .nan).milliseconds == 0)
    }
}
