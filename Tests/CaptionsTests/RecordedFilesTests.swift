import Captions
import Foundation
import Testing

@Suite("Recorded caption files", .enabled(if: Fixtures.arePresent, "../shared/fixtures is not here"))
struct RecordedFilesTests {
    private struct Expected: Decodable {
        var start_ms: Int
        var dur_ms: Int
        var text: String
    }

    @Test(
        "json3, srv1, srv2, srv3 and TTML give exactly the same cues",
        arguments: ["json3", "srv1.xml", "srv2.xml", "srv3.xml", "ttml"])
    func parity(suffix: String) throws {
        let folder = "caption_formats/parity_derived/dashboard"
        let expected = try String(decoding: Fixtures.bytes("\(folder).expected.jsonl"), as: UTF8.self).split(
            separator: "\n"
        )
        .map { try JSONDecoder().decode(Expected.self, from: Data($0.utf8)) }

        let cues = try Fixtures.transcript("\(folder).\(suffix)").cues

        #expect(cues.map(\.text) == expected.map(\.text))
        #expect(cues.map(\.start.milliseconds) == expected.map(\.start_ms))
        #expect(cues.map { $0.end.milliseconds - $0.start.milliseconds } == expected.map(\.dur_ms))
    }

    @Test("rolling automatic captions are said once: 6,333 words instead of 18,957")
    func rollingWords() throws {
        let path = "transcripts/auto/yt-failcon-talk.en.vtt"
        func words(_ transcript: Transcript) -> Int {
            transcript.cues.reduce(0) { $0 + $1.text.split(separator: " ").count }
        }

        let joined = try Fixtures.transcript(path, rolling: .keep)
        let collapsed = try Fixtures.transcript(path)

        #expect(words(joined) == 18_957)
        #expect(abs(words(collapsed) - 6333) <= 6333 * 3 / 100)
        #expect(collapsed.cues[0].words.map(\.text) == ["good", "to", "be", "here", "I", "love", "Chicago", "alright"])
        #expect(
            collapsed.cues[0].words.map(\.start.milliseconds) == [3170, 4170, 4259, 4350, 4589, 4770, 5069, 6529])
        #expect(collapsed.cues[1].words.first == Word(start: MediaTime(milliseconds: 7529), text: "so"))
        #expect(collapsed.cues.allSatisfy { $0.words.count == $0.text.split(separator: " ").count })
    }
}
