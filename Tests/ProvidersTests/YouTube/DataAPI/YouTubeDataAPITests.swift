import Foundation
import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("The Data API")
struct YouTubeDataAPITests {
    private let uploads: YouTubePlaylistID
    private let channel: YouTubeChannelID

    init() throws {
        channel = try #require(YouTubeChannelID(rawValue: "UCsXVk37bltHxD1rDPwtNM8Q"))
        uploads = try #require(channel.uploads())
    }

    @Test("is asked for a channel by id, handle and user, one unit each, with the key in a header alone")
    func channels() async throws {
        let gate = CountingGate()
        let handle = try #require(YouTubeHandle(rawValue: "@caf\u{E9}.b"))
        let user = try #require(YouTubeName(rawValue: "NASAgovVideo"))
        try await APIEndpoint.run(gate: gate) { _, _ in
            .json(200, #"{"items":[{"id":"UCsXVk37bltHxD1rDPwtNM8Q","snippet":{"title":"K"}}]}"#)
        } _: { api, endpoint in
            for reference in [YouTubeChannelReference.id(channel), .handle(handle), .user(user)] {
                let found = try await api.channel(reference)
                #expect(found?.id == channel)
            }
            #expect(endpoint.requests.map(APIEndpoint.path) == ["/v1/channels", "/v1/channels", "/v1/channels"])
            let asked = endpoint.requests.map(APIEndpoint.parameters)
            #expect(asked[0]["id"] == "UCsXVk37bltHxD1rDPwtNM8Q")
            #expect(asked[1]["forHandle"] == "@caf\u{E9}.b")
            #expect(asked[2]["forUsername"] == "NASAgovVideo")
            #expect(asked.allSatisfy { $0["part"] == "snippet,contentDetails,statistics" && $0["key"] == nil })
            #expect(endpoint.requests.allSatisfy { $0.headers.first(name: "x-goog-api-key") == APIEndpoint.key })
            #expect(endpoint.requests.allSatisfy { !$0.path.contains("secret") })
        }
        #expect(gate.spent == 3)
    }

    @Test("knows no channel where it lists none", arguments: ["{}", #"{"items":[]}"#, #"{"items":[{}]}"#])
    func noChannel(body: String) async throws {
        try await APIEndpoint.run { _, _ in
            .json(200, body)
        } _: { api, _ in
            let found = try await api.channel(.id(channel))
            #expect(found == nil)
        }
    }

    @Test("walks through a list of 300 page by page, six units, and another process can go on anywhere")
    func pages() async throws {
        let gate = CountingGate()
        try await APIEndpoint.run(gate: gate) { request, _ in
            .json(200, LongList.page(after: APIEndpoint.parameters(request)["pageToken"]))
        } _: { api, endpoint in
            var found: [YouTubePlaylistEntry] = []
            var token: String?
            repeat {
                guard case .fetched(let page, _) = try await api.page(of: uploads, after: token) else { break }
                found += page.entries
                token = page.next
            } while token != nil
            #expect(found.map(\.video.rawValue) == (0..<300).map(LongList.id))
            #expect(endpoint.requests.count == 6)
            let asked = APIEndpoint.parameters(endpoint.requests[0])
            #expect(asked["playlistId"] == uploads.rawValue && asked["maxResults"] == "50" && asked["pageToken"] == nil)
            guard case .fetched(let third, _) = try await api.page(of: uploads, after: "T100") else {
                Issue.record("the third page is whole")
                return
            }
            #expect(third.entries.first?.video.rawValue == LongList.id(100))
            #expect(third.next == "T150" && third.total == 300)
        }
        #expect(gate.spent == 7)
    }

    @Test("says that a page is as it was, which costs a unit, too")
    func unchanged() async throws {
        let gate = CountingGate()
        try await APIEndpoint.run(gate: gate) { request, _ in
            request.headers.first(name: "if-none-match") == "\"e1\""
                ? .respond(304, [], []) : .json(200, #"{"etag":"e1","items":[]}"#)
        } _: { api, _ in
            guard case .fetched(_, let validators) = try await api.page(of: uploads) else {
                Issue.record("the first answer is whole")
                return
            }
            #expect(validators.etag == "\"e1\"")
            guard case .unchanged = try await api.page(of: uploads, unless: validators) else {
                Issue.record("the second answer is that nothing has changed")
                return
            }
        }
        #expect(gate.spent == 2)
    }

    @Test("is not believed when a page leads to itself")
    func loop() async throws {
        try await APIEndpoint.run { _, _ in
            .json(200, #"{"nextPageToken":"A","items":[]}"#)
        } _: { api, _ in
            await #expect(throws: ProviderError.self) { try await api.page(of: uploads, after: "A") }
        }
    }

    @Test("tells of 120 videos in three batches, in their order, missing ones among them")
    func videos() async throws {
        let gate = CountingGate()
        let ids = (0..<120).compactMap { YouTubeVideoID(rawValue: LongList.id($0)) }
        try await APIEndpoint.run(gate: gate) { request, _ in
            let asked = (APIEndpoint.parameters(request)["id"] ?? "").split(separator: ",").map(String.init)
            let items = asked.reversed().filter { $0 != LongList.id(7) }.map { #"{"id":"\#($0)"}"# }
            return .json(200, #"{"items":[\#(items.joined(separator: ","))]}"#)
        } _: { api, endpoint in
            var found: [YouTubeVideoLookup] = []
            for batch in YouTubeDataAPI.batches(of: ids) { found += try await api.videos(batch) }
            #expect(found.map(\.id) == ids)
            #expect(found[7] == .missing(ids[7]) && found[7].availability == .missing)
            #expect(found.filter { if case .found = $0 { true } else { false } }.count == 119)
            #expect(endpoint.requests.count == 3)
            await #expect(throws: ProviderError.self) { try await api.videos(ids) }
            let none = try await api.videos([])
            #expect(none.isEmpty)
            #expect(endpoint.requests.count == 3)
        }
        #expect(gate.spent == 3)
    }

    @Test("is not asked when the gate refuses, and the gate's own error comes out")
    func refusedUnits() async throws {
        let gate = CountingGate(limit: 2)
        try await APIEndpoint.run(gate: gate) { _, _ in
            .json(503, "")
        } _: { api, endpoint in
            await #expect(throws: CountingGate.Refusal(left: 0)) { try await api.channel(.id(channel)) }
            #expect(endpoint.requests.count == 2)
        }
        #expect(gate.spent == 2)
    }

    @Test("has a cost for every call, and no search")
    func costs() {
        #expect(YouTubeCall.allCases.map(\.units) == [1, 1, 1, 1])
        #expect(YouTubeCall.allCases.allSatisfy { !$0.path.contains("search") })
    }

    @Test("tells of a list who may see it")
    func playlist() async throws {
        try await APIEndpoint.run { _, _ in
            .json(
                200,
                #"{"items":[{"id":"UUsXVk37bltHxD1rDPwtNM8Q","snippet":{"title":"T","channelId":"UCsXVk37bltHxD1rDPwtNM8Q","channelTitle":"C"},"contentDetails":{"itemCount":3},"status":{"privacyStatus":"unlisted"}}]}"#
            )
        } _: { api, _ in
            let list = try #require(try await api.playlist(uploads))
            #expect(list.count == 3 && list.visibility == .unlisted && list.channel == channel && list.title == "T")
        }
    }
}

/// A list of 300 videos, 50 to a page.
private enum LongList {
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "vid" + String(repeating: "0", count: 7 - digits.count) + digits + "A"
    }

    static func page(after token: String?) -> String {
        let start = token.flatMap { Int($0.dropFirst()) } ?? 0
        let items = (start..<min(start + 50, 300)).map {
            #"{"snippet":{"title":"\#($0)","position":\#($0)},"contentDetails":{"videoId":"\#(id($0))"}}"#
        }
        let next = start + 50 < 300 ? #""nextPageToken":"T\#(start + 50)","# : ""
        return #"{\#(next)"pageInfo":{"totalResults":300},"items":[\#(items.joined(separator: ","))]}"#
    }
}
