import Captions
import Testing

@Suite("Writing captions")
struct WritingTests {
    private let transcript = Transcript(
        title: "A & B", language: "en",
        cues: [
            Cue(
                start: MediaTime(milliseconds: 1000), end: MediaTime(milliseconds: 2500),
                text: "2 < 3 & <b> --> &lt; {\\an8}",
                speaker: "John \"J\" <Smith>"),
            Cue(
                start: MediaTime(milliseconds: 100_000_000), end: MediaTime(milliseconds: 100_003_000),
                text: "two words",
                words: [
                    Word(start: MediaTime(milliseconds: 100_000_500), text: "two"),
                    Word(start: MediaTime(milliseconds: 100_001_000), text: "words"),
                ]),
        ])

    @Test("what is written is read again as the same cues", arguments: [CaptionFormat.webVTT, .subRip, .json3])
    func roundTrip(format: CaptionFormat) throws {
        let again = try read(transcript.formatted(as: format), format)

        #expect(again.cues.map(\.text) == transcript.cues.map(\.text))
        #expect(again.cues.map(\.speaker) == transcript.cues.map(\.speaker))
        #expect(lines(again) == lines(transcript))
        if format != .subRip { #expect(again.cues.map(\.words) == transcript.cues.map(\.words)) }
        if format != .subRip { #expect(again.title == transcript.title) }
        if format != .subRip { #expect(again.language == transcript.language) }
    }

    @Test("text is one [m:ss] line a cue, and can be read again")
    func text() throws {
        let written = transcript.formatted(as: .text)

        #expect(written.contains("[27:46:40] two words\n"))
        #expect(try read(written).cues.map(\.start.milliseconds) == [1000, 100_000_000])
    }

    @Test(
        "every recorded transcript survives writing and reading",
        .enabled(if: Fixtures.arePresent, "../shared/fixtures is not here"))
    func recorded() throws {
        for path in Fixtures.files(in: "transcripts") {
            guard let format = CaptionFormat(fileName: path), path.contains("."), !path.hasSuffix(".json"),
                !path.hasSuffix("SOURCE.md")
            else { continue }
            let transcript = try Fixtures.transcript(path)
            for target in [CaptionFormat.webVTT, .subRip, .json3] {
                var again = try Transcript(
                    captions: Array(transcript.formatted(as: target).utf8), format: target, rolling: .keep
                ).cues
                if target == .subRip {
                    for index in again.indices { again[index].words = transcript.cues[index].words }
                }
                #expect(again == transcript.cues, "\(path) (\(format.rawValue)) as \(target.rawValue)")
            }
        }
    }
}
