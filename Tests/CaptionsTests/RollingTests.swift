import Captions
import Testing

@Suite("Rolling captions")
struct RollingTests {
    private static let said = [
        "so this is how", "captions roll up", "on a screen of", "two lines each", "with every line",
        "shown three times",
    ]

    /// What a converter makes of rolling captions: each line twice with the next, once alone.
    private func rolling(separator: String) -> String {
        var blocks: [String] = []
        for (index, line) in Self.said.enumerated() {
            let before = index == 0 ? "" : Self.said[index - 1] + separator
            blocks.append("00:00:\(10 + 2 * index),000 --> 00:00:\(11 + 2 * index),990\n\(before)\(line)")
            blocks.append("00:00:\(11 + 2 * index),990 --> 00:00:\(12 + 2 * index),000\n\(line)")
        }
        return blocks.enumerated().map { "\($0.offset + 1)\n\($0.element)\n\n" }.joined()
    }

    @Test("SubRip made of rolling captions says each line once", arguments: ["\n", " "])
    func derivedSubRip(separator: String) throws {
        let transcript = try read(rolling(separator: separator))

        #expect(transcript.cues.map(\.text) == Self.said)
        #expect(try read(rolling(separator: separator), rolling: .keep).cues.count == 12)
    }

    @Test("text made of rolling captions says each line once")
    func derivedText() throws {
        let written = try read(rolling(separator: "\n"), rolling: .keep).formatted(as: .text)

        #expect(try read(written).cues.map(\.text) == Self.said)
    }

    @Test("a chorus and \"no. no.\" in an ordinary file stay")
    func genuineRepeats() throws {
        let said = [
            "No.", "No.", "I said no.", "la la la", "la la la", "and then", "la la la", "la la la", "the end", "of it",
            "all",
        ]
        let text = said.enumerated().map { "00:\(10 + $0.offset).000 --> 00:\(11 + $0.offset).000\n\($0.element)\n\n" }
            .joined()

        #expect(try read("WEBVTT\n\n" + text).cues.map(\.text) == said)
    }

    @Test("captions that grow word by word become their last form, in pieces")
    func growing() throws {
        let words = "we begin with one word and add another one each time".split(separator: " ")
        let text = words.indices.map {
            "00:\(10 + $0).000 --> 00:\(11 + $0).000\n\(words[...$0].joined(separator: " "))\n\n"
        }.joined()

        let said = try read("WEBVTT\n\n" + text).cues.map(\.text).joined(separator: " ")

        #expect(said == words.joined(separator: " "))
    }
}
