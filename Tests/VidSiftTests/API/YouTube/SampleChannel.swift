import Providers
import TestModels
import Testing

@testable import VidSift

/// A channel of so many talks, for the routes.
enum SampleChannel {
    static let handle = "@bees"
    static let title = "Bees"
    /// A budget that no test uses up.
    static let unhurried = ["YOUTUBE_REQUESTS_PER_HOUR": "100000", "YOUTUBE_SPACING_MS": "0"]

    /// As yt-dlp tells of it.
    static func source(of count: Int) throws -> ScriptedYouTube {
        let youtube = ScriptedYouTube()
        for number in 0..<count { youtube[SampleIDs.video(number)] = .init(title: "Talk \(number)") }
        youtube.lists(
            try (0..<count).map { number in
                YtDlpListEntry(
                    id: try #require(YouTubeVideoID(rawValue: SampleIDs.video(number))), position: number + 1,
                    title: "Talk \(number)")
            })
        youtube.leads(
            to: YtDlpChannel(
                id: try #require(YouTubeChannelID(rawValue: SampleIDs.channel)), title: title,
                handle: YouTubeHandle(rawValue: handle)))
        return youtube
    }

    /// As the Data API and the feed tell of it.
    static func service(of count: Int) -> LoopbackYouTube {
        LoopbackYouTube(
            channelID: SampleIDs.channel, title: title, handle: handle,
            items: (0..<count).map { .init(id: SampleIDs.video($0), title: "Talk \($0)") })
    }
}

extension QueueServer {
    func processVideo(_ fields: String) async throws -> Answer {
        try await server.post("/api/videos/process", "{\(fields)}")
    }

    func processChannel(_ fields: String) async throws -> Answer {
        try await server.post("/api/channels/process", "{\(fields)}")
    }

    /// Does all that is due.
    func work() async throws { try await server.components.worker.drain() }

    func status(of channel: String) async throws -> (queue: [String: Any], report: [String: Any]) {
        let answer = try await server.get("/api/channels/\(channel)/status").json()
        return (
            try #require(answer["queue"] as? [String: Any]), try #require(answer["report"] as? [String: Any])
        )
    }
}
