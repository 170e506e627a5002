import Database
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("How many ask YouTube at a time", .timeLimit(.minutes(2))) struct YouTubeSlotsTests {
    private struct Waited: Error {}

    private static func video() throws -> YouTubeVideoID {
        try #require(YouTubeVideoID(rawValue: SampleIDs.video(1)))
    }

    /// That of one instance, whose waits are what the test makes of them.
    private func fetcher(
        _ library: TestLibrary, _ youtube: HeldYouTube, parallel: Int = 1,
        waiting: @escaping @Sendable () async throws -> Void = { throw Waited() }
    ) -> PoliteFetcher {
        PoliteFetcher(
            database: library.components.database, source: youtube,
            limits: YouTubePace.Limits(requestsPerHour: 1_000_000, spacing: .zero), parallel: parallel,
            folder: library.components.settings.storage.folder, clock: SteeredClock(instead: waiting),
            logger: library.components.logger)
    }

    @Test(
        "while one instance asks, another waits for a while, and then says why it does not; feeds don't wait",
        arguments: TestEngine.allCases)
    func taken(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let youtube = HeldYouTube { await gate.wait() }
        let video = try Self.video()
        let (one, two) = (fetcher(library, youtube), fetcher(library, youtube, waiting: {}))

        let first = Task { try await one.information(of: video) }
        await youtube.isAsked.wait()
        let refusal = await #expect(throws: YouTubeNotNow.self) { try await two.information(of: video) }
        let feed = try await two.asking(PoliteFetcher.requestsForFeed) { "a feed" }
        gate.open()

        #expect(refusal?.reason == "YouTube is being asked for something else, which takes its time.")
        #expect(refusal?.after == YouTubeSlots.putOff)
        #expect(feed == "a feed")
        #expect(try await first.value.id == video.rawValue)
        #expect(youtube.most == 1 && youtube.answered == 1)
    }

    @Test("the other asks when the first has its answer", arguments: TestEngine.allCases)
    func inTurn(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let youtube = HeldYouTube { await gate.wait() }
        let video = try Self.video()
        let one = fetcher(library, youtube)

        let first = Task { try await one.information(of: video) }
        await youtube.isAsked.wait()
        let two = fetcher(
            library, youtube,
            waiting: {
                gate.open()
                _ = try await first.value
            })
        _ = try await two.information(of: video)

        #expect(youtube.most == 1 && youtube.answered == 2)
    }

    @Test("of many there are never more at a time than are allowed", arguments: TestEngine.allCases)
    func many(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let youtube = HeldYouTube { for _ in 0..<50 { await Task.yield() } }
        let video = try Self.video()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                let instance = fetcher(library, youtube, parallel: 2, waiting: { await Task.yield() })
                for _ in 0..<6 {
                    group.addTask {
                        while true {
                            do {
                                _ = try await instance.information(of: video)
                                return
                            } catch is YouTubeNotNow {}
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(youtube.answered == 12 && youtube.most <= 2)
    }

    @Test("one that died without a word keeps others waiting no longer than its lease", arguments: TestEngine.allCases)
    func died(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let database = library.components.database
        let youtube = HeldYouTube {}
        let dead = try await ProcessingLock.acquire("youtube-1", holder: "dead", for: .seconds(3_600), on: database)
        try #require(dead != nil)
        let waits = TestDatabases.Gate()
        let fetcher = fetcher(
            library, youtube,
            waiting: {
                waits.open()
                try await database.execute("UPDATE processing_locks SET expires_at = now()")
            })

        _ = try await fetcher.information(of: try Self.video())

        #expect(youtube.answered == 1)
        #expect(waits.isOpen == (engine == .postgres), "in a folder the system says that it is dead")
    }

    @Test("one that is cancelled makes room at once", arguments: TestEngine.allCases)
    func cancelled(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let video = try Self.video()
        let endless = HeldYouTube { try await Task.sleep(for: .seconds(3_600)) }
        let one = fetcher(library, endless)

        let first = Task { try await one.information(of: video) }
        await endless.isAsked.wait()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }

        #expect(try await fetcher(library, HeldYouTube {}).information(of: video).id == video.rawValue)
    }

    @Test("who waited while YouTube refused the other asks nothing", arguments: TestEngine.allCases)
    func refused(engine: TestEngine) async throws {
        let library = try await TestLibrary(engine: engine)
        let gate = TestDatabases.Gate()
        let youtube = HeldYouTube {
            await gate.wait()
            throw YtDlpError(.botCheck)
        }
        let video = try Self.video()
        let one = fetcher(library, youtube)

        let first = Task { try await one.information(of: video) }
        await youtube.isAsked.wait()
        let other = HeldYouTube {}
        let two = fetcher(
            library, other,
            waiting: {
                gate.open()
                _ = await first.result
            })
        let refusal = await #expect(throws: YouTubeNotNow.self) { try await two.information(of: video) }

        #expect(other.answered == 0)
        #expect(refusal?.reason.contains(YtDlpError(.botCheck).reason) == true)
    }
}
