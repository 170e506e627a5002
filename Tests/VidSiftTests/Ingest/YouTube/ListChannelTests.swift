import Database
import Foundation
import Providers
import TestDatabases
import Testing

@testable import VidSift

@Suite("Going through a channel", .timeLimit(.minutes(2))) struct ListChannelTests {
    private func library(_ youtube: ScriptedYouTube, _ engine: TestEngine) async throws -> TestLibrary {
        try await TestLibrary(SampleChannel.unhurried, engine: engine, youtubeSource: youtube)
    }

    /// A channel of so many videos, the newest first.
    private func channel(of count: Int) throws -> ScriptedYouTube {
        let youtube = ScriptedYouTube()
        for number in 0..<count { youtube[SampleIDs.video(number)] = .init(title: "Talk \(number)") }
        try list(0..<count, on: youtube)
        youtube.leads(
            to: YtDlpChannel(
                id: try #require(YouTubeChannelID(rawValue: SampleIDs.channel)), title: "Bees",
                handle: YouTubeHandle(rawValue: "@bees")))
        return youtube
    }

    private func list(_ numbers: Range<Int>, on youtube: ScriptedYouTube) throws {
        youtube.lists(
            try numbers.map { number in
                YtDlpListEntry(
                    id: try #require(YouTubeVideoID(rawValue: SampleIDs.video(number))), position: number + 1,
                    title: "Talk \(number)")
            })
    }

    @discardableResult
    private func add(_ library: TestLibrary, limit: Int? = nil) async throws -> YouTubeIntake.AcceptedChannel {
        let accepted = try await library.components.youtube.accept(
            try YouTubeLink("@bees"), limit: limit, requester: "somebody", recipient: nil)
        try await library.components.worker.drain()
        return accepted
    }

    @Test("all of its videos are listed, fetched and indexed; the channel is ready", arguments: TestEngine.allCases)
    func whole(engine: TestEngine) async throws {
        let youtube = try channel(of: 7)
        let library = try await library(youtube, engine)

        let accepted = try await add(library)

        let database = library.components.database
        let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
        #expect(listing.state == .ready && listing.listed == 7 && listing.youtubeID == SampleIDs.channel)
        let report = try await ChannelReport.get(accepted.channel, on: database)
        #expect(report.listed == 7 && report.indexed == 7 && report.open == 0 && report.reasons.isEmpty)
        #expect(try await ArchivedJob.get(accepted.job, on: database)?.state == .completed)
        #expect(youtube.calls.count == 2 + 2 * 7)
    }

    @Test("listed again, nothing is paid for twice, and what is gone is marked", arguments: TestEngine.allCases)
    func again(engine: TestEngine) async throws {
        let youtube = try channel(of: 5)
        let library = try await library(youtube, engine)
        let first = try await add(library)
        youtube[SampleIDs.video(5)] = .init()
        try list(1..<6, on: youtube)
        let calls = youtube.calls.count

        let second = try await add(library)

        #expect(second.channel == first.channel && second.isNew)
        // The list, and the one new video; the handle is known.
        #expect(youtube.calls.count == calls + 1 + 2)
        let report = try await ChannelReport.get(first.channel, on: library.components.database)
        #expect(report.listed == 6 && report.indexed == 6 && report.delisted == 1)
    }

    @Test("partly had is ready, with each reason counted", arguments: TestEngine.allCases)
    func partly(engine: TestEngine) async throws {
        let youtube = try channel(of: 6)
        youtube[SampleIDs.video(1)] = .init(captions: nil)
        youtube[SampleIDs.video(2)] = .init(captions: nil)
        youtube[SampleIDs.video(3)] = .init(failure: YtDlpError(.membersOnly))
        youtube[SampleIDs.video(4)] = .init(failure: YtDlpError(.upcoming, startsAt: Date().addingTimeInterval(9_000)))
        let library = try await library(youtube, engine)

        let accepted = try await add(library)

        let database = library.components.database
        #expect(try await ChannelListing.get(accepted.channel, on: database)?.state == .ready)
        let report = try await ChannelReport.get(accepted.channel, on: database)
        #expect(report.listed == 6 && report.indexed == 2 && report.withoutCaptions == 2)
        #expect(report.unavailable == 1 && report.later == 1 && report.open == 0)
        #expect(report.reasons.first?.videos == 2 && report.reasons.first?.outcome == .noCaptions)
        #expect(report.reasons.count == 3)
        let children = try await ArchivedJob.childrenByState(of: accepted.job, on: database)
        #expect(children[.buried] == nil, "what is not to be had is no failure")
    }

    @Test("of which nothing can be had, it has failed, and says why", arguments: TestEngine.allCases)
    func nothing(engine: TestEngine) async throws {
        let youtube = try channel(of: 2)
        for number in 0..<2 { youtube[SampleIDs.video(number)] = .init(captions: nil) }
        let library = try await library(youtube, engine)
        let accepted = try await add(library)
        let listing = try #require(try await ChannelListing.get(accepted.channel, on: library.components.database))
        #expect(listing.state == .failed)
        #expect(listing.error == "None of its 2 videos could be indexed. Most often: This video has no captions.")
    }

    @Test("an empty list has failed", arguments: TestEngine.allCases)
    func empty(engine: TestEngine) async throws {
        let library = try await library(try channel(of: 0), engine)
        let accepted = try await add(library)
        let listing = try #require(try await ChannelListing.get(accepted.channel, on: library.components.database))
        #expect(listing.state == .failed && listing.error == "The list is empty.")
    }

    @Test("no more than the newest so many", arguments: TestEngine.allCases)
    func limited(engine: TestEngine) async throws {
        let library = try await library(try channel(of: 9), engine)
        let accepted = try await add(library, limit: 3)
        let videos = try await Video.list(
            in: accepted.channel, after: nil, limit: 100, on: library.components.database)
        #expect(Set(videos.map(\.title)) == ["Talk 0", "Talk 1", "Talk 2"])
    }

    @Test(
        "a video that another channel or the library has is linked: same answers, and nothing is asked for",
        arguments: TestEngine.allCases)
    func linked(engine: TestEngine) async throws {
        let youtube = try channel(of: 3)
        let library = try await library(youtube, engine)
        let id = try #require(YouTubeVideoID(rawValue: SampleIDs.video(1)))
        let single = try await library.components.youtube.accept(id, requester: "another")
        try await library.components.worker.drain()

        let accepted = try await add(library)

        let database = library.components.database
        #expect(youtube.calls.count { $0.hasSuffix(id.rawValue) } == 2)
        let videos = try await Video.list(in: accepted.channel, after: nil, limit: 10, on: database)
        let copy = try #require(videos.first { $0.youtubeID == id.rawValue })
        #expect(copy.id != single.video && copy.state == .ready)
        #expect(try await VideoFetch.get(copy.id, on: database)?.outcome == .linked)
        let bodies = try await StoredPassage.all(of: copy.id, on: database).map(\.text)
        #expect(try await bodies == StoredPassage.all(of: single.video, on: database).map(\.text))
        let answer = try await library.ask(
            "What about the direction?", about: .init(channel: accepted.channel.description))
        #expect(answer.text.contains("the angle is the direction"))
    }

    @Test("a question can name it by its handle, whatever the capitals", arguments: TestEngine.allCases)
    func handle(engine: TestEngine) async throws {
        let youtube = try channel(of: 1)
        let library = try await library(youtube, engine)
        let accepted = try await add(library)
        let answer = try await library.ask("Which angle is the direction?", about: .init(channel: "@BeeS"))
        #expect(answer.text.contains("the angle is the direction"))
        let calls = youtube.calls.count
        let again = try await library.components.youtube.accept(try YouTubeLink("@BEES"), requester: "somebody")
        #expect(again.channel == accepted.channel && youtube.calls.count == calls)
    }

    @Test("asked for while it is under way, the job is the same", arguments: TestEngine.allCases)
    func twice(engine: TestEngine) async throws {
        let library = try await library(try channel(of: 2), engine)
        let link = try YouTubeLink("https://www.youtube.com/@bees")
        let first = try await library.components.youtube.accept(link, requester: "one")
        let second = try await library.components.youtube.accept(link, requester: "two")
        #expect(first.job == second.job && first.isNew && !second.isNew)
        let database = library.components.database
        #expect(try await ChannelListing.followed(after: nil, limit: 9, on: database) == [first.channel])
    }

    @Test(
        "a video that somebody removed stays away when the list is read again, until it is asked for by itself",
        arguments: TestEngine.allCases)
    func removed(engine: TestEngine) async throws {
        let youtube = try channel(of: 3)
        let library = try await library(youtube, engine)
        let accepted = try await add(library)
        let database = library.components.database
        let id = try #require(YouTubeVideoID(rawValue: SampleIDs.video(1)))
        let video = try #require(try await Video.find(id.rawValue, on: database))
        _ = try await database.transaction { try await Video.delete(video.id, on: $0) }

        try await add(library)

        let report = try await ChannelReport.get(accepted.channel, on: database)
        #expect(report.listed == 2 && report.indexed == 2 && report.deleted == 1)
        #expect(youtube.calls.count { $0.hasSuffix(id.rawValue) } == 2, "it is not asked for either")

        let again = try await library.components.youtube.accept(id, requester: "somebody")
        try await library.components.worker.drain()
        let back = try #require(try await Video.get(again.video, on: database))
        #expect(back.state == .ready && back.channelID == accepted.channel && back.title == "Talk 1")
        try await add(library)
        let last = try await ChannelReport.get(accepted.channel, on: database)
        #expect(last.listed == 3 && last.indexed == 3 && last.deleted == 0)
    }

    @Test("of which all was removed, it says so; added anew after it was removed itself, all is there again")
    func allRemoved() async throws {
        let library = try await library(try channel(of: 1), .sqlite)
        let accepted = try await add(library)
        let database = library.components.database
        let video = try #require(try await Video.find(SampleIDs.video(0), on: database))
        _ = try await database.transaction { try await Video.delete(video.id, on: $0) }

        try await add(library)

        let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
        #expect(listing.state == .failed && listing.error == "All of its videos were removed here.")
        _ = try await database.transaction { try await Channel.delete(accepted.channel, on: $0) }
        let anew = try await add(library)
        #expect(try await ChannelReport.get(anew.channel, on: database).indexed == 1)
    }

    @Test("deleted while it is gone through, nothing of it is left", arguments: TestEngine.allCases)
    func deleted(engine: TestEngine) async throws {
        let youtube = try channel(of: 3)
        let library = try await library(youtube, engine)
        let accepted = try await library.components.youtube.accept(try YouTubeLink("@bees"), requester: "somebody")
        let database = library.components.database
        _ = try await database.transaction { try await Channel.delete(accepted.channel, on: $0) }
        try await library.components.worker.drain()
        #expect(youtube.calls == ["channel"])
        #expect(try await !Job.isAnyOpen(of: [ListChannelJob.kind, FetchVideoJob.kind], on: database))
    }

    @Test(
        "a video that somebody removes while a page with it is written down stays away",
        .enabled(if: TestEngine.allCases.contains(.postgres), "on SQLite one waits for the other"))
    func removedMeanwhile() async throws {
        let library = try await library(try channel(of: 1), .postgres)
        let channel = try await add(library).channel
        let database = library.components.database
        let video = try #require(try await Video.find(SampleIDs.video(0), on: database))

        let writing = try await database.transaction { tx in
            _ = try await Video.delete(video.id, on: tx)
            let writing = Task.detached {
                try await database.transaction {
                    try await ListedVideo.write(
                        [ListedVideo(youtubeID: SampleIDs.video(0))], in: channel, listing: nil, on: $0)
                }
            }
            try await eventually("the page waits for what becomes of the video") {
                let waiting: SQL =
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                return try await tx.value(waiting, as: Int.self) != 0
            }
            return writing
        }

        #expect(try await writing.value == ListedVideo.Written())
        let report = try await ChannelReport.get(channel, on: database)
        #expect(report.listed == 0 && report.deleted == 1)
    }

    @Test(
        "cancelled before it has begun, it begins when somebody retries it, and not by itself",
        arguments: TestEngine.allCases)
    func cancelledEarly(engine: TestEngine) async throws {
        let library = try await library(try channel(of: 2), engine)
        let database = library.components.database
        let accepted = try await library.components.youtube.accept(try YouTubeLink("@bees"), requester: "somebody")

        #expect(try await library.components.queue.cancel(accepted.job) == .cancelled)

        let listing = try #require(try await ChannelListing.get(accepted.channel, on: database))
        #expect(listing.state == .failed && listing.error == JobQueue.cancelledReason)
        let adopted = try await database.transaction {
            try await ListChannel.adoptOrphans(maximumVideos: 9, limit: 9, on: $0)
        }
        #expect(adopted == 0)
        #expect(try await library.components.queue.retry(accepted.job) == .queued)
        #expect(try await ChannelListing.get(accepted.channel, on: database)?.state == .listing)
        try await library.components.worker.drain()
        #expect(try await ChannelListing.get(accepted.channel, on: database)?.state == .ready)
    }

    @Test("what another library brought along without its job is gone through", arguments: TestEngine.allCases)
    func orphans(engine: TestEngine) async throws {
        let library = try await library(try channel(of: 2), engine)
        let database = library.components.database
        let accepted = try await library.components.youtube.accept(try YouTubeLink("@bees"), requester: "somebody")
        try await database.execute("DELETE FROM jobs WHERE kind = \(ListChannelJob.kind)")

        for expected in [1, 0] {
            let adopted = try await database.transaction {
                try await ListChannel.adoptOrphans(maximumVideos: 9, limit: 9, on: $0)
            }
            #expect(adopted == expected)
        }
        try await library.components.worker.drain()

        #expect(try await ChannelListing.get(accepted.channel, on: database)?.state == .ready)
    }
}
