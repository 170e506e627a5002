import Foundation
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
            youtube[id] = .init()

            let first = try await queue.queueVideo(#""videoId":"\#(id)","priority":"high""#).json()
            let second = try await queue.queueVideo(#""videoId":"\#(id)""#).json()
            let standing = try await queue.server.get("/api/queue/status").json()
            try await queue.work()

            #expect(first["success"] as? Bool == true && second["success"] as? Bool == false)
            let item = try #require(first["queueItem"] as? [String: Any])
            #expect(item["kind"] as? String == "fetch_video" && item["priority"] as? String == "high")
            #expect((second["queueItem"] as? [String: Any])?["id"] as? String == item["id"] as? String)
            let videos = (standing["status"] as? [String: Any])?["videos"] as? [String: Any]
            #expect(videos?["pending"] as? Int == 1 && videos?["failed"] as? Int == 1)
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
}
