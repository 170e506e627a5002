import Database
import Foundation
import NIOHTTP1
import Synchronization
import TestDatabases
import Testing

@testable import VidSift

@Suite("Following what is in the queue", .timeLimit(.minutes(3)))
struct QueueStreamTests {
    @Test("an item is followed from its place through its progress to its end", arguments: TestEngine.allCases)
    func follows(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()
            var held: HeldJob?
            var seen: [String] = []

            try await queue.follow("/api/queue/items/\(job)/events") { event in
                let item = try #require(event["queueItem"] as? [String: Any])
                let progress = (item["progress"] as? Double).map { " \($0)" } ?? ""
                seen.append("\(event["type"] as? String ?? "") \(item["status"] as? String ?? "")\(progress)")
                switch seen.count {
                case 1: held = try await queue.claim()
                case 2:
                    try await queue.database.execute(
                        Job.progressUpdate(JobProgress(done: 1, total: 2), of: #require(held)))
                case 3: try await queue.complete(#require(held))
                default: break
                }
                return true
            }

            #expect(seen == ["status pending", "status processing", "status processing 0.5", "done completed"])
            try await eventually("the stream's place is free") { queue.followers.count == 0 }
        }
    }

    @Test("an item that is cancelled, or has ended before, ends its stream", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()
            for expected in [["pending", "cancelled"], ["cancelled"]] {
                var seen: [String?] = []
                var last: Bool?
                try await queue.follow("/api/queue/items/\(job)/events") { event in
                    seen.append((event["queueItem"] as? [String: Any])?["status"] as? String)
                    last = event["done"] as? Bool
                    if seen.count == 1 {
                        _ = try await queue.server.post("/api/queue/items/\(job)/cancel", "")
                    }
                    return true
                }
                #expect(seen == expected)
                #expect(last == true)
            }
        }
    }

    @Test("a client that leaves ends the looking", arguments: TestEngine.allCases)
    func leaves(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            let (_, job) = try await queue.accept()

            try await queue.follow("/api/queue/items/\(job)/events") { _ in
                #expect(queue.followers.count == 1)
                return false
            }

            try await eventually("the stream's place is free") { queue.followers.count == 0 }
        }
    }

    @Test("no more streams are opened than may be; one that has ended makes room")
    func bounded() async throws {
        try await QueueServer.run(maximumFollowers: 1) { queue in
            let (_, job) = try await queue.accept()
            let path = "/api/queue/items/\(job)/events"
            try await queue.follow(path) { _ in
                let refused = try await queue.server.get(path)
                try refused.expectProblem(503, "not_ready")
                #expect(refused.headers.first(name: "retry-after") != nil)
                return false
            }
            try await eventually("the stream's place is free") { queue.followers.count == 0 }
            #expect(try await queue.server.send(.HEAD, path).status == 200)
            try await eventually("HEAD keeps no place") { queue.followers.count == 0 }
        }
    }

    @Test("a server that stops ends the streams, though what they follow goes on")
    func shutdown() async throws {
        let followed = Followed()
        try await QueueServer.run { queue in
            let (_, job) = try await queue.accept()
            let following = Task {
                try await queue.follow("/api/queue/items/\(job)/events") { event in
                    let type = event["type"] as? String
                    followed.events.withLock { $0.append(type) }
                    return true
                }
            }
            followed.stream.withLock { $0 = following }
            try await eventually("the first event is there") { followed.events.withLock { !$0.isEmpty } }
        }
        try await followed.stream.withLock { $0 }?.value
        #expect(followed.events.withLock { $0 } == ["status"])
    }

    @Test("a channel is followed until nothing of it waits or runs", arguments: TestEngine.allCases)
    func channel(engine: TestEngine) async throws {
        try await QueueServer.run(engine: engine) { queue in
            _ = try await queue.accept(Samples.bread, as: "a.en.vtt", channel: "Talks")
            _ = try await queue.accept(Samples.tides, as: "b.en.vtt", channel: "Talks")
            var seen: [String] = []

            try await queue.follow("/api/channels/Talks/events") { event in
                let work = try #require(event["queue"] as? [String: Any])
                seen.append("\(work["status"] as? String ?? "") \(work["videos_processed"] as? Int ?? -1)")
                #expect((event["channel"] as? [String: Any])?["title"] as? String == "Talks")
                if seen.count == 1 { try await queue.server.library.indexAll() }
                return event["done"] as? Bool == false
            }

            #expect(seen.first == "pending 0" && seen.last == "completed 2")
        }
    }
}

/// A stream that outlives its server, and what came of it.
private final class Followed: Sendable {
    let events = Mutex<[String?]>([])
    let stream = Mutex<Task<Void, any Error>?>(nil)
}
