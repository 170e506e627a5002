import AsyncHTTPClient
import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

/// Bodies of the Data API that are damaged on their way: whatever comes, it is an error of its type or a list.
@Suite("A damaged body of the Data API")
struct DamagedAPIBodyTests {
    /// How an answer of each call is read.
    enum Reading: String, CaseIterable, Sendable {
        case channel = "channel_info_single.json"
        case playlist = "playlists/playlists_single.json"
        case page = "playlist_items/playlist_items_paged_1.json"
        case videos = "videos/videos_info_multi.json"

        func read(_ answer: YouTubeAnswer) throws {
            switch self {
            case .channel:
                _ = try APIBody.decode(ChannelList.self, from: answer, key: "k").items?.compactMap(YouTubeChannel.init)
            case .playlist:
                let list = try APIBody.decode(PlaylistList.self, from: answer, key: "k")
                _ = list.items?.compactMap(YouTubePlaylist.init)
            case .page:
                _ = YouTubePlaylistPage(try APIBody.decode(PlaylistItemList.self, from: answer, key: "k"))
            case .videos:
                let list = try APIBody.decode(VideoList.self, from: answer, key: "k")
                _ = list.items?.compactMap(YouTubeVideo.init).map(\.availability)
            }
        }
    }

    private static func answer(_ body: some Sequence<UInt8>, status: Int = 200) -> YouTubeAnswer {
        YouTubeAnswer(HTTPClientResponse(status: .init(statusCode: status)), body: Array(body))
    }

    @Test(
        "cut off anywhere is no answer", .enabled(if: RecordedYouTube.isThere, "no recorded bodies"),
        arguments: Reading.allCases)
    func cut(reading: Reading) throws {
        let body = DamagedBody(try RecordedYouTube.api(reading.rawValue))
        let end = body.whole.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for beginning in body.beginnings(stride: 61) where beginning.count <= end {
            #expect {
                try reading.read(Self.answer(beginning))
            } throws: {
                ($0 as? ProviderError)?.kind == .invalidResponse
            }
        }
    }

    @Test(
        "changed anywhere is read or refused", .enabled(if: RecordedYouTube.isThere, "no recorded bodies"),
        arguments: Reading.allCases)
    func changed(reading: Reading) throws {
        var body = DamagedBody(try RecordedYouTube.api(reading.rawValue))
        var refused = 0
        for _ in 0..<1_000 {
            do {
                try reading.read(Self.answer(body.mutation()))
            } catch let error as ProviderError {
                #expect(error.kind == .invalidResponse)
                refused += 1
            }
        }
        #expect((1..<1_000).contains(refused))
    }

    @Test(
        "that tells of a failure, cut off or changed anywhere, is still a failure",
        .enabled(if: RecordedYouTube.isThere, "no recorded bodies"),
        arguments: [
            (403, "error_quotaExceeded_403.json"), (403, "error_permission_resp.json"), (400, "error_response.json"),
            (400, "error_response_simple.json"),
        ])
    func failures(status: Int, path: String) throws {
        var body = DamagedBody(try RecordedYouTube.api(path))
        let damaged = body.beginnings(stride: 1).map(Array.init) + (0..<1_000).map { _ in body.mutation() }
        for bytes in damaged {
            let error = APIFailure(Self.answer(bytes, status: status), key: "k").error(now: APIEndpoint.noon)
            let provider = error as? ProviderError
            #expect(provider != nil || error is YouTubeAPIError)
            #expect(provider.map { $0.debugDescription.utf8.count <= 4_000 } ?? true)
            #expect(provider.map { !$0.isRetryable } ?? true, "\(error)")
        }
    }

    @Test(
        "that is nested without end, or full of numbers beyond all measure, is refused or left out",
        arguments: [
            String(repeating: "[", count: 1_000_000), String(repeating: #"{"items":"#, count: 200_000),
            #"{"items":["# + String(repeating: "{},", count: 500_000) + "{}]}",
            #"{"items":[{"statistics":{"viewCount":"99999999999999999999","likeCount":1e999}}],"pageInfo":{"totalResults":1e300}}"#,
            #"{"nextPageToken":17,"items":[null,7,"x",[],{"id":{"a":1}}]}"#,
        ])
    func shapes(body: String) {
        for reading in Reading.allCases {
            do {
                try reading.read(Self.answer(body.utf8))
            } catch {
                #expect((error as? ProviderError)?.kind == .invalidResponse, "\(error)")
            }
        }
    }

    @Test(
        "that is a page for people is told as one, and asked again only where that helps",
        .enabled(if: RecordedYouTube.isThere, "no recorded bodies"),
        arguments: [
            (200, "youtube_consent_page.html", ProviderError.Kind.invalidResponse, 1),
            (429, "youtube_too_many_requests.html", .rateLimited, 4),
            (403, "youtube_consent_page.html", .unauthorised, 1),
            (503, "youtube_too_many_requests.html", .unavailable, 4),
        ])
    func pages(status: Int, path: String, kind: ProviderError.Kind, requests: Int) async throws {
        let page = try RecordedYouTube.bytes("innertube_player/" + path)
        let channel = try #require(YouTubeChannelID(rawValue: "UC_x5XG1OV2P6uZZ5FSM9Ttw"))
        try await APIEndpoint.run { _, _ in
            .respond(status, [("content-type", "text/html; charset=utf-8")], page)
        } _: { api, endpoint in
            let error = await #expect(throws: ProviderError.self) { try await api.channel(.id(channel)) }
            #expect(error?.kind == kind && error?.description.contains("<") == false, "\(error.debugDescription)")
            #expect(endpoint.requests.count == requests)
        }
    }
}
