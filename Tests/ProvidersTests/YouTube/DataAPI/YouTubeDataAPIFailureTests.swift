import Foundation
import TestModels
import Testing

@testable import Providers

@Suite("A failure of the Data API")
struct YouTubeDataAPIFailureTests {
    private let channel: YouTubeChannelID
    private let uploads: YouTubePlaylistID

    init() throws {
        channel = try #require(YouTubeChannelID(rawValue: "UCsXVk37bltHxD1rDPwtNM8Q"))
        uploads = try #require(channel.uploads())
    }

    @Test(
        "that is its own is typed, and not tried again",
        arguments: [
            (403, "quotaExceeded", YouTubeAPIError.quotaExceeded(resetsAt: APIEndpoint.reset)),
            (403, "dailyLimitExceeded", .quotaExceeded(resetsAt: APIEndpoint.reset)),
            (404, "playlistNotFound", .playlistNotFound), (403, "playlistItemsNotAccessible", .playlistForbidden),
            (403, "playlistForbidden", .playlistForbidden), (404, "channelNotFound", .channelNotFound),
            (403, "channelClosed", .channelClosed), (403, "channelSuspended", .channelSuspended),
            (400, "invalidPageToken", .pageTokenRefused),
        ])
    func typed(status: Int, reason: String, error: YouTubeAPIError) async throws {
        let gate = CountingGate()
        try await APIEndpoint.run(gate: gate) { _, _ in
            .json(status, Self.body(status, reason))
        } _: { api, endpoint in
            await #expect(throws: error) { try await api.page(of: uploads) }
            #expect(endpoint.requests.count == 1)
        }
        #expect(gate.spent == 1)
    }

    @Test("that means the end of the day's units is told from too many requests a minute")
    func dailyLimit() async throws {
        let daily = #"""
            {"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'youtube.googleapis.com' for consumer 'project_number:1'.","errors":[{"reason":"rateLimitExceeded","domain":"global"}],"details":[{"reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit":"defaultPerDayPerProject"}}]}}
            """#
        try await APIEndpoint.run { _, _ in
            .json(429, daily)
        } _: { api, endpoint in
            await #expect(throws: YouTubeAPIError.quotaExceeded(resetsAt: APIEndpoint.reset)) {
                try await api.channel(.id(channel))
            }
            #expect(endpoint.requests.count == 1)
        }
        let minutely = daily.replacing("per day", with: "per minute").replacing("PerDay", with: "PerMinute")
        try await APIEndpoint.run { _, _ in
            .json(429, minutely)
        } _: { api, endpoint in
            await expect(.rateLimited) { try await api.channel(.id(channel)) }
            #expect(endpoint.requests.count == 4)
        }
    }

    @Test(
        "that lasts is not tried again, and never shows the key",
        arguments: [
            (
                400,
                #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
                ProviderError.Kind.unauthorised
            ),
            (400, #"{"error":{"code":400,"message":"API key expired: AIza-very-secret"}}"#, .unauthorised),
            (400, #"{"error":{"errors":[{"reason":"keyInvalid"}],"message":"Bad Request"}}"#, .unauthorised),
            (403, #"{"error":{"errors":[{"reason":"accessNotConfigured"}]}}"#, .unauthorised),
            (403, #"{"error":{"errors":[{"reason":"ipRefererBlocked"}]}}"#, .unauthorised),
            (403, #"{"error":{"errors":[{"reason":"forbidden"}],"message":"no AIza-very-secret"}}"#, .unauthorised),
            (401, "", .unauthorised), (404, "", .notFound), (400, #"{"error":"error message"}"#, .refused),
            (302, "", .invalidResponse),
            (200, "<!DOCTYPE html><html><body>Before you continue</body></html>", .invalidResponse),
            (200, "", .invalidResponse), (200, #"{"items":[{"id":"UC"#, .invalidResponse),
            (200, "x-goog-api-key: AIza-very-secret", .invalidResponse),
            (200, String(repeating: "x", count: 490) + "AIza-very-secret", .invalidResponse),
            (200, #"{"items":{"id":"UC"}}"#, .invalidResponse), (200, "[1,2]", .invalidResponse),
            (200, #"{"items":[{"id":17}]}"#, .invalidResponse), (304, "", .invalidResponse), (418, "", .refused),
        ])
    func lasting(status: Int, body: String, kind: ProviderError.Kind) async throws {
        try await APIEndpoint.run { _, _ in
            .json(status, body, [("location", "https://evil.example/")])
        } _: { api, endpoint in
            await expect(kind) { try await api.channel(.id(channel)) }
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test(
        "that passes is tried again, a unit each, waiting as long as it asks",
        arguments: [
            (500, [(String, String)](), 1000.0), (503, [("retry-after", "3")], 3000), (429, [], 1000),
            (429, [("retry-after", "7")], 7000), (403, [], 1000),
        ])
    func passing(status: Int, headers: [(String, String)], wait: Double) async throws {
        let gate = CountingGate()
        let clock = InstantClock()
        try await APIEndpoint.run(gate: gate, clock: clock) { _, index in
            index == 0
                ? .json(status, Self.body(status, status == 403 ? "userRateLimitExceeded" : "backendError"), headers)
                : .json(200, #"{"items":[{"id":"UCsXVk37bltHxD1rDPwtNM8Q"}]}"#)
        } _: { api, endpoint in
            let found = try await api.channel(.id(channel))
            #expect(found != nil)
            #expect(endpoint.requests.count == 2)
        }
        #expect(gate.spent == 2)
        let waited = try #require(clock.waits.first) / .milliseconds(1)
        #expect(waited >= wait && waited <= wait + 1000)
    }

    @Test("of the connection is tried again: hung up, cut short")
    func connections() async throws {
        let clock = InstantClock()
        try await APIEndpoint.run(clock: clock) { _, index in
            switch index {
            case 0: .hangUp
            case 1: .cut(Array(#"{"items":["#.utf8))
            default: .json(200, #"{"items":[{"id":"UCsXVk37bltHxD1rDPwtNM8Q"}]}"#)
            }
        } _: { api, _ in
            let found = try await api.channel(.id(channel))
            #expect(found != nil)
            #expect(clock.waits.count == 2)
        }
    }

    @Test(
        "that there is no answer in time, or not to its end, is tried again",
        arguments: [LoopbackEndpoint.Answer.silence, .stream([.send("{"), .hang])])
    func silence(answer: LoopbackEndpoint.Answer) async throws {
        let clock = InstantClock()
        let configuration = APIEndpoint.settings { $0.requestTimeout = .milliseconds(200) }
        try await APIEndpoint.run(clock: clock, configuration: configuration) { _, _ in
            answer
        } _: { api, _ in
            await expect(.timeout) { try await api.channel(.id(channel)) }
            #expect(clock.waits.count == 3)
        }
    }

    @Test("leads nowhere: a redirect is not followed, and its host hears nothing")
    func redirect() async throws {
        try await LoopbackEndpoint.run({ _, _ in .json(200, "{}") }) { other, address in
            try await APIEndpoint.run { _, _ in
                .respond(307, [("location", address + "/channels")], [])
            } _: { api, endpoint in
                await expect(.invalidResponse) { try await api.channel(.id(channel)) }
                #expect(endpoint.requests.count == 1)
            }
            #expect(other.requests.isEmpty)
        }
    }

    @Test("is an answer that is too large, packed or not")
    func size() async throws {
        try await APIEndpoint.run(configuration: APIEndpoint.settings { $0.maximumAnswerBytes = 100_000 }) { _, index in
            index == 0
                ? .respond(200, [], [UInt8](repeating: 32, count: 300_000))
                : .respond(200, [("content-encoding", "gzip")], Packed.blanks)
        } _: { api, _ in
            await expect(.tooLarge) { try await api.channel(.id(channel)) }
            await expect(.tooLarge) { try await api.channel(.id(channel)) }
        }
        // The same 300,000 blanks, with what belongs to them, are read where they may be.
        try await APIEndpoint.run { _, _ in
            .respond(200, [("content-encoding", "gzip")], Packed.blanks)
        } _: { api, _ in
            let found = try await api.channel(.id(channel))
            #expect(found == nil)
        }
    }

    @Test(
        "is a base URL that is no address, or an address with a name in it", arguments: ["nonsense", "http://a@b/v3"])
    func baseURL(text: String) async throws {
        var configuration = YouTubeDataAPI.Configuration(key: "k")
        configuration.baseURL = text
        let api = YouTubeDataAPI(configuration, gate: UnlimitedQuota())
        await expect(.refused) { try await api.channel(.id(channel)) }
        await api.close()
    }

    @Test("is hung up on when the task is cancelled", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        try await APIEndpoint.run { _, _ in
            .silence
        } _: { api, endpoint in
            let call = Task { try await api.channel(.id(channel)) }
            var events = endpoint.events.makeAsyncIterator()
            #expect(await events.next() == .request)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(await events.next() == .disconnected)
        }
    }

    @Test("comes without a request after the API was closed, or with a key that is none")
    func closed() async throws {
        try await APIEndpoint.run { _, _ in
            .hangUp
        } _: { api, endpoint in
            await api.close()
            await expect(.closed) { try await api.channel(.id(channel)) }
            #expect(endpoint.requests.isEmpty)
        }
        try await APIEndpoint.run(configuration: APIEndpoint.settings { $0.key = "AIza\r\nvery-secret" }) { _, _ in
            .hangUp
        } _: { api, endpoint in
            await expect(.unauthorised) { try await api.channel(.id(channel)) }
            #expect(endpoint.requests.isEmpty)
        }
    }

    private static func body(_ status: Int, _ reason: String) -> String {
        #"{"error":{"code":\#(status),"message":"m","errors":[{"domain":"d","reason":"\#(reason)","message":"m"}]}}"#
    }

    private func expect(_ kind: ProviderError.Kind, _ call: () async throws -> YouTubeChannel?) async {
        await #expect {
            _ = try await call()
        } throws: { error in
            guard let error = error as? ProviderError else { return false }
            return error.kind == kind && !error.debugDescription.contains("AIza")
        }
    }
}
