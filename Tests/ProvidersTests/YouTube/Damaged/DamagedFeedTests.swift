import TestModels
import Testing

@testable import Providers

@Suite(
    "A damaged feed", .enabled(if: RecordedYouTube.isThere, "../shared/fixtures/youtube_api is not here"))
struct DamagedFeedTests {
    private static let path = "rss/kurzgesagt_feeds_videos.xml"

    @Test("cut off anywhere is refused")
    func cut() throws {
        let body = DamagedBody(try RecordedYouTube.bytes(Self.path))
        let end = body.whole.lastIndex(of: UInt8(ascii: ">")) ?? 0
        for beginning in body.beginnings(stride: 499) where beginning.count <= end {
            #expect(throws: XMLScanner.Malformed.self) { try YouTubeFeedDocument(xml: Array(beginning)) }
        }
    }

    @Test("changed anywhere is read or refused, and never more than it can hold")
    func changed() throws {
        var body = DamagedBody(try RecordedYouTube.bytes(Self.path))
        var refused = 0
        for _ in 0..<300 {
            do {
                let document = try YouTubeFeedDocument(xml: body.mutation())
                #expect(document.entries.count + document.skipped <= 200)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }
}
