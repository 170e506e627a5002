import Database
import Foundation
import NIOHTTP1
import Providers
import TestDatabases
import TestModels
import Testing

@testable import VidSift

@Suite("A channel through the Data API", .timeLimit(.minutes(5))) struct DataAPIChannelTests {
    /// Runs the body with a library that lists through a loopback server: a channel of so many videos.
    private func withChannel(
        of count: Int, _ variables: [String: String] = [:], engine: TestEngine,
        _ body: (TestLibrary, LoopbackYouTube, LoopbackEndpoint) async throws -> Void
    ) async throws {
        let items = (0..<count).map { LoopbackYouTube.Item(id: SampleIDs.video($0), title: "Talk \($0)") }
        let youtube = LoopbackYouTube(
            channelID: SampleIDs.channel, title: "Bees", handle: "@bees", items: items)
        let source = ScriptedYouTube()
        for item in items { source[item.id] = .init(title: item.title) }
        try await LoopbackEndpoint.run({ request, _ in youtube.answer(request) }) { endpoint, address in
            let settings = SampleChannel.unhurried.merging([
                "YOUTUBE_API_KEY": "a-key", "YOUTUBE_API_BASE_URL": address,
                "YOUTUBE_FEED_URL": address + "/videos.xml",
            ]) { $1 }
            let library = try await TestLibrary(
                settings.merging(variables) { $1 }, engine: engine, youtubeSource: source)
            try await body(library, youtube, endpoint)
            try await library.components.close()
        }
    }

    private func add(_ library: TestLibrary) async throws -> YouTubeIntake.AcceptedChannel {
        let accepted = try await library.components.youtube.accept(try YouTubeLink("@bees"), requester: "somebody")
        try await library.components.worker.drain()
        return accepted
    }

    private func spent(_ library: TestLibrary) async throws -> Int {
        let day = QuotaReset.day(of: Date())
        return try await QuotaDay.get(day, on: library.components.database)?.units ?? 0
    }

    @Test(
        "its completeness is exact, and its units are one for the channel, one a page and one a batch",
        arguments: TestEngine.allCases)
    func units(engine: TestEngine) async throws {
        try await withChannel(of: 120, engine: engine) { library, _, endpoint in
            let accepted = try await add(library)
            let report = try await ChannelReport.get(accepted.channel, on: library.components.database)
            #expect(report.listed == 120 && report.indexed == 120 && report.reasons.isEmpty)
            #expect(try await spent(library) == 1 + 3 + 3)
            #expect(endpoint.requests.count == 7)
            #expect(endpoint.requests.allSatisfy { !$0.path.contains("a-key") })
        }
    }

    @Test(
        "a page that has not changed costs one unit, and nothing is asked about its videos; what changed is found",
        arguments: TestEngine.allCases)
    func unchangedPages(engine: TestEngine) async throws {
        try await withChannel(of: 120, engine: engine) { library, youtube, endpoint in
            let database = library.components.database
            let channel = try await add(library).channel
            let first = try await spent(library)
            _ = try await add(library)
            #expect(try await spent(library) - first == 3)
            #expect(endpoint.requests.suffix(3).allSatisfy { !$0.headers["if-none-match"].isEmpty })
            #expect(try await ChannelReport.get(channel, on: database).listed == 120)

            youtube.remove(SampleIDs.video(60))
            _ = try await add(library)
            let report = try await ChannelReport.get(channel, on: database)
            #expect(report.listed == 120 && report.delisted == 1)
        }
    }

    @Test("where the pages lead on in another way than before, though the first has not changed, all are read anew")
    func changedTokens() async throws {
        try await withChannel(of: 120, engine: .sqlite) { library, _, _ in
            let database = library.components.database
            let channel = try await add(library).channel
            try await database.execute("UPDATE list_pages SET next = 'gone' WHERE token = ''")
            _ = try await add(library)
            let report = try await ChannelReport.get(channel, on: database)
            #expect(report.listed == 120 && report.indexed == 120 && report.delisted == 0)
        }
    }

    @Test("with a greater limit, a page of which only a part was taken is read anew", arguments: TestEngine.allCases)
    func greaterLimit(engine: TestEngine) async throws {
        try await withChannel(of: 120, engine: engine) { library, _, _ in
            for (limit, listed) in [(70, 70), (110, 110), (500, 120)] {
                let accepted = try await library.components.youtube.accept(
                    try YouTubeLink("@bees"), limit: limit, requester: "somebody")
                try await library.components.worker.drain()
                let report = try await ChannelReport.get(accepted.channel, on: library.components.database)
                #expect(report.listed == listed && report.delisted == 0)
            }
        }
    }

    @Test(
        "units that are spent are not asked for: the listing sleeps until midnight in Los Angeles, and goes on there",
        arguments: TestEngine.allCases)
    func spentUnits(engine: TestEngine) async throws {
        try await withChannel(of: 120, ["YOUTUBE_DAILY_UNITS": "4"], engine: engine) { library, _, endpoint in
            let accepted = try await add(library)

            let database = library.components.database
            let job = try #require(try await Job.get(accepted.job, on: database))
            #expect(job.state == .scheduled && job.attempts == 0)
            #expect(abs(job.runAt.timeIntervalSince(QuotaReset.next(after: Date()))) < 120)
            // The channel, a page, its batch, and the next page, whose batch has to wait.
            #expect(try await spent(library) == 4 && endpoint.requests.count == 4)
            let report = try await ChannelReport.get(accepted.channel, on: database)
            #expect(report.listed == 50 && report.indexed == 50)
            let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
            #expect(listing.state == .listing && listing.listed == 50 && listing.pageToken == "50")

            try await database.execute("DELETE FROM quota_days")
            _ = try await Job.hurry(accepted.job, on: database)
            try await library.components.worker.drain()
            let after = try #require(try await ChannelListing.get(accepted.channel, on: database))
            #expect(after.state == .ready && after.listed == 120)
        }
    }

    @Test(
        "when YouTube itself says that the day's units are spent, nothing more is asked", arguments: TestEngine.allCases
    )
    func exhausted(engine: TestEngine) async throws {
        try await withChannel(of: 10, engine: engine) { library, youtube, endpoint in
            youtube.refuse(.quotaExceeded)
            await #expect(throws: YouTubeAPIError.self) { _ = try await add(library) }
            let requests = endpoint.requests.count
            youtube.refuse(nil)
            await #expect(throws: YouTubeAPIError.self) { _ = try await add(library) }
            #expect(endpoint.requests.count == requests)
        }
    }

    @Test(
        "a round looks once at each channel that somebody follows, spread over the period",
        arguments: TestEngine.allCases)
    func round(engine: TestEngine) async throws {
        try await withChannel(of: 3, engine: engine) { library, _, _ in
            let database = library.components.database
            _ = try await add(library)
            #expect(try await NewVideos.beginRound(on: database) == 1)
            #expect(try await NewVideos.beginRound(on: database) == 0, "it waits already")
            let job = try #require(try await Job.list(kind: CheckChannelJob.kind, limit: 10, on: database).first)
            #expect(job.runAt < Date().addingTimeInterval(NewVideos.period / .seconds(1)))
        }
    }

    @Test("new videos of the feed are fetched, old ones are not, and it costs no units", arguments: TestEngine.allCases)
    func newVideos(engine: TestEngine) async throws {
        try await withChannel(of: 20, engine: engine) { library, youtube, endpoint in
            let database = library.components.database
            let accepted = try await add(library)
            let units = try await spent(library)
            youtube.publish([.init(id: SampleIDs.video(77), title: "New & <b>bold</b>")])
            let requests = endpoint.requests.count

            try await check(accepted.channel, of: library)

            #expect(endpoint.requests.count == requests + 1)
            #expect(try await spent(library) == units)
            let report = try await ChannelReport.get(accepted.channel, on: database)
            #expect(report.listed == 21)
            let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
            #expect(listing.checkedAt != nil)
        }
    }

    @Test("when all of the feed is new, there may be more: the list is gone through", arguments: TestEngine.allCases)
    func gap(engine: TestEngine) async throws {
        try await withChannel(of: 5, engine: engine) { library, youtube, _ in
            let accepted = try await add(library)
            youtube.publish((100..<140).map { .init(id: SampleIDs.video($0), title: "New \($0)") })
            try await check(accepted.channel, of: library)
            let report = try await ChannelReport.get(accepted.channel, on: library.components.database)
            #expect(report.listed == 45)
        }
    }

    @Test("a feed that is not there is no failure: nothing is given up, and the next round looks again")
    func noFeed() async throws {
        try await withChannel(of: 3, engine: .sqlite) { library, youtube, endpoint in
            let database = library.components.database
            let accepted = try await add(library)
            youtube.withdrawFeed()
            let requests = endpoint.requests.count

            try await check(accepted.channel, of: library)

            #expect(endpoint.requests.count == requests + 1)
            #expect(try await Job.get(CheckChannelJob.kind, accepted.channel.description, on: database) == nil)
            #expect(try await ArchivedJob.list(states: [.buried], limit: 1, on: database).isEmpty)
            let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
            #expect(listing.state == .ready && listing.checkedAt == nil)
            #expect(try await NewVideos.beginRound(on: database) == 1)
        }
    }

    @Test(
        "a list that has no end is left with a reason, and what was found before stays",
        arguments: [
            (LoopbackYouTube.Paging.circle, "round in a circle", 150), (.endless, "has no end", 0),
            (.forgetful, "has no end", 50),
        ])
    func noEnd(paging: LoopbackYouTube.Paging, words: String, indexed: Int) async throws {
        try await withChannel(of: 150, engine: .sqlite) { library, youtube, endpoint in
            let database = library.components.database
            youtube.leads(paging)

            let accepted = try await add(library)

            let ended = try #require(try await ArchivedJob.get(accepted.job, on: database))
            #expect(ended.state == .buried && ended.lastError?.contains(words) == true)
            let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
            #expect(listing.state == .failed && listing.error == ended.lastError)
            #expect(try await ChannelReport.get(accepted.channel, on: database).indexed == indexed)
            // Each page, with the descriptions of its videos, and the channel.
            #expect(endpoint.requests.count <= 1 + 2 * ListChannel.mostPages(of: 500))
        }
    }

    @Test("a video that was removed is not brought back by the feed")
    func removed() async throws {
        try await withChannel(of: 3, engine: .sqlite) { library, _, _ in
            let database = library.components.database
            let accepted = try await add(library)
            let videos = try await Video.list(in: accepted.channel, after: nil, limit: 9, on: database)
            for video in videos { _ = try await database.transaction { try await Video.delete(video.id, on: $0) } }

            try await check(accepted.channel, of: library)

            let report = try await ChannelReport.get(accepted.channel, on: database)
            #expect(report.listed == 0 && report.deleted == 3)
            #expect(try await Job.get(ListChannelJob.kind, accepted.channel.description, on: database) == nil)
        }
    }

    @Test("a round over 2,000 channels is 2,000 requests")
    func largeRound() async throws {
        try await withChannel(of: 0, engine: .sqlite) { library, _, endpoint in
            let database = library.components.database
            let ids = (0..<2_000).map { String(format: "UC%020dAA", $0) }
            try await database.transaction { tx in
                for id in ids {
                    let channel = try await ChannelListing.ensure(
                        id, title: try #require(Title(id)), handle: nil, on: tx)
                    try await ChannelListing.follow(channel, owner: "somebody", on: tx)
                }
            }

            #expect(try await NewVideos.beginRound(on: database) == 2_000)
            let times = try await Job.list(kind: CheckChannelJob.kind, limit: 2_000, on: database).map(\.runAt)
            let period = NewVideos.period / .seconds(1)
            for quarter in 0..<4 {
                let from = Date().addingTimeInterval(period * 0.225 * Double(quarter))
                let share = times.count { $0 >= from && $0 < from.addingTimeInterval(period * 0.225) }
                #expect((400...600).contains(share))
            }
            try await database.execute("UPDATE jobs SET state = 'pending', run_at = now()")
            try await library.components.worker.drain()
            #expect(endpoint.requests.count == 2_000)
        }
    }

    private func check(_ channel: ChannelID, of library: TestLibrary) async throws {
        let job = try NewJob(CheckChannelJob(channel: channel))
        _ = try await job.enqueue(on: library.components.database)
        try await library.components.worker.drain()
    }
}
