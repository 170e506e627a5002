import Foundation
import NIOHTTP1
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("POST /api/channels/process", .timeLimit(.minutes(2)))
struct ProcessChannelTests {
    @Test(
        "a channel is taken once, its status tells how far it is, and later it is indexed already",
        arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 3)
        youtube[SampleIDs.video(2)] = .init(captions: nil)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let first = try await queue.processChannel(#""handle":"@bees""#)
            let second = try await queue.processChannel(
                #""url":"https://www.youtube.com/channel/\#(SampleIDs.channel)""#)
            #expect(first.status == 202 && second.status == 202)
            let accepted = try first.json()
            let channel = try #require(accepted["channelId"] as? String)
            let item = try #require(accepted["queueId"] as? String)
            #expect(accepted["youtubeId"] as? String == SampleIDs.channel && accepted["alreadyIndexed"] == nil)
            #expect(try second.json()["queueId"] as? String == item)
            #expect(try second.json()["alreadyIndexed"] == nil)
            let before = try await queue.status(of: channel)
            #expect(before.queue["status"] as? String == "pending" && before.queue["id"] as? String == item)
            #expect(before.queue["completed_at"] is NSNull && before.report["listed"] as? Int == 0)

            try await queue.work()

            // Whichever way it is named.
            for name in [channel, SampleIDs.channel, "@bees", "https%3A%2F%2Fyoutube.com%2F@bees"] {
                let after = try await queue.status(of: name)
                #expect(after.queue["status"] as? String == "completed" && after.queue["id"] as? String == item)
                #expect(after.queue["total_videos"] as? Int == 3 && after.queue["videos_processed"] as? Int == 2)
                #expect(after.queue["videos_failed"] as? Int == 1 && after.queue["completed_at"] is String)
                #expect(after.report["indexed"] as? Int == 2 && after.report["withoutCaptions"] as? Int == 1)
                let reasons = try #require(after.report["reasons"] as? [[String: Any]])
                #expect(reasons.count == 1 && reasons[0]["outcome"] as? String == "no_captions")
                #expect(
                    reasons[0]["reason"] as? String == "This video has no captions."
                        && reasons[0]["videos"] as? Int == 1)
            }
            let again = try await queue.processChannel(#""channelId":"\#(channel)""#).json()
            #expect(again["alreadyIndexed"] as? Bool == true && again["queueId"] as? String != item)
            #expect(again["channelId"] as? String == channel)
        }
    }

    @Test("with a key the Data API is asked, by units that are counted", arguments: TestEngine.allCases)
    func dataAPI(engine: TestEngine) async throws {
        let (service, youtube) = (SampleChannel.service(of: 60), try SampleChannel.source(of: 60))
        try await LoopbackEndpoint.run({ request, _ in service.answer(request) }) { endpoint, address in
            let variables = SampleChannel.unhurried.merging(Self.key(address)) { $1 }
            try await QueueServer.run(variables, engine: engine, youtube: youtube) { queue in
                let accepted = try await queue.processChannel(#""channelId":"@bees","limit":55"#).json()
                let channel = try #require(accepted["channelId"] as? String)
                try await queue.work()

                let status = try await queue.status(of: channel)
                #expect(status.report["listed"] as? Int == 55 && status.report["indexed"] as? Int == 55)
                #expect(!youtube.calls.contains("list") && !youtube.calls.contains("channel"))
                // The channel; two pages, each with a batch of descriptions.
                #expect(endpoint.requests.count == 5)
                #expect(endpoint.requests.allSatisfy { !$0.path.contains(Self.secret) })
                let health = try await queue.youtubeHealth()
                #expect(health["unitsSpentToday"] as? Int == 5 && health["unitsPerDay"] as? Int == 10_000)
            }
        }
    }

    @Test("what the Data API refuses is told as what it is, and never the key", arguments: TestEngine.allCases)
    func dataAPIRefusals(engine: TestEngine) async throws {
        let service = SampleChannel.service(of: 1)
        try await LoopbackEndpoint.run({ request, _ in service.answer(request) }) { endpoint, address in
            let variables = SampleChannel.unhurried.merging(Self.key(address)) { $1 }
            try await QueueServer.run(variables, engine: engine, youtube: ScriptedYouTube()) { queue in
                let unknown = try await queue.processChannel(#""handle":"@wasps""#)
                try unknown.expectProblem(404, "not_found", naming: "no such channel")
                let list = try await queue.processChannel(#""playlist":"PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab""#)
                try list.expectProblem(404, "not_found")

                service.refuse(.badKey)
                let refused = try await queue.processChannel(#""handle":"@bees""#)
                try refused.expectProblem(502, "upstream_rejected", naming: "does not accept the key")
                #expect(!refused.text.contains(Self.secret))

                service.refuse(.quotaExceeded)
                let spent = try await queue.processChannel(#""handle":"@bees""#)
                try spent.expectProblem(503, "upstream_unavailable", naming: "units")
                let wait = try #require(spent.headers.first(name: "retry-after").flatMap { Int($0) })
                #expect((1...25 * 3_600).contains(wait))
                let health = try await queue.youtubeHealth()
                #expect(health["status"] as? String == "quota_exhausted" && health["until"] is String)

                let asked = endpoint.requests.count
                service.refuse(nil)
                try await queue.processChannel(#""handle":"@bees""#).expectProblem(503, "upstream_unavailable")
                #expect(endpoint.requests.count == asked, "until the reset nothing is asked")
            }
        }
    }

    @Test("while YouTube refuses, it is not asked, and it is said when it will be", arguments: TestEngine.allCases)
    func paused(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 1)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            #expect(try await queue.youtubeHealth()["status"] as? String == "ok")
            _ = try await YouTubePace.update(on: queue.database) { pace, now in
                pace.refused(because: "YouTube asks for proof.", blocks: 0, now: now, chance: 0.5)
            }

            let answer = try await queue.processChannel(#""handle":"@bees""#)

            try answer.expectProblem(503, "upstream_unavailable", naming: "YouTube asks for proof.")
            #expect(try answer.json()["retryable"] as? Bool == true)
            #expect(answer.headers.first(name: "retry-after").flatMap { Int($0) }.map { $0 > 200 } == true)
            #expect(youtube.calls.isEmpty)
            let ready = try await queue.server.get("/readyz")
            #expect(ready.status == 200, "a pause keeps nobody from asking questions")
            let health = try await queue.youtubeHealth()
            #expect(health["status"] as? String == "paused" && health["until"] is String)
            #expect(health["detail"] as? String == "YouTube asks for proof.")
        }
    }

    @Test("an address is taken by a server that sends mail; one that sends none says so, and begins nothing")
    func email() async throws {
        let fields = #""handle":"@bees","email":"me@example.org""#
        try await QueueServer.run(SampleChannel.unhurried, youtube: try SampleChannel.source(of: 1)) { queue in
            let refused = try await queue.processChannel(fields)
            try refused.expectProblem(409, "conflict", naming: "SMTP_URL")
            #expect(!refused.text.contains("example.org"))
            #expect(try await queue.server.get("/api/channels").list("channels").isEmpty)
        }
        let mail = ["SMTP_URL": "smtp://127.0.0.1:9", "MAIL_FROM": "VidSift <vidsift@example.org>"]
        let variables = SampleChannel.unhurried.merging(mail) { $1 }
        try await QueueServer.run(variables, youtube: try SampleChannel.source(of: 1)) { queue in
            let accepted = try await queue.processChannel(fields)
            #expect(accepted.status == 202)
            let item = try #require(JobID(try accepted.json()["queueId"] as? String ?? ""))
            let job = try #require(try await Job.get(item, on: queue.database))
            #expect(try ListChannelJob.decode(job).recipient == "me@example.org")
        }
    }

    @Test("what leads to no channel, and wrong fields, are refused in words")
    func refusals() async throws {
        try await QueueServer.run(SampleChannel.unhurried, youtube: ScriptedYouTube()) { queue in
            let (video, _) = try await queue.accept(channel: "own talks")
            let own = try #require(try await Video.get(video, on: queue.database)?.channelID)
            let cases: [(String, Int, String, String)] = [
                (#""url":"https://youtu.be/\#(SampleIDs.video(1))""#, 400, "invalid_request", "link to a video"),
                (#""channelId":"https://example.org/@bees""#, 400, "invalid_request", "is not YouTube"),
                (#""playlist":"WL""#, 400, "invalid_request", "its owner alone"),
                (#""handle":"@bees","limit":0"#, 400, "invalid_request", "limit"),
                (#""handle":"@bees","email":"nobody""#, 400, "invalid_request", "email: "),
                ("", 400, "invalid_request", "Expected one of channelId, url, handle, playlist"),
                (#""handle":"@bees""#, 404, "not_found", ""),
                (#""channelId":"\#(own)""#, 409, "conflict", "not from YouTube"),
            ]
            for (fields, status, code, words) in cases {
                try await queue.processChannel(fields).expectProblem(status, code, naming: words)
            }
        }
    }

    private static let secret = "AIza-very-secret"

    private static func key(_ address: String) -> [String: String] {
        ["YOUTUBE_API_KEY": secret, "YOUTUBE_API_BASE_URL": address]
    }
}

extension QueueServer {
    /// What `readyz` says of YouTube.
    fileprivate func youtubeHealth() async throws -> [String: Any] {
        let checks = try #require(try await server.get("/readyz").json()["checks"] as? [String: Any])
        return try #require(checks["youtube"] as? [String: Any])
    }
}
