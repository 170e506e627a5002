import Foundation
import Testing

@testable import Providers

/// What yt-dlp wrote, damaged.
@Suite("A damaged description of yt-dlp's", .timeLimit(.minutes(3)))
struct DamagedDescriptionTests {
    private static let video = "yt_dlp/example.info.json"
    private static let channel = "yt_dlp/channel_source_metadata.json"

    @Test("of a video, cut off anywhere, is refused", .enabled(if: RecordedYouTube.isThere, "no recorded bodies"))
    func cut() throws {
        let body = DamagedBody(try RecordedYouTube.bytes(Self.video))
        let end = body.whole.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for beginning in body.beginnings(dense: 2_048, stride: 25_013) where beginning.count <= end {
            #expect {
                try YtDlpVideo(json: Array(beginning))
            } throws: {
                ($0 as? YtDlpError)?.kind == .toolCrashed
            }
        }
    }

    @Test("of a channel, cut off anywhere, is refused", .enabled(if: RecordedYouTube.isThere, "no recorded bodies"))
    func cutChannel() throws {
        let body = DamagedBody(try RecordedYouTube.bytes(Self.channel))
        let end = body.whole.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for beginning in body.beginnings(dense: 8_192, stride: 1) where beginning.count <= end {
            #expect(throws: YtDlpError.self) { try YtDlpChannel(json: Array(beginning)) }
        }
    }

    @Test("changed anywhere is read or refused", .enabled(if: RecordedYouTube.isThere, "no recorded bodies"))
    func changed() throws {
        var channel = DamagedBody(try RecordedYouTube.bytes(Self.channel))
        for _ in 0..<1_000 {
            let bytes = channel.mutation()
            do { _ = try YtDlpChannel(json: bytes) } catch { #expect(error is YtDlpError) }
            do { _ = try YtDlpVideo(json: bytes) } catch { #expect(error is YtDlpError) }
            do { _ = try YtDlpListEntry(json: bytes[...], position: 1) } catch { #expect(error is YtDlpError) }
        }
        var video = DamagedBody(try RecordedYouTube.bytes(Self.video))
        for _ in 0..<20 {
            do { _ = try YtDlpVideo(json: video.mutation()) } catch { #expect(error is YtDlpError) }
        }
    }

    @Test(
        "nested without end is refused",
        arguments: [
            String(repeating: "[", count: 1_000_000), String(repeating: #"{"subtitles":"#, count: 200_000),
            #"{"id":"dQw4w9WgXcQ","chapters":"# + String(repeating: "[", count: 1_000_000),
        ])
    func nested(_ json: String) {
        #expect(throws: YtDlpError.self) { try YtDlpVideo(json: Array(json.utf8)) }
        #expect(throws: YtDlpError.self) { try YtDlpChannel(json: Array(json.utf8)) }
        #expect(throws: YtDlpError.self) { try YtDlpListEntry(json: Array(json.utf8)[...], position: 1) }
    }

    @Test(
        "that is a page for people is refused, and nothing is left behind",
        .enabled(if: RecordedYouTube.isThere, "no recorded bodies"),
        arguments: ["youtube_consent_page.html", "youtube_too_many_requests.html"])
    func pages(_ name: String) async throws {
        let folder = try DownloaderFolder()
        let page = "\(folder.files)/page.html"
        try Data(RecordedYouTube.bytes("innertube_player/" + name)).write(to: URL(fileURLWithPath: page))
        let video = try #require(YouTubeVideoID(rawValue: "dQw4w9WgXcQ"))
        let list = YtDlpList.playlist(try #require(YouTubePlaylistID(rawValue: "PLBCF2DAC6FFB574DE")))
        let ytDlp = try folder.fake("cat \(page)")

        #expect(await downloadFailure { try await ytDlp.information(of: video) }?.kind == .toolCrashed)
        #expect(await downloadFailure { try await ytDlp.list(list, maximum: 9) { _ in } }?.kind == .toolCrashed)
        #expect(folder.names(folder.runs) == [])
    }
}
