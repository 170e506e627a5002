import Foundation
import TestModels
import Testing

@testable import Providers

/// Plays back what the Data API really answered.
@Suite(
    "Answers recorded from the Data API",
    .enabled(if: RecordedYouTube.isThere, "../shared/fixtures/youtube_api is not here"))
struct RecordedAPITests {
    private let google: YouTubeChannelID

    init() throws { google = try #require(YouTubeChannelID(rawValue: "UC_x5XG1OV2P6uZZ5FSM9Ttw")) }

    @Test("describe a channel", arguments: [("channel_info_single.json", 5026), ("channels/info.json", nil)])
    func channel(path: String, videos: Int?) async throws {
        let body = try RecordedYouTube.api(path)
        try await APIEndpoint.run { _, _ in
            .respond(200, [], body)
        } _: { api, _ in
            let channel = try #require(try await api.channel(.id(google)))
            #expect(channel.id == google && channel.title == "Google Developers" && channel.videoCount == videos)
            #expect(channel.handle?.rawValue == "@googledevelopers")
            #expect(channel.uploads?.rawValue == "UU_x5XG1OV2P6uZZ5FSM9Ttw")
            #expect(channel.publishedAt == InternetTime.date("2007-08-23T00:34:43Z"))
        }
    }

    @Test("list 13 videos on two pages, two units")
    func pages() async throws {
        let bodies = try [1, 2].map { try RecordedYouTube.api("playlist_items/playlist_items_paged_\($0).json") }
        let list = try #require(YouTubePlaylistID(rawValue: "PLOU2XLYxmsIKpaV8h0AGE05so0fAwwfTw"))
        let gate = CountingGate()
        try await APIEndpoint.run(gate: gate) { request, _ in
            .respond(200, [], APIEndpoint.parameters(request)["pageToken"] == "CAoQAA" ? bodies[1] : bodies[0])
        } _: { api, _ in
            guard case .fetched(let first, let validators) = try await api.page(of: list),
                case .fetched(let second, _) = try await api.page(of: list, after: first.next)
            else {
                Issue.record("both pages are whole")
                return
            }
            #expect(first.entries.count == 10 && first.total == 13 && first.next == "CAoQAA" && first.skipped == 0)
            #expect(second.entries.count == 3 && second.next == nil)
            #expect(first.entries[0].video.rawValue == "CvTApw9X8aA" && first.entries[0].position == 0)
            #expect(first.entries[0].title == "Welcome from Google Developers - Pittsburgh ML Summit \u{2018}19")
            #expect(first.entries[0].addedAt == InternetTime.date("2019-11-21T22:17:43Z"))
            #expect(Set((first.entries + second.entries).map(\.video)).count == 13)
            #expect(validators.etag == "\"j6xRRd8dTPVVptg711_CSPADRfg/P4kQiZH0w8ID3LMajA0LjTQAypg\"")
        }
        #expect(gate.spent == 2)
    }

    @Test("describe lists and videos")
    func others() async throws {
        let playlists = try RecordedYouTube.api("playlists/playlists_single.json")
        let videos = try RecordedYouTube.api("videos/videos_info_multi.json")
        let list = try #require(YouTubePlaylistID(rawValue: "PLOU2XLYxmsIJXsH2htG1g0NUjHGq62Q7i"))
        let known = try #require(YouTubeVideoID(rawValue: "D-lhorsDlUQ"))
        let unknown = try #require(YouTubeVideoID(rawValue: "dQw4w9WgXcQ"))
        try await APIEndpoint.run { request, _ in
            .respond(200, [], APIEndpoint.path(request) == "/v1/playlists" ? playlists : videos)
        } _: { api, _ in
            let playlist = try #require(try await api.playlist(list))
            #expect(playlist.title == "I/O Live - Show Composite" && playlist.channel == google)
            let found = try await api.videos([unknown, known])
            #expect(found[0] == .missing(unknown))
            guard case .found(let video) = found[1] else {
                Issue.record("the video is there")
                return
            }
            #expect(video.title == "What are Actions on Google (Assistant on Air)" && video.language == "en")
            #expect(video.publishedAt == InternetTime.date("2019-03-21T20:37:49Z") && video.channel == google)
            #expect(video.broadcast == .none && video.availability == .available)
        }
    }

    @Test(
        "with errors are understood, and never tried again",
        arguments: [
            ("error_response.json", 400, ProviderError.Kind.unauthorised),
            ("error_response_simple.json", 400, .refused), ("error_permission_resp.json", 403, .unauthorised),
        ])
    func errors(path: String, status: Int, kind: ProviderError.Kind) async throws {
        let body = try RecordedYouTube.api(path)
        try await APIEndpoint.run { _, _ in
            .respond(status, [], body)
        } _: { api, endpoint in
            await #expect {
                _ = try await api.channel(.id(google))
            } throws: {
                ($0 as? ProviderError)?.kind == kind
            }
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test("say when the units come back")
    func quota() async throws {
        let body = try RecordedYouTube.api("error_quotaExceeded_403.json")
        try await APIEndpoint.run { _, _ in
            .respond(403, [], body)
        } _: { api, _ in
            await #expect(throws: YouTubeAPIError.quotaExceeded(resetsAt: APIEndpoint.reset)) {
                _ = try await api.channel(.id(google))
            }
        }
    }
}
