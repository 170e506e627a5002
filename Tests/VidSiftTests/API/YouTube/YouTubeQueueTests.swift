import Database
import Foundation
import NIOHTTP1
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("The queue and videos of YouTube", .timeLimit(.minutes(2)))
struct YouTubeQueueTests {
    @Test("a video whose words could not be had is fetched again", arguments: TestEngine.allCases)
    func video(engine: TestEngine) async throws {
        let id = SampleIDs.video(1)
        let youtube = ScriptedYouTube([id: .init(captions: nil)])
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            _ = try await queue.processVideo(#""videoId":"\#(id)""#)
            try await queue.work()
            let before = try await queue.counts()
            youtube[id] = .init()

            let first = try await queue.queueVideo(#""videoId":"\#(id)","priority":"high""#).json()
            let second = try await queue.queueVideo(#""videoId":"\#(id)""#).json()
            let standing = try await queue.counts()
            try await queue.work()

            #expect(first["success"] as? Bool == true && second["success"] as? Bool == false)
            let item = try #require(first["queueItem"] as? [String: Any])
            #expect(item["kind"] as? String == "fetch_video" && item["priority"] as? String == "high")
            #expect((second["queueItem"] as? [String: Any])?["id"] as? String == item["id"] as? String)
            #expect(before.videos["pending"] == 0 && before.videos["failed"] == 1)
            #expect(standing.videos["pending"] == 1 && standing.videos["failed"] == 0)
            #expect(try await queue.counts().videos["failed"] == 0)
            #expect(try await Video.find(id, on: queue.database)?.state == .ready)
            // From now on it is indexed again, from what is here.
            let indexed = try await queue.queueVideo(#""videoId":"\#(id)""#).json()
            #expect((indexed["queueItem"] as? [String: Any])?["kind"] as? String == "index_video")
        }
    }

    @Test(
        "a channel's videos are indexed again, and those that could not be had fetched", arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 3)
        for number in 1...2 { youtube[SampleIDs.video(number)] = .init(failure: YtDlpError(.privateVideo)) }
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            _ = try await queue.processChannel(#""handle":"@bees""#)
            try await queue.work()
            for number in 1...2 { youtube[SampleIDs.video(number)] = .init() }

            let answer = try await queue.server.post("/api/queue/channel", #"{"channelId":"@bees"}"#).json()
            try await queue.work()

            #expect(answer["success"] as? Bool == true && answer["queued"] as? Int == 3)
            let (status, report) = try await queue.status(of: "@bees")
            #expect(report["indexed"] as? Int == 3 && report["unavailable"] as? Int == 0)
            #expect(status["status"] as? String == "completed")
        }
    }

    @Test("the item of a video that cannot be had is done, and tells the reason", arguments: TestEngine.allCases)
    func reason(engine: TestEngine) async throws {
        let id = SampleIDs.video(1)
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(.membersOnly))])
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let accepted = try await queue.processVideo(#""videoId":"\#(id)""#).json()
            let item = try #require(JobID(accepted["queueId"] as? String ?? ""))
            try await queue.work()

            let reason = YtDlpError(.membersOnly).reason
            let shown = try await queue.item(item)
            #expect(shown["status"] as? String == "completed" && shown["error"] as? String == reason)
            let listed = try await queue.server.get("/api/queue/items?state=completed").list("items")
            #expect(listed.map { $0["error"] as? String } == [reason])
            #expect(try await queue.server.get("/api/queue/items?state=failed").list("items").isEmpty)
            let retried = try await queue.server.post("/api/queue/items/\(item)/retry", "{}").json()
            #expect(retried["success"] as? Bool == false)
            #expect((retried["message"] as? String)?.contains("POST /api/queue/video") == true)
        }
    }

    @Test("a recording that was given up is among those that failed", arguments: TestEngine.allCases)
    func recording(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (video, _) = try await queue.accept()
            try await queue.database.execute(
                """
                INSERT INTO recordings (video_id, checksum, title, bytes, stage, created_at, updated_at)
                VALUES (\(video), 'c', 'Talk', 1, 'failed', now(), now())
                """)
            #expect(try await queue.counts().videos["failed"] == 1)
        }
    }

    @Test("every channel is counted, those without videos among them", arguments: TestEngine.allCases)
    func channels(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 0)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            _ = try await queue.accept(channel: "Baking")
            let accepted = try await queue.processChannel(#""handle":"@bees""#).json()
            let channel = try #require(ChannelID(accepted["channelId"] as? String ?? ""))
            let job = try #require(JobID(accepted["queueId"] as? String ?? ""))
            let both = try await queue.counts().channels
            try await ChannelListing.begin(job, of: channel, on: queue.database)
            let begun = try await queue.counts().channels
            try await queue.work()
            let ended = try await queue.counts().channels
            let video = try #require(try await Video.find("bread", on: queue.database))
            _ = try await queue.server.send(.DELETE, "/api/videos/\(video.id)")
            let emptied = try await queue.counts().channels

            #expect(both == ["pending": 2, "processing": 0, "completed": 0, "failed": 0])
            #expect(begun == ["pending": 1, "processing": 1, "completed": 0, "failed": 0])
            #expect(ended == ["pending": 0, "processing": 0, "completed": 1, "failed": 1])
            #expect(emptied == ended)
        }
    }
}

extension QueueServer {
    /// The counts of `GET /api/queue/status`.
    fileprivate func counts() async throws -> (channels: [String: Int], videos: [String: Int]) {
        let status = try #require(try await server.get("/api/queue/status").json()["status"] as? [String: Any])
        return (
            try #require(status["channels"] as? [String: Int]), try #require(status["videos"] as? [String: Int])
        )
    }
}
