import Testing

@testable import VidSift

@Suite("Where citations stand in a text")
struct CitedRangesTests {
    private static func citation(_ second: Int) -> Citation {
        SampleAnswer.citation(SampleAnswer.own, at: second)
    }

    /// The part of the text that a range means.
    private static func cut(_ text: String, _ range: Range<Int>) -> String {
        String(String.UnicodeScalarView(Array(text.unicodeScalars)[range]))
    }

    @Test(
        "the range is that of the time, in scalars, wherever the text was split",
        arguments: ["Low [1:23].", "🍞é\u{301}👩‍👩‍👧 [1:23] \"Title\"", "[1:23]", "日本語[1:23]"])
    func splits(text: String) {
        for cut in text.indices {
            var ranges = CitedRanges()
            ranges.append(String(text[..<cut]))
            ranges.append(String(text[cut...]))
            #expect(Self.cut(text, ranges.range(of: Self.citation(83))) == "[1:23]")
        }
    }

    @Test("each citation has its own, one after the other; the same time twice is two")
    func several() {
        let text = "A 🍞 [1:23] and [1:02:03]. B [1:23]."
        var ranges = CitedRanges()
        ranges.append(text)
        let found = [83, 3723, 83].map { ranges.range(of: Self.citation($0)) }
        #expect(found.map { Self.cut(text, $0) } == ["[1:23]", "[1:02:03]", "[1:23]"])
        #expect(found[0].upperBound <= found[1].lowerBound && found[1].upperBound <= found[2].lowerBound)
    }

    @Test("a time that is not in the text is at its end so far")
    func missing() {
        var ranges = CitedRanges()
        ranges.append("é🍞")
        #expect(ranges.range(of: Self.citation(83)) == 2..<2)
        ranges.append(" [1:23]")
        #expect(ranges.range(of: Self.citation(83)) == 3..<9)
    }

    @Test("a long text without citations doesn't shift what follows")
    func long() {
        let text = String(repeating: "🍞é ", count: 20_000) + "[1:23]"
        var ranges = CitedRanges()
        for piece in text.split(separator: " ", omittingEmptySubsequences: false) { ranges.append(piece + " ") }
        #expect(Self.cut(text, ranges.range(of: Self.citation(83))) == "[1:23]")
    }
}
