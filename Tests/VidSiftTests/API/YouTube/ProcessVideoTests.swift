import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("POST /api/videos/process", .timeLimit(.minutes(2)))
struct ProcessVideoTests {
    private let id = SampleIDs.video(1)

    @Test("a link is taken once: the same item, and what is searchable is the answer", arguments: TestEngine.allCases)
    func once(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init(title: "How bees dance")])
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let first = try await queue.processVideo(#""url":"https://youtu.be/\#(id)?t=4""#)
            let second = try await queue.processVideo(#""videoId":"\#(id)""#)
            #expect(first.status == 202 && second.status == 202)
            let accepted = try first.json()
            #expect(accepted["success"] as? Bool == true && accepted["youtubeId"] as? String == id)
            #expect(accepted["alreadyProcessed"] == nil)
            let video = try #require(accepted["videoId"] as? String)
            let item = try #require(JobID(accepted["queueId"] as? String ?? ""))
            #expect(try second.json()["queueId"] as? String == item.description)
            #expect(try await queue.item(item)["kind"] as? String == "fetch_video")
            #expect(youtube.calls.isEmpty, "nothing is asked before the answer")

            try await queue.work()

            let third = try await queue.processVideo(#""videoId":"\#(video)""#).json()
            #expect(third["alreadyProcessed"] as? Bool == true && third["videoId"] as? String == video)
            #expect(third["queueId"] is String)
            let link = "https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D\(id)"
            let shown = try await queue.server.get("/api/videos/\(link)").json()
            #expect((shown["video"] as? [String: Any])?["title"] as? String == "How bees dance")
            let fetch = try #require(shown["fetch"] as? [String: Any])
            #expect(fetch["outcome"] as? String == "captions" && fetch["tries"] as? Int == 1)
            #expect(fetch["reason"] is NSNull && fetch["triedAt"] is String && fetch["delistedAt"] is NSNull)
        }
    }

    @Test("what could not be had says so, and why", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        let youtube = ScriptedYouTube([id: .init(failure: YtDlpError(.membersOnly))])
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            _ = try await queue.processVideo(#""videoId":"\#(id)""#)
            try await queue.work()

            let shown = try await queue.server.get("/api/videos/\(id)").json()
            let fetch = try #require(shown["fetch"] as? [String: Any])
            let reason = YtDlpError(.membersOnly).reason
            #expect(fetch["outcome"] as? String == "unavailable" && fetch["reason"] as? String == reason)
            #expect((shown["video"] as? [String: Any])?["error"] as? String == reason)
        }
    }

    @Test("what leads to no video is refused in words")
    func badLinks() async throws {
        try await QueueServer.run(youtube: ScriptedYouTube()) { queue in
            let cases = [
                (#""url":"https://vimeo.com/76979871""#, "is not YouTube"), (#""url":"""#, "There is no link"),
                (#""url":"@bees""#, "channel or a playlist"), (#""url":"https://www.youtube.com/clip/x""#, "clip"),
                (#""videoId":"dQw4w9WgXc""#, "neither a link nor an id"), ("", "Expected one of videoId, url"),
                (#""videoId":"\#(id)","url":"\#(id)""#, "found 2"),
                (#""url":"http://127.0.0.1/watch?v=\#(id)""#, "is not YouTube"),
                (#""videoId":7"#, "videoId"),
                (#""videoId":"\#(id)","email":"me@example.org""#, "nobody is told"),
            ]
            for (fields, words) in cases {
                try await queue.processVideo(fields).expectProblem(400, "invalid_request", naming: words)
            }
            #expect(try await queue.server.get("/api/videos").list("videos").isEmpty)
        }
    }

    @Test("a recording of one's own can't be had from YouTube")
    func ownRecording() async throws {
        try await QueueServer.run(youtube: ScriptedYouTube()) { queue in
            let (video, _) = try await queue.accept()
            try await queue.processVideo(#""videoId":"\#(video)""#).expectProblem(
                409, "conflict", naming: "not from YouTube")
            let shown = try await queue.server.get("/api/videos/\(video)").json()
            #expect(shown["fetch"] == nil)
        }
    }
}
