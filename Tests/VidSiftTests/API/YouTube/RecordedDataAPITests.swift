import Database
import Foundation
import NIOHTTP1
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

/// The whole product against what YouTube really answered, through `YOUTUBE_API_BASE_URL`.
@Suite(
    "Answers recorded from the Data API, through the whole product",
    .enabled(if: RecordedDataAPI.isThere, "../shared/fixtures/youtube_api is not here"), .timeLimit(.minutes(5)))
struct RecordedDataAPITests {
    private static let key = "AIza-very-secret"
    private static let channelFields = #""handle":"@GoogleDevelopers""#

    private struct Product: Sendable {
        var queue: QueueServer
        var api: RecordedDataAPI
        var endpoint: LoopbackEndpoint

        /// What was asked: the last part of the path, and the token of the page.
        var asked: [String] {
            endpoint.requests.map { request in
                let address = URLComponents(string: "http://host" + request.path)
                let call = address?.path.split(separator: "/").last.map(String.init) ?? ""
                let token = address?.queryItems?.first { $0.name == "pageToken" }?.value
                return token.map { "\(call) \($0)" } ?? call
            }
        }

        func unitsSpent() async throws -> Int {
            try await QuotaDay.get(QuotaReset.day(of: Date()), on: queue.database)?.units ?? 0
        }

        /// Accepts the channel, and does all that is due.
        func process(_ fields: String = channelFields) async throws -> (channel: String, job: String) {
            let accepted = try await queue.processChannel(fields).json()
            try await queue.work()
            return (
                try #require(accepted["channelId"] as? String), try #require(accepted["queueId"] as? String)
            )
        }
    }

    /// Runs the product with a server that plays back, and captions for all of the listed videos.
    private func run(
        describesListed: Bool = true, engine: TestEngine, _ body: @escaping @Sendable (Product) async throws -> Void
    ) async throws {
        let api = try RecordedDataAPI(describesListed: describesListed)
        let source = ScriptedYouTube(api.videos.mapValues { .init(title: $0) })
        try await LoopbackEndpoint.run({ request, _ in api.answer(request) }) { endpoint, address in
            let variables = ["YOUTUBE_API_KEY": Self.key, "YOUTUBE_API_BASE_URL": address]
            try await QueueServer.run(
                SampleChannel.unhurried.merging(variables) { $1 }, engine: engine, youtube: source
            ) { queue in
                try await body(Product(queue: queue, api: api, endpoint: endpoint))
                #expect(source.calls.allSatisfy { $0 != "list" && $0 != "channel" }, "yt-dlp lists nothing")
                #expect(endpoint.requests.allSatisfy { !$0.path.contains(Self.key) })
                #expect(endpoint.requests.allSatisfy { $0.headers.first(name: "x-goog-api-key") == Self.key })
            }
        }
    }

    @Test(
        "a channel is resolved, listed on two pages, fetched and reported, for five units",
        arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        try await run(engine: engine) { product in
            let (channel, _) = try await product.process()

            #expect(
                product.asked
                    == ["channels", "playlistItems", "videos", "playlistItems \(RecordedDataAPI.pageToken)", "videos"])
            #expect(try await product.unitsSpent() == 5)
            let (status, report) = try await product.queue.status(of: channel)
            #expect(status["status"] as? String == "completed" && report["listed"] as? Int == 13)
            #expect(report["indexed"] as? Int == 13 && report["unavailable"] as? Int == 0)
            let shown = try await product.queue.server.get("/api/channels/\(channel)/videos")
            let titles = try shown.list("videos").compactMap { $0["title"] as? String }
            #expect(titles.count == 13 && Set(titles).isSubset(of: product.api.videos.values), "\(shown.text)")
            #expect(titles.contains("Serverless & AI/ML - Pittsburgh ML Summit \u{2018}19"))
            let stored = try #require(try await Channel.find(channel, on: product.queue.database))
            #expect(stored.title == RecordedDataAPI.title && stored.youtubeID == RecordedDataAPI.channel)
        }
    }

    @Test(
        "whichever way a link names it, it is the same channel, and is resolved once",
        arguments: [
            #""channelId":"UC_x5XG1OV2P6uZZ5FSM9Ttw""#, #""handle":"@GOOGLEDEVELOPERS""#,
            #""url":"https://www.youtube.com/@GoogleDevelopers/videos""#,
            #""url":"https://youtube.com/channel/UC_x5XG1OV2P6uZZ5FSM9Ttw?x=1""#,
        ])
    func names(fields: String) async throws {
        try await run(engine: .sqlite) { product in
            let first = try await product.queue.processChannel(fields).json()
            let second = try await product.queue.processChannel(Self.channelFields).json()
            #expect(first["channelId"] as? String == second["channelId"] as? String && first["channelId"] is String)
            #expect(first["queueId"] as? String == second["queueId"] as? String)
            #expect(product.asked == ["channels"])
        }
    }

    @Test("a playlist is listed with its own title", arguments: TestEngine.allCases)
    func playlist(engine: TestEngine) async throws {
        try await run(engine: engine) { product in
            let (channel, _) = try await product.process(#""playlist":"\#(RecordedDataAPI.playlist)""#)
            #expect(product.asked == ["playlists", "playlistItems", "videos"])
            let stored = try #require(try await Channel.find(channel, on: product.queue.database))
            #expect(stored.title == "I/O Live - Show Composite")
            let report = try await product.queue.status(of: channel).report
            #expect(report["listed"] as? Int == 1 && report["indexed"] as? Int == 1)
        }
    }

    @Test("a video that is listed and not described is counted with its reason", arguments: TestEngine.allCases)
    func missing(engine: TestEngine) async throws {
        try await run(describesListed: false, engine: engine) { product in
            let (channel, _) = try await product.process()
            let (status, report) = try await product.queue.status(of: channel)
            #expect(report["listed"] as? Int == 13 && report["unavailable"] as? Int == 13)
            let words = status["error_message"] as? String
            #expect(words?.contains("The video was removed, or is private.") == true, "\(status)")
        }
    }

    @Test("so many and no more: what is beyond the limit costs nothing", arguments: TestEngine.allCases)
    func limit(engine: TestEngine) async throws {
        try await run(engine: engine) { product in
            let (channel, _) = try await product.process(Self.channelFields + #","limit":4"#)
            #expect(product.asked == ["channels", "playlistItems", "videos"])
            #expect(try await product.queue.status(of: channel).report["indexed"] as? Int == 4)
        }
    }

    // MARK: - Failures

    @Test(
        "a failure when a link is resolved is told as what it is, asked once, and never with the key",
        arguments: [
            (400, "error_response.json", 502, "upstream_rejected", "does not accept the key"),
            (403, "error_permission_resp.json", 502, "upstream_rejected", "does not allow this (HTTP 403)"),
            (400, "error_response_simple.json", 502, "upstream_rejected", "refused the request (HTTP 400)"),
            (403, "error_quotaExceeded_403.json", 503, "upstream_unavailable", "units"),
        ])
    func refusals(status: Int, body: String, expected: Int, code: String, words: String) async throws {
        for fields in [Self.channelFields, #""playlist":"\#(RecordedDataAPI.playlist)""#] {
            try await run(engine: .sqlite) { product in
                product.api.fail(try .recorded(status, "data_api_v3/\(body)"))
                let answer = try await product.queue.processChannel(fields)
                try answer.expectProblem(expected, code, naming: words)
                #expect(!answer.text.contains(Self.key) && !answer.text.contains("<a href"), "\(answer.text)")
                #expect(product.asked.count == 1)
                #expect(try await !Job.isAnyOpen(of: [ListChannelJob.kind], on: product.queue.database))
            }
        }
    }

    @Test("pages for people in the place of an answer are no answer")
    func pagesForPeople() async throws {
        try await run(engine: .sqlite) { product in
            product.api.fail(try .recorded(200, "innertube_player/youtube_consent_page.html"))
            let answer = try await product.queue.processChannel(Self.channelFields)
            #expect([502, 503].contains(answer.status) && !answer.text.contains("<"), "\(answer.text)")
        }
    }

    @Test(
        "units that end in the middle put the listing to sleep until they come back, and it goes on where it was",
        arguments: TestEngine.allCases)
    func quota(engine: TestEngine) async throws {
        try await run(engine: engine) { product in
            let database = product.queue.database
            product.api.fail(
                try .recorded(403, "data_api_v3/error_quotaExceeded_403.json"), call: "playlistItems",
                token: RecordedDataAPI.pageToken)

            let (channel, item) = try await product.process()

            let job = try #require(JobID(item))
            let sleeping = try #require(try await Job.get(job, on: database))
            #expect(sleeping.state == .scheduled)
            #expect(abs(sleeping.runAt.timeIntervalSince(QuotaReset.next(after: Date()))) < 120)
            let (status, report) = try await product.queue.status(of: channel)
            #expect(status["status"] as? String == "processing" && report["indexed"] as? Int == 10)
            #expect((status["error_message"] as? String)?.contains("units") == true, "\(status)")
            let asked = product.asked.count
            try await product.queue.processChannel(#""handle":"@somebody""#).expectProblem(503, "upstream_unavailable")
            #expect(product.asked.count == asked, "nobody asks until then")

            product.api.fail(nil)
            try await database.execute("DELETE FROM quota_days")
            _ = try await Job.hurry(job, on: database)
            try await product.queue.work()
            #expect(product.asked.dropFirst(asked) == ["playlistItems \(RecordedDataAPI.pageToken)", "videos"])
            #expect(try await product.queue.status(of: channel).report["indexed"] as? Int == 13)
        }
    }

    @Test(
        "a failure in the middle that lasts ends the listing with its reason; what is indexed stays",
        arguments: [
            (400, "error_response.json", "does not accept the key"),
            (403, "error_permission_resp.json", "does not allow this"),
            (400, "error_response_simple.json", "refused the request"),
        ])
    func middle(status: Int, body: String, words: String) async throws {
        try await run(engine: .sqlite) { product in
            product.api.fail(
                try .recorded(status, "data_api_v3/\(body)"), call: "playlistItems", token: RecordedDataAPI.pageToken)
            let (channel, _) = try await product.process()
            let (standing, report) = try await product.queue.status(of: channel)
            #expect(standing["status"] as? String == "failed" && report["indexed"] as? Int == 10, "\(standing)")
            let reason = try #require(standing["error_message"] as? String)
            #expect(reason.contains(words) && !reason.contains(Self.key) && !reason.isEmpty)
            let answer = try await product.queue.server.ask(
                "Which angle is the direction?", about: #","channelId":"\#(channel)""#, path: "/api/chat/channel/stream"
            )
            #expect(answer.text.contains("the angle is the direction"), "\(answer.text)")
        }
    }

    @Test(
        "a list that is private, gone or empty ends with words of its own",
        arguments: [
            (404, "playlistNotFound", "failed"), (403, "playlistItemsNotAccessible", "failed"),
            (403, "playlistForbidden", "failed"),
        ])
    func privateList(status: Int, reason: String, expected: String) async throws {
        try await run(engine: .sqlite) { product in
            product.api.fail(.documented(status, reason), call: "playlistItems")
            let (list, _) = try await product.process(#""playlist":"\#(RecordedDataAPI.playlist)""#)
            let standing = try await product.queue.status(of: list).queue
            #expect(standing["status"] as? String == expected, "\(standing)")
            #expect((standing["error_message"] as? String)?.isEmpty == false)
            #expect(product.asked == ["playlists", "playlistItems"])

            // Of a channel that has no list of uploads nothing was published.
            let (channel, _) = try await product.process()
            let words = try await product.queue.status(of: channel).queue["error_message"] as? String
            #expect(words == "The list is empty." || status == 403, "\(words ?? "")")
        }
    }

    @Test("what YouTube does not know is not found, and nothing is written down")
    func unknown() async throws {
        try await run(engine: .sqlite) { product in
            let unknown = [#""handle":"@nobody-of-that-name""#, #""playlist":"PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab""#]
            for fields in unknown {
                try await product.queue.processChannel(fields).expectProblem(404, "not_found")
            }
            #expect(try await Channel.list(after: nil, limit: 9, on: product.queue.database).isEmpty)
        }
    }
}
