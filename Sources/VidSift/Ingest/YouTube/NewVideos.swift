package import Database
internal import Foundation
package import Logging
package import Providers

/// Looks for new videos of the channels that somebody follows, in their feeds, which cost no units.
package struct NewVideos: Sendable {
    /// How often each channel is looked at.
    package static let period = Duration.seconds(6 * 3_600)
    /// The looks of a round are spread over this part of it.
    private static let spread = 0.9
    /// Channels whose jobs are written in one transaction.
    private static let channelsAtATime = 200

    let database: Database
    let fetcher: PoliteFetcher
    let feed: YouTubeFeed
    /// The most videos of a channel that are listed when its feed has lost sight of some.
    let maximumVideos: Int
    let logger: Logger

    package init(database: Database, fetcher: PoliteFetcher, feed: YouTubeFeed, maximumVideos: Int, logger: Logger) {
        self.database = database
        self.fetcher = fetcher
        self.feed = feed
        self.maximumVideos = maximumVideos
        self.logger = logger
    }

    /// Begins a round: one look at each followed channel, spread over the period.
    ///
    /// - Returns: how many looks were written down.
    package static func beginRound(on database: Database) async throws -> Int {
        var (cursor, total): (ChannelID?, Int) = (nil, 0)
        while true {
            let channels = try await ChannelListing.followed(after: cursor, limit: channelsAtATime, on: database)
            total += try await database.transaction(attempts: Job.conflictAttempts) { tx in
                try await NewJob.enqueue(
                    try channels.map { channel in
                        try NewJob(
                            CheckChannelJob(channel: channel), priority: .low,
                            delay: period * (spread * .random(in: 0..<1)), maximumAttempts: 3)
                    }, on: tx)
            }
            guard channels.count == channelsAtATime else { return total }
            cursor = channels.last
        }
    }

    /// The handler of `CheckChannelJob`.
    package func callAsFunction(_ job: CheckChannelJob, _ running: RunningJob) async throws -> JobOutcome {
        guard let listing = try await ChannelListing.get(job.channel, on: database),
            let list = ListedChannel(youtubeID: listing.youtubeID)
        else { return .done }
        let known = YouTubeValidators(etag: listing.feedETag, lastModified: listing.feedModified)
        do {
            let answer = try await fetcher.asking(PoliteFetcher.requestsForFeed) {
                try await feed.entries(of: list.feed, unless: known == YouTubeValidators() ? nil : known)
            }
            switch answer {
            case .unchanged: try await write([], known, of: job, running)
            case .fetched(let document, let validators):
                try await write(document.entries.map(ListedVideo.init), validators, of: job, running)
            }
            return .done
        } catch let error as YouTubeNotNow {
            return .sleep(until: .after(error.after), reason: error.reason)
        } catch let error as ProviderError {
            guard error.isRetryable else { return .buried(reason: error.description) }
            return .retry(after: error.retryAfter, reason: error.description)
        } catch YouTubeFeedError.notFound {
            // No proof that the channel is gone, and nothing to give up: the next round looks again.
            logger.notice("a channel has no feed at the moment", metadata: ["channel": "\(job.channel)"])
            return .done
        }
    }

    private func write(
        _ videos: [ListedVideo], _ validators: YouTubeValidators, of job: CheckChannelJob, _ running: RunningJob
    ) async throws {
        _ = try await running.completing(on: database) { tx -> Bool? in
            let ids = videos.map(\.youtubeID)
            let there = try await ListedVideo.known(ids, in: job.channel, on: tx)
            let new = videos.filter { !there.contains($0.youtubeID) }
            if !new.isEmpty, new.count == videos.count {
                // The feed has the newest only: there may be more.
                let listing = ListChannelJob(channel: job.channel, limit: maximumVideos)
                _ = try await NewJob(listing, priority: .low).enqueue(on: tx)
            } else {
                let written = try await ListedVideo.write(new, in: job.channel, listing: nil, on: tx)
                for video in written.wanted {
                    _ = try await NewJob(
                        FetchVideoJob(video: video), priority: .low, maximumAttempts: FetchVideo.maximumAttempts
                    ).enqueue(on: tx)
                }
            }
            try await ChannelListing.markChecked(
                job.channel, etag: validators.etag, modified: validators.lastModified, on: tx)
            try await running.complete(in: tx)
            if !new.isEmpty {
                logger.info("new videos", metadata: ["channel": "\(job.channel)", "videos": "\(new.count)"])
            }
            return true
        }
    }
}

extension ListedChannel {
    var feed: YouTubeFeed.Source {
        switch self {
        case .channel(let id): .channel(id)
        case .playlist(let id): .playlist(id)
        }
    }
}
