import Captions
import Testing

@Suite("Files of which nothing can be made")
struct RefusalTests {
    @Test(
        "a clear error says what it is instead",
        arguments: [
            ("", "empty"), ("\u{FEFF} \n\n", "empty"),
            ("<!DOCTYPE html><html><title>Before you continue</title></html>", "web page"),
            ("<html><body>429 Too Many Requests</body></html>", "web page"), ("1\n", "no cue"),
            ("1\nsome text", "no cue"),
            ("WEBVTT\n\n", "no cue"), ("{\"error\":{\"code\":403}}", "error message"), ("{\"a\":1}", "events"),
            ("just some words", "no caption format"), ("{\"events\":[]}", "no cue"), ("<tt></tt>", "no cue"),
        ])
    func refused(text: String, reason: String) {
        let format: CaptionFormat? = text.hasPrefix("1\n") ? .subRip : nil
        let error = #expect(throws: CaptionError.self) { try read(text, format) }

        #expect(error?.reason.contains(reason) == true)
        #expect(error?.isRetryable == false)
    }

    @Test("binary data named .vtt is refused")
    func binary() {
        var state: UInt64 = 1
        let bytes = (0..<5000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }

        let error = #expect(throws: CaptionError.self) {
            try Transcript(captions: bytes, format: .webVTT, fileName: "a.vtt")
        }

        #expect(error?.reason.contains("binary") == true)
    }

    @Test("100 MB are refused before they are read")
    func tooLarge() {
        let bytes = [UInt8](repeating: 0x61, count: 100_000_000)

        let error = #expect(throws: CaptionError.self) { try Transcript(captions: bytes, format: .webVTT) }

        #expect(error?.reason.contains("64 MiB") == true)
    }

    @Test("repairs are bounded")
    func boundedRepairs() throws {
        let text = (0..<500).map { "\($0)\n00:00:0x --> 00:00:01,000\na\($0)\n\n" }.joined()

        #expect(try read(text, .subRip).repairs.count == Transcript.maximumRepairs)
    }
}
