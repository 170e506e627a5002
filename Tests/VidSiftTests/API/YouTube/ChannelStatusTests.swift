import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("The status of a channel of YouTube", .timeLimit(.minutes(2)))
struct ChannelStatusTests {
    @Test(
        "it is processing from the first page to the last video, and its stream ends then",
        arguments: TestEngine.allCases)
    func stream(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 4)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let accepted = try await queue.processChannel(#""handle":"@bees""#).json()
            let channel = try #require(accepted["channelId"] as? String)
            var states: [String] = []
            var last: [String: Any] = [:]
            var working: Task<Void, any Error>?

            try await queue.follow("/api/channels/\(channel)/events") { event in
                last = event
                if let state = (event["queue"] as? [String: Any])?["status"] as? String, states.last != state {
                    states.append(state)
                }
                // The first event shows that nobody works yet.
                if working == nil { working = Task { try await queue.work() } }
                return event["done"] as? Bool != true
            }
            try await working?.value

            #expect(states.first == "pending" && states.last == "completed")
            #expect(Set(states).isSubset(of: ["pending", "processing", "completed"]), "\(states)")
            #expect(last["type"] as? String == "done")
            #expect((last["report"] as? [String: Any])?["indexed"] as? Int == 4)
            #expect((last["channel"] as? [String: Any])?["title"] as? String == "Bees")
        }
    }

    @Test("between its list and its videos it is processing", arguments: TestEngine.allCases)
    func between(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 2)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let accepted = try await queue.processChannel(#""handle":"@bees""#).json()
            let channel = try #require(accepted["channelId"] as? String)
            try await queue.pause()
            try await queue.work()

            let (status, report) = try await queue.status(of: channel)
            // The list can't be read while YouTube is left alone: the item sleeps, and says why.
            #expect(status["status"] as? String == "processing" && status["completed_at"] is NSNull)
            #expect((status["error_message"] as? String)?.contains("YouTube asks for proof.") == true)
            #expect(status["estimated_completion_at"] is NSNull && report["listed"] as? Int == 0)
        }
    }

    @Test("of which nothing can be had, it has failed", arguments: TestEngine.allCases)
    func failed(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 0)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let accepted = try await queue.processChannel(#""handle":"@bees""#).json()
            let channel = try #require(accepted["channelId"] as? String)
            try await queue.work()

            let (status, _) = try await queue.status(of: channel)
            #expect(
                status["status"] as? String == "failed" && status["error_message"] as? String == "The list is empty.")
            #expect(status["completed_at"] is String)
        }
    }

    @Test("one that was cancelled says so", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        let youtube = try SampleChannel.source(of: 1)
        try await QueueServer.run(SampleChannel.unhurried, engine: engine, youtube: youtube) { queue in
            let accepted = try await queue.processChannel(#""handle":"@bees""#).json()
            let channel = try #require(accepted["channelId"] as? String)
            let item = try #require(accepted["queueId"] as? String)
            try await queue.pause()
            try await queue.work()
            _ = try await queue.server.post("/api/queue/items/\(item)/cancel", "{}")

            let (status, _) = try await queue.status(of: channel)
            #expect(status["status"] as? String == "cancelled" && status["completed_at"] is String)
        }
    }
}

extension QueueServer {
    /// Has YouTube refuse.
    fileprivate func pause() async throws {
        _ = try await YouTubePace.update(on: database) { pace, now in
            pace.refused(because: "YouTube asks for proof.", blocks: 0, now: now, chance: 0.5)
        }
    }
}
