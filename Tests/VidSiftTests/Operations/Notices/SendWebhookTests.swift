import Foundation
import NIOHTTP1
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("Sending a notice to the owner's own program", .timeLimit(.minutes(2))) struct SendWebhookTests {
    @Test("a channel's end is posted, signed with each secret", arguments: TestEngine.allCases)
    func posted(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let notices = try bench.notices(Self.variables(address))
            let notice = bench.notice()
            try await bench.settle(notices, notice, recipient: nil)
            try await bench.settle(notices, notice, recipient: nil)
            try await bench.work(notices)

            #expect(endpoint.requests.count == 1)
            let request = try #require(endpoint.requests.first)
            #expect(request.path == "/v1/hook")
            #expect(request.headers["vidsift-event"] == ["channel.ready"])
            #expect(request.headers["vidsift-delivery"] == [notice.id.description])
            let signature = try #require(request.headers.first(name: "vidsift-signature"))
            for secret in Self.secrets {
                try WebhookSignature.verify(signature, body: request.body, secrets: [secret], now: Date())
            }
            #expect(throws: WebhookSignature.Fault.wrong) {
                try WebhookSignature.verify(signature, body: request.body, secrets: ["another"], now: Date())
            }
            try Self.expectBody(request.body, of: notice)
        }
        #expect(try await bench.ended(SendWebhookJob.kind).map(\.state) == [.completed])
        #expect(!bench.log.lines.joined().contains(Self.secrets[0].value))
    }

    @Test("a channel that failed is told of as such", arguments: TestEngine.allCases)
    func failed(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        try await LoopbackEndpoint.run { _, _ in
            .json(204, "")
        } _: { endpoint, address in
            let notices = try bench.notices(Self.variables(address))
            try await bench.settle(notices, bench.notice(.nothing, failure: "The list is empty."), recipient: nil)
            try await bench.work(notices)
            let request = try #require(endpoint.requests.first)
            #expect(request.headers["vidsift-event"] == ["channel.failed"])
            let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
            #expect(body["error"] as? String == "The list is empty." && body["event"] as? String == "channel.failed")
        }
    }

    @Test(
        "what is not taken is sent again, as the same event, and the attempts tell why",
        arguments: TestEngine.allCases)
    func again(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        try await LoopbackEndpoint.run { _, number in
            number == 0 ? .json(500, "out of\n order") : .json(200, "{}")
        } _: { endpoint, address in
            let notices = try bench.notices(Self.variables(address))
            try await bench.settle(notices, bench.notice(), recipient: nil)
            try await bench.work(notices)
            let job = try #require(try await bench.open(SendWebhookJob.kind).first)
            #expect(job.state == .scheduled)
            #expect(job.lastError == "The receiver did not take it (HTTP 500). It said: out of order")
            try await bench.bench.passTime()
            try await bench.work(notices)

            #expect(endpoint.requests.count == 2)
            #expect(Set(endpoint.requests.map(\.body)).count == 1)
            #expect(Set(endpoint.requests.map { $0.headers["vidsift-delivery"] }).count == 1)
            #expect(try await bench.ended(SendWebhookJob.kind).map(\.attempts) == [2])
            #expect(try await bench.bench.outcomes(job.id) == [.failed])
        }
    }

    @Test("who is killed between sending and saying so sends the same event again", arguments: TestEngine.allCases)
    func killed(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        try await LoopbackEndpoint.run { _, _ in
            .json(200, "{}")
        } _: { endpoint, address in
            let notices = try bench.notices(Self.variables(address))
            try await bench.settle(notices, bench.notice(), recipient: nil)
            let running = try await bench.claim(SendWebhookJob.kind)
            let handler = SendWebhook(webhook: notices.webhook, links: notices.links, logger: bench.logger)
            #expect(try await handler(SendWebhookJob.decode(running.job), running) == .done)
            try await bench.kill(running)
            try await bench.work(notices)
            #expect(endpoint.requests.count == 2 && Set(endpoint.requests.map(\.body)).count == 1)
            #expect(Set(endpoint.requests.map { $0.headers["vidsift-delivery"] }).count == 1)
        }
    }

    @Test(
        "a receiver that wants no more (410) is not asked again; nor is one that can't be told",
        arguments: TestEngine.allCases)
    func given(engine: TestEngine) async throws {
        let bench = try await NoticeBench(engine)
        try await LoopbackEndpoint.run { _, _ in
            .json(410, "")
        } _: { endpoint, address in
            let notices = try bench.notices(Self.variables(address))
            try await bench.settle(notices, bench.notice(), recipient: nil)
            try await bench.work(notices)
            #expect(endpoint.requests.count == 1)
            // Where rented machines get their keys nobody is told anything.
            let linkLocal = try bench.notices(Self.variables("http://169.254.169.254"))
            try await bench.settle(linkLocal, bench.notice(), recipient: nil)
            try await bench.work(linkLocal)
            // What was configured is not any more.
            try await bench.settle(linkLocal, bench.notice(), recipient: nil)
            try await bench.work(try bench.notices())
        }
        let ended = try await bench.ended(SendWebhookJob.kind)
        #expect(ended.allSatisfy { $0.state == .buried && $0.attempts == 1 } && ended.count == 3)
        #expect(Set(ended.map { $0.lastError ?? "" }).count == 3)
    }

    private static let secrets: [Secret] = ["the-new-secret-of-mine", "the-old-secret-of-mine"]

    private static func variables(_ address: String) -> [String: String] {
        ["WEBHOOK_URL": "\(address)/hook", "WEBHOOK_SECRET": "the-new-secret-of-mine,the-old-secret-of-mine"]
    }

    private static func expectBody(_ bytes: [UInt8], of notice: ChannelNotice) throws {
        let body = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(
            Set(body.keys) == [
                "id", "event", "createdAt", "queueId", "requestedBy", "channel", "counts", "reasons", "error",
            ])
        #expect(body["id"] as? String == notice.id.description && body["queueId"] as? String == notice.job.description)
        #expect(body["requestedBy"] as? String == "somebody" && body["error"] is NSNull)
        #expect((body["createdAt"] as? String)?.hasSuffix("Z") == true)
        let channel = try #require(body["channel"] as? [String: Any])
        #expect(channel["id"] as? String == notice.channel.description)
        #expect(channel["youtubeId"] as? String == "UCBR8-60-B28hp2BmDPdntcQ")
        #expect(channel["title"] as? String == "Bees & Canals")
        #expect(channel["url"] as? String == "\(NoticeBench.pageBase)/channels/\(notice.channel)")
        let counts = try #require(body["counts"] as? [String: Int])
        #expect(
            counts == [
                "listed": 300, "indexed": 288, "later": 1, "withoutCaptions": 7, "unavailable": 3, "failed": 1,
                "delisted": 0,
            ])
        let reasons = try #require(body["reasons"] as? [[String: Any]])
        #expect(reasons.count == 2 && reasons[0]["videos"] as? Int == 7)
    }
}
