import Database
import Foundation

@testable import VidSift

/// What is known of YouTube in a large library, and the statements that run on it all day.
enum LargeYouTube {
    private static let job: JobID = LargeLibrary.id(8, 1)

    static func fill(_ db: Database) async throws {
        let now = Date().sqlValue
        // A few videos in a thousand are wanted.
        try await db.insert(
            into: "video_fetches", columns: ["video_id", "outcome", "listing", "updated_at"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                let outcome = number.isMultiple(of: 400) ? "wanted" : "captions"
                return [LargeLibrary.video(number).sqlValue, outcome.sqlValue, job.sqlValue, now]
            })
        try await db.execute("UPDATE videos SET youtube_id = source_id")
        try await db.insert(
            into: "deleted_videos", columns: ["channel_id", "youtube_id", "deleted_at"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                [LargeLibrary.channel(number % LargeLibrary.channels).sqlValue, "gone-\(number)".sqlValue, now]
            })
        try await db.insert(
            into: "list_pages", columns: ["channel_id", "token", "etag", "videos", "listing"],
            rows: (0..<LargeLibrary.rows).lazy.map { number in
                [
                    LargeLibrary.channel(number % LargeLibrary.channels).sqlValue, "page-\(number)".sqlValue,
                    "mark".sqlValue, "stem-4 stem-5".sqlValue, job.sqlValue,
                ]
            })
        let channels = (0..<LargeLibrary.channels).lazy.filter { $0.isMultiple(of: 2) }.map(LargeLibrary.channel)
        try await db.insert(
            into: "channel_listings",
            columns: ["channel_id", "handle", "state", "job_id", "created_at", "updated_at"],
            rows: channels.map { [$0.sqlValue, "@\($0)".sqlValue, "ready".sqlValue, job.sqlValue, now, now] })
        try await db.insert(
            into: "channel_followers", columns: ["channel_id", "owner", "since"],
            rows: channels.enumerated().lazy.flatMap { number, channel in
                (0..<100).map { [channel.sqlValue, "owner-\((number + $0 * 7) % 1_000)".sqlValue, now] }
            })
    }

    static func runStatements(on db: some SQLRunner) async throws {
        let (channel, video) = (LargeLibrary.channel(4), LargeLibrary.video(7))
        _ = try await ChannelListing.get(channel, on: db)
        _ = try await ChannelListing.channel(handle: "@\(channel)", on: db)
        _ = try await ChannelListing.followed(after: channel, limit: 200, on: db)
        _ = try await ChannelListing.orphans(limit: 100, on: db)
        _ = try await ChannelListing.followed(after: nil, limit: 200, on: db)
        for owner in ["somebody", "somebody", "owner-7"] {
            try await ChannelListing.follow(channel, owner: owner, on: db)
        }
        try await ChannelListing.begin(job, of: channel, on: db)
        try await ChannelListing.restart(job, of: channel, on: db)
        try await ChannelListing.turnPage(of: channel, job: job, next: "t", listed: 50, on: db)
        try await ChannelListing.settle(channel, job: job, as: .ready, error: nil, on: db)
        try await ChannelListing.markChecked(channel, etag: nil, modified: nil, on: db)
        let page = try await StoredListPage.get("page-4", of: channel, on: db)
        try await page?.keep("page-4", of: channel, readBy: job, on: db)
        try await StoredListPage.forget(of: channel, unreadBy: job, on: db)
        _ = try await ChannelReport.get(channel, on: db)
        _ = try await ListedVideo.known(["stem-4", "stem-5"], in: channel, on: db)
        _ = try await ListedVideo.markDelisted(in: channel, notSeenBy: job, on: db)
        let listed = [ListedVideo(youtubeID: "stem-2004"), ListedVideo(youtubeID: "new-one")]
        _ = try await ListedVideo.write(listed, in: channel, listing: job, on: db)
        _ = try await VideoFetch.get(video, on: db)
        _ = try await VideoFetch.isWanted(video, in: db)
        _ = try await VideoFetch.twin(of: video, on: db)
        _ = try await VideoFetch.want(video, on: db)
        try await VideoFetch.wantAgain(video, on: db)
        _ = try await VideoFetch.wantSingle("stem-9", on: db)
        try await VideoFetch.record(.noCaptions, "none", of: video, on: db)
        _ = try await VideoFetch.orphans(limit: 100, on: db)
        _ = try await VideoFetch.countGivenUp(on: db)
        try await DeletedVideo.remember(video, on: db)
        _ = try await DeletedVideo.among(["gone-4", "stem-5"], in: channel, on: db)
        _ = try await DeletedVideo.forget("gone-4", on: db)
        _ = try await VideoIndex.copy(from: video, to: LargeLibrary.video(8), in: LargeLibrary.channel(8), on: db)
    }
}
