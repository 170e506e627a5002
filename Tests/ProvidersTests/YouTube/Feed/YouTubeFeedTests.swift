import NIOHTTP1
import TestModels
import Testing

@testable import Providers

@Suite("A feed of YouTube")
struct YouTubeFeedTests {
    private let channel: YouTubeChannelID

    init() throws { channel = try #require(YouTubeChannelID(rawValue: "UCsXVk37bltHxD1rDPwtNM8Q")) }

    @Test(
        "recorded, has fifteen videos with times, views and shorts, and its channel with UC",
        .enabled(if: RecordedYouTube.isThere, "../shared/fixtures/youtube_api is not here"))
    func recorded() async throws {
        let body = try RecordedYouTube.bytes("rss/kurzgesagt_feeds_videos.xml")
        try await Self.run { _, _ in
            .respond(200, [("content-type", "text/xml; charset=UTF-8")], body)
        } _: { feed, endpoint in
            guard case .fetched(let document, let validators) = try await feed.entries(of: .channel(channel)) else {
                Issue.record("the feed is whole")
                return
            }
            #expect(endpoint.requests.map(\.path) == ["/v1?channel_id=UCsXVk37bltHxD1rDPwtNM8Q"])
            #expect(document.channel == channel && document.title == "Kurzgesagt \u{2013} In a Nutshell")
            #expect(document.entries.count == 15 && document.skipped == 0)
            let newest = try #require(YouTubeVideoID(rawValue: "zg40FHOAqC0"))
            #expect(
                document.entries.first
                    == YouTubeFeedEntry(
                        video: newest, channel: channel,
                        title: "Jupiter Made Earth Possible", publishedAt: InternetTime.date("2026-01-22T15:01:42Z"),
                        updatedAt: InternetTime.date("2026-01-22T15:01:42Z"), views: 1_086_938, isShort: true))
            #expect(document.entries[1].isShort == false)
            #expect(document.entries.allSatisfy { $0.channel == channel && $0.publishedAt != nil && !$0.title.isEmpty })
            #expect(validators == YouTubeValidators())
        }
    }

    @Test("of a list is asked for by the list's id")
    func playlist() async throws {
        let list = try #require(YouTubePlaylistID(rawValue: "PLBB231211A4F62143"))
        try await Self.run { _, _ in
            .respond(200, [], Array("<feed/>".utf8))
        } _: { feed, endpoint in
            _ = try await feed.entries(of: .playlist(list))
            #expect(endpoint.requests.map(\.path) == ["/v1?playlist_id=PLBB231211A4F62143"])
        }
    }

    @Test("that has not changed is not sent again")
    func unchanged() async throws {
        try await Self.run { request, _ in
            let isKnown =
                request.headers.first(name: "if-none-match") == "\"a\""
                && request.headers.first(name: "if-modified-since") == "Mon, 26 Jan 2026 17:47:50 GMT"
            return isKnown
                ? .respond(304, [], [])
                : .respond(
                    200, [("etag", "\"a\""), ("last-modified", "Mon, 26 Jan 2026 17:47:50 GMT")], Array("<feed/>".utf8))
        } _: { feed, _ in
            guard case .fetched(_, let known) = try await feed.entries(of: .channel(channel)),
                case .unchanged = try await feed.entries(of: .channel(channel), unless: known)
            else {
                Issue.record("whole, then unchanged")
                return
            }
        }
    }

    @Test("that is not there says so, and is no proof that the channel is gone", arguments: [404, 410])
    func notFound(status: Int) async throws {
        let body = RecordedYouTube.isThere ? try RecordedYouTube.bytes("rss/unknown_channel_404.html") : []
        try await Self.run { _, _ in
            .respond(status, [], body)
        } _: { feed, endpoint in
            await #expect(throws: YouTubeFeedError.notFound) { try await feed.entries(of: .channel(channel)) }
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test(
        "that fails is an error of its kind, tried again where that helps",
        arguments: [
            (500, [(String, String)](), "", ProviderError.Kind.unavailable, 3), (429, [], "", .rateLimited, 3),
            (403, [], "", .rateLimited, 3),
            (302, [("location", "https://www.google.com/sorry/index?continue=x")], "", .rateLimited, 3),
            (302, [("location", "https://consent.youtube.com/m?continue=x")], "", .invalidResponse, 1),
            (302, [("location", "https://evil.com/sorry")], "", .invalidResponse, 1), (400, [], "", .refused, 1),
            (200, [], "<!DOCTYPE html><html><body>Before you continue to YouTube</body></html>", .invalidResponse, 1),
            (200, [], "", .invalidResponse, 1), (200, [], "<feed><entry>", .invalidResponse, 1),
            (200, [], "<rss/>", .invalidResponse, 1), (304, [], "", .invalidResponse, 1),
        ])
    func failures(
        status: Int, headers: [(String, String)], body: String, kind: ProviderError.Kind, requests: Int
    ) async throws {
        try await Self.run { _, _ in
            .respond(status, headers, Array(body.utf8))
        } _: { feed, endpoint in
            await #expect {
                _ = try await feed.entries(of: .channel(channel))
            } throws: {
                ($0 as? ProviderError)?.kind == kind
            }
            #expect(endpoint.requests.count == requests)
        }
    }

    @Test("is asked for only with permission, a repeated request, too")
    func permission() async throws {
        let gate = CountingGate(limit: 2)
        try await Self.run(gate: gate) { _, _ in
            .hangUp
        } _: { feed, endpoint in
            await #expect(throws: CountingGate.Refusal(left: 0)) { try await feed.entries(of: .channel(channel)) }
            #expect(endpoint.requests.count == 2)
        }
    }

    @Test("is not read beyond its limit")
    func size() async throws {
        var configuration = YouTubeFeed.Configuration()
        configuration.maximumAnswerBytes = 1000
        try await Self.run(configuration: configuration) { _, _ in
            .respond(200, [], [UInt8](repeating: 32, count: 2000))
        } _: { feed, _ in
            await #expect {
                _ = try await feed.entries(of: .channel(channel))
            } throws: {
                ($0 as? ProviderError)?.kind == .tooLarge
            }
        }
    }

    private static func run(
        gate: CountingGate = CountingGate(), configuration: YouTubeFeed.Configuration = YouTubeFeed.Configuration(),
        _ answer: @escaping @Sendable (LoopbackEndpoint.Request, Int) -> LoopbackEndpoint.Answer,
        _ body: (YouTubeFeed, LoopbackEndpoint) async throws -> Void
    ) async throws {
        try await LoopbackEndpoint.run(answer) { endpoint, address in
            var configuration = configuration
            configuration.baseURL = address
            let feed = YouTubeFeed(
                configuration, permission: { try await gate.spend(1) }, clock: InstantClock(), jitter: { 1 })
            do {
                try await body(feed, endpoint)
                await feed.close()
            } catch {
                await feed.close()
                throw error
            }
        }
    }
}
