import Foundation
import Testing

@testable import Providers

@Suite("Whether captions are captions")
struct CaptionCheckTests {
    private func kind(_ text: String, _ format: CaptionLink.Format) -> YtDlpError.Kind? {
        kind(Array(text.utf8), format)
    }

    private func kind(_ bytes: [UInt8], _ format: CaptionLink.Format) -> YtDlpError.Kind? {
        do {
            try CaptionCheck(bytes, format).run()
            return nil
        } catch {
            return (error as? YtDlpError)?.kind
        }
    }

    private static let json = #"{"wireMagic":"pb3","events":[{"tStartMs":0,"segs":[{"utf8":"hi"}]}]}"#

    @Test("whole ones pass")
    func whole() {
        #expect(kind(Self.json, .json3) == nil)
        #expect(kind("\u{FEFF}WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n", .vtt) == nil)
        #expect(kind("1\n00:00:00,000 --> 00:00:01,000\nhi\n", .srt) == nil)
        #expect(
            kind(#"<?xml version="1.0"?><timedtext format="3"><body><p t="0">hi</p></body></timedtext>"#, .srv3) == nil)
        #expect(kind(#"<?xml version="1.0"?><transcript><text start="0">hi</text></transcript>"# + "\n", .srv1) == nil)
        #expect(kind(#"<tt xmlns="x"><body><div><p begin="0">hi</p></div></body></tt>"#, .ttml) == nil)
    }

    @Test("nothing, or nothing in it", arguments: CaptionLink.Format.allCases)
    func empty(_ format: CaptionLink.Format) {
        #expect(kind("", format) == .captionsEmpty)
        #expect(kind(" \n\u{0}", format) == .captionsEmpty)
    }

    @Test("a form without contents")
    func withoutContents() {
        #expect(kind(#"{"wireMagic":"pb3"}"#, .json3) == .captionsEmpty)
        #expect(kind(#"{"events":[]}"#, .json3) == .captionsEmpty)
        #expect(kind("WEBVTT\nKind: captions\n", .vtt) == .captionsEmpty)
        #expect(kind("<?xml version=\"1.0\"?><timedtext><body></body></timedtext>", .srv3) == .captionsEmpty)
    }

    @Test("cut short, wherever it is cut")
    func cut() {
        let bytes = Array(Self.json.utf8)
        for end in 1..<bytes.count { #expect(kind(Array(bytes[..<end]), .json3) == .captionsDamaged, "at \(end)") }
        #expect(kind("<?xml version=\"1.0\"?><timedtext><body><p t=\"0\">hi</p>", .srv3) == .captionsDamaged)
    }

    @Test("something else", arguments: CaptionLink.Format.allCases.filter { $0 != .srt })
    func somethingElse(_ format: CaptionLink.Format) {
        #expect(kind("what is this --> ?", format) == .captionsDamaged)
    }

    @Test("YouTube's page that asks for consent", .enabled(if: RecordedYouTube.isThere))
    func consent() throws {
        #expect(kind(try RecordedYouTube.bytes("innertube_player/youtube_consent_page.html"), .json3) == .consent)
    }

    @Test("YouTube's page that asks for fewer requests", .enabled(if: RecordedYouTube.isThere))
    func tooMany() throws {
        let page = try RecordedYouTube.bytes("innertube_player/youtube_too_many_requests.html")
        #expect(kind(page, .json3) == .rateLimited)
        #expect(kind(page, .vtt) == .rateLimited)
    }

    @Test("any other page is damage")
    func page() {
        #expect(kind("\n <!DOCTYPE html><html><body>Oops</body></html>", .json3) == .captionsDamaged)
        #expect(kind("<HTML><body>Oops</body></HTML>", .srv3) == .captionsDamaged)
    }
}
