import Database
import TestDatabases
import Testing

@testable import VidSift

@Suite("Several instances on one library", .timeLimit(.minutes(2))) struct LibraryChangesTests {
    @Test(
        "what one instance adds and deletes, the other finds and no longer finds at its next question",
        arguments: TestEngine.allCases)
    func nextQuestion(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await one.anotherInstance()
        try await one.add(SampleTalks.canals, named: "canals.vtt")
        #expect(try await quotes(two, "How many eggs does the queen lay?").isEmpty)

        let bees = try await one.add(SampleTalks.bees, named: "bees.vtt").videoID
        #expect(
            try await quotes(two, "How many eggs does the queen lay?").contains { $0.contains("two thousand eggs") })

        _ = try await one.components.database.transaction { try await Video.delete(bees, on: $0) }
        #expect(try await quotes(two, "How many eggs does the queen lay?").isEmpty)
    }

    @Test("a cache follows a change by itself, without a question", arguments: TestEngine.allCases)
    func follows(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await one.anotherInstance()
        try await one.add(SampleTalks.canals, named: "canals.vtt")
        _ = try await quotes(two, "How many eggs does the queen lay?")
        let before = await two.components.cache.byteCount

        try await one.add(SampleTalks.bees, named: "bees.vtt")
        try await two.components.cache.follow()

        #expect(await two.components.cache.byteCount > before)
    }

    @Test("work that one instance accepts is done by another", arguments: TestEngine.allCases)
    func work(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await one.anotherInstance()
        let id = try await one.accept(SampleTalks.bees).videoID

        try await two.components.worker.drain()

        #expect(try await Video.get(id, on: one.components.database)?.state == .ready)
    }

    @Test("the same source added to several instances at once is one video", arguments: TestEngine.allCases)
    func sameSource(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await one.anotherInstance()

        let videos = try await withThrowingTaskGroup(of: VideoID.self) { group in
            for number in 0..<8 {
                let library = number.isMultiple(of: 2) ? one : two
                group.addTask {
                    try await library.accept(SampleTalks.bees, channel: .named("Nature")).videoID
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }

        #expect(videos.count == 1)
        #expect(try await Channel.list(after: nil, limit: 10, on: one.components.database).map(\.videos) == [1])
    }

    @Test(
        "deleting, replacing and indexing the same video at once leaves it whole or gone",
        arguments: TestEngine.allCases)
    func races(engine: TestEngine) async throws {
        let one = try await TestLibrary(engine: engine)
        let two = try await one.anotherInstance()
        let database = one.components.database
        for round in 0..<10 {
            let id = try await one.accept(SampleTalks.bees, named: "talk.vtt").videoID
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await one.components.worker.drain() }
                group.addTask { try await two.components.worker.drain() }
                group.addTask { _ = try await two.accept(SampleTalks.canals, named: "talk.vtt") }
                if round.isMultiple(of: 2) {
                    group.addTask {
                        _ = try await database.transaction(attempts: 5) { try await Video.delete(id, on: $0) }
                    }
                }
                try await group.waitForAll()
            }
            try await one.components.worker.drain()
            try await two.components.worker.drain()
            for video in try await Video.list(after: nil, limit: 10, on: database) {
                #expect(video.state == .ready)
                #expect(try await StoredPassage.all(of: video.id, on: database).count == video.passages)
                #expect(
                    try await Set(StoredPassage.all(of: video.id, on: database).map(\.text)).count == video.passages)
                _ = try await database.transaction { try await Video.delete(video.id, on: $0) }
            }
        }
    }

    private func quotes(_ library: TestLibrary, _ question: String) async throws -> [String] {
        try await library.ask(question).compactMap { event in
            if case .citation(let citation) = event { citation.text } else { nil }
        }
    }
}
