import Database
import Foundation
import Logging
import TestDatabases
import Testing

@testable import VidSift

@Suite struct SegmentCacheTests {
    private func question(_ text: String) -> SearchQuery { SearchQuery(text: text, mode: .keyword) }

    @Test("what another process adds, changes or removes is seen at the next search", arguments: TestEngine.allCases)
    func changes(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let other = try await one.anotherInstance()
        let added = try await one.add(SampleTalks.bees)
        #expect(try await other.components.cache.search(question("queen"), in: .everything).hits.count == 1)

        try await one.add(SampleTalks.canals)
        #expect(try await other.components.cache.search(question("queen"), in: .everything).hits.isEmpty)
        #expect(try await other.components.cache.search(question("boat"), in: .everything).hits.count == 1)

        _ = try await one.components.database.transaction { try await Video.delete(added.videoID, on: $0) }
        #expect(try await other.components.cache.search(question("boat"), in: .everything).hits.isEmpty)
    }

    @Test("a database that was put back to an earlier state is read anew", arguments: TestEngine.allCases)
    func restored(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let added = try await library.add(SampleTalks.bees)
        let cache = library.components.cache
        #expect(try await cache.search(question("queen"), in: .everything).hits.count == 1)

        try await library.components.database.transaction { tx in
            try await tx.execute("DELETE FROM videos WHERE id = \(added.videoID)")
            try await tx.execute("UPDATE scope_versions SET version = version - 1")
        }

        #expect(try await cache.search(question("queen"), in: .everything).hits.isEmpty)
        #expect(try await cache.search(question("boat"), in: .everything).hits.count == 1)
    }

    @Test("a damaged segment is reported, left out, and built again", arguments: TestEngine.allCases)
    func damaged(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let id = try await library.add(SampleTalks.bees).videoID
        try await library.add(SampleTalks.canals, named: "canals.vtt")
        let database = library.components.database
        var bytes = try #require(try await StoredSegment.load([id], on: database).first?.bytes)
        bytes[bytes.count / 2] ^= 0x10
        let damaged = bytes
        try await database.execute("UPDATE segments SET bytes = \(damaged) WHERE video_id = \(id)")

        let log = LineLog()
        let cache = SegmentCache(
            database: database, maximumBytes: 1 << 20, logger: Logger(label: "test") { _ in LineLogHandler(log) })
        let hits = try await cache.search(question("boat queen"), in: .everything).hits
        #expect(hits.allSatisfy { $0.video != id.description } && !hits.isEmpty)
        #expect(log.lines.contains { $0.contains("damaged") })

        try await library.components.worker.drain()
        let rebuilt = try await cache.search(question("queen"), in: .everything).hits
        #expect(rebuilt.map(\.video) == [id.description])
    }

    @Test(
        "a scope that is larger than the cache is searched in parts, with the same best passages",
        arguments: TestEngine.allCases)
    func parts(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        for number in 0..<12 {
            let talk = SampleTalks.vtt((0..<30).map { "Talk \(number) says sentence \($0) about subject \(number)." })
            try await library.add(talk, named: "talk\(number).vtt", channel: .named("All"))
        }
        try await library.add(SampleTalks.bees, named: "bees.vtt", channel: .named("All"))
        let database = library.components.database
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let small = SegmentCache(database: database, maximumBytes: 4_096, logger: logger)
        let large = SegmentCache(database: database, maximumBytes: 64 << 20, logger: logger)
        let channel = try #require(try await Channel.find("All", on: database))

        for text in ["queen eggs", "subject 7", "bees winter"] {
            let whole = try await large.search(question(text), in: .channel(channel.id)).hits
            let parted = try await small.search(question(text), in: .channel(channel.id)).hits
            #expect(parted.first?.video == whole.first?.video, "\(text)")
            #expect(parted.first?.passage == whole.first?.passage, "\(text)")
        }
        #expect(await small.byteCount <= 4_096)
        #expect(await large.byteCount > 4_096)
    }

    @Test("channels that were used longest ago make room", arguments: TestEngine.allCases)
    func eviction(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        var channels: [ChannelID] = []
        for name in ["One", "Two", "Three"] {
            try await library.add(SampleTalks.bees, named: "bees.vtt", channel: .named(name))
            channels.append(try #require(try await Channel.find(name, on: database)).id)
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let probe = SegmentCache(database: database, maximumBytes: 1 << 30, logger: logger)
        _ = try await probe.search(question("queen"), in: .channel(channels[0]))
        let one = await probe.byteCount

        let cache = SegmentCache(database: database, maximumBytes: one * 2 + one / 2, logger: logger)
        for channel in channels { _ = try await cache.search(question("queen"), in: .channel(channel)) }
        #expect(await cache.byteCount == one * 2)
    }

    @Test("a hundred questions at once load a channel once and all see it", arguments: TestEngine.allCases)
    func manyAtOnce(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees)
        let cache = library.components.cache
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await cache.search(SearchQuery(text: "queen", mode: .keyword), in: .everything).hits.count
                }
            }
            for try await count in group { #expect(count == 1) }
        }
    }
}

@Suite struct SegmentCacheFailureTests {
    @Test("a load that fails once does not fail for ever", arguments: TestEngine.allCases)
    func failedLoad(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        try await library.add(SampleTalks.bees)
        let query = SearchQuery(text: "queen", mode: .keyword)
        let cache = library.components.cache
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await cache.search(query, in: .everything).hits.count
        }
        _ = await cancelled.result
        try await library.components.database.execute("ALTER TABLE segments RENAME TO segments_away")
        await #expect(throws: DatabaseError.self) { _ = try await cache.search(query, in: .everything) }
        try await library.components.database.execute("ALTER TABLE segments_away RENAME TO segments")
        #expect(try await cache.search(query, in: .everything).hits.count == 1)
    }

    @Test("starting without the model keeps the vectors that are there", arguments: TestEngine.allCases)
    func keepsVectors(engine: TestEngine) async throws {
        let ended = try await TestLibrary(engine: engine, embeddingModel: CountingModel())
        try await ended.add(SampleTalks.bees)
        let library = try await ended.restarted()
        try await library.components.resumeWork()
        try await library.components.worker.drain()
        #expect(
            try await library.components.database.values("SELECT model FROM segments", as: String.self) == ["counting"])
        #expect(try await library.ask("How many eggs does the queen lay?").outcome?.isAnswered == true)
    }
}
