package import Database
internal import Foundation
package import Logging
internal import Providers

/// Goes through a channel's list, has the words of its videos fetched, and says in the end what came of it.
///
/// Each page is written in one transaction with the jobs that it makes and the place where the list goes on; a listing
/// that was interrupted goes on there. The job then waits for its children.
package struct ListChannel: Sendable {
    /// What became of a channel.
    package struct Settlement: Sendable, Hashable {
        package var channel: Channel
        package var report: ChannelReport
        /// Why nothing of it is searchable; nil where something is.
        package var failure: String?
        package var requester: String
        package var recipient: String?
        package var job: JobID
    }

    /// How many pages of a list may be asked for beyond those that the videos fill.
    private static let sparePages = 10
    /// Videos that are written in one transaction.
    static let videosAtATime = 50
    /// How long the end of work is waited for that is not this job's own.
    static let pauseForOthers = Duration.seconds(5)
    static let pauseForOwner = Duration.seconds(600)

    let database: Database
    let pages: ChannelPages
    let quota: QuotaKeeper
    /// Runs in the transaction that ends the job.
    let onSettled: @Sendable (Settlement, Transaction) async throws -> Void
    /// Runs in the transaction that puts the job back to work.
    let onReopened: @Sendable (JobID, ChannelID, Transaction) async throws -> Void
    let logger: Logger

    package init(
        database: Database, pages: ChannelPages, quota: QuotaKeeper, logger: Logger,
        onSettled: @escaping @Sendable (Settlement, Transaction) async throws -> Void = { _, _ in },
        onReopened: @escaping @Sendable (JobID, ChannelID, Transaction) async throws -> Void = { _, _, _ in }
    ) {
        self.database = database
        self.pages = pages
        self.quota = quota
        self.onSettled = onSettled
        self.onReopened = onReopened
        self.logger = logger
    }

    /// Gives channels whose listing has not come to its end their jobs, where they have none.
    ///
    /// - Parameters:
    ///   - maximumVideos: the most videos of each.
    ///   - limit: of channels.
    /// - Returns: how many were missing.
    package static func adoptOrphans(maximumVideos: Int, limit: Int, on tx: some SQLRunner) async throws -> Int {
        let orphans = try await ChannelListing.orphans(limit: limit, on: tx)
        let jobs = try orphans.map {
            try NewJob(ListChannelJob(channel: $0, limit: maximumVideos), priority: .low)
        }
        return try await NewJob.enqueue(jobs, on: tx)
    }

    /// The handler of `ListChannelJob`.
    package func callAsFunction(_ job: ListChannelJob, _ running: RunningJob) async throws -> JobOutcome {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            guard try await running.isHeld(in: tx) else { throw LeaseLost(name: running.job.description) }
            try await ChannelListing.begin(running.job.id, of: job.channel, on: tx)
        }
        var tokens: Set<String> = []
        do {
            while let listing = try await ChannelListing.get(job.channel, on: database) {
                guard listing.jobID == running.job.id, listing.state == .listing else {
                    return try await conclude(job, running)
                }
                try await turnPage(listing, job, running, &tokens)
            }
            // The channel was deleted.
            return .done
        } catch YouTubeAPIError.quotaExceeded(let reset) {
            try await quota.exhaust()
            return .sleep(
                until: .after(.seconds(max(1, reset.timeIntervalSinceNow))),
                reason: YouTubeAPIError.quotaExceeded(resetsAt: reset).description)
        } catch let error as YouTubeNotNow {
            return .sleep(until: .after(error.after), reason: error.reason)
        } catch let error as YouTubeAPIError {
            return .buried(reason: error.description)
        } catch let error as EndlessList {
            return .buried(reason: error.description)
        } catch let error as YtDlpError {
            switch error.outcome {
            case .permanent: return .buried(reason: error.reason)
            case .ownersTurn: return .sleep(until: .after(Self.pauseForOwner), reason: error.reason)
            case .passing, .blocked, .notYet: return .retry(after: nil, reason: error.reason)
            }
        } catch let error as ProviderError {
            guard error.isRetryable else { return .buried(reason: error.description) }
            return .retry(after: error.retryAfter, reason: error.description)
        }
    }

    /// The most pages that are asked for: entries that are no videos take places of their own, and a list that changes
    /// while it is read is read again.
    static func mostPages(of videos: Int) -> Int { 2 * (videos / YouTubeDataAPI.pageSize + 1) + sparePages }

    /// - Parameter tokens: those of the pages since the beginning of this attempt.
    private func turnPage(
        _ listing: ChannelListing, _ job: ListChannelJob, _ running: RunningJob, _ tokens: inout Set<String>
    ) async throws {
        guard listing.pages < Self.mostPages(of: job.limit) else { throw EndlessList.pages(listing.pages) }
        if let token = listing.pageToken, !tokens.insert(token).inserted { throw EndlessList.circle }
        guard let list = ListedChannel(youtubeID: listing.youtubeID) else {
            throw YouTubeAPIError.channelNotFound
        }
        let token = listing.pageToken
        let page: ChannelPages.Page
        do {
            page = try await pages.page(
                of: list, after: token, maximum: max(1, job.limit - listing.listed),
                unless: try await StoredListPage.get(token, of: job.channel, on: database))
        } catch YouTubeAPIError.pageTokenRefused where token != nil {
            tokens = []
            return try await writing(running) { tx in
                try await ChannelListing.restart(running.job.id, of: job.channel, on: tx)
                // A page that has not changed would lead there again.
                try await StoredListPage.forget(of: job.channel, on: tx)
            }
        }
        var rest = page.videos[...]
        repeat {
            let videos = Array(rest.prefix(Self.videosAtATime))
            rest = rest.dropFirst(videos.count)
            let isLast = rest.isEmpty
            try await writing(running) { tx in
                try await write(videos, of: job, running, on: tx)
                guard isLast else { return }
                try await ChannelListing.turnPage(
                    of: job.channel, job: running.job.id, next: page.next,
                    listed: listing.listed + page.videos.count, on: tx)
                try await page.known?.keep(token, of: job.channel, readBy: running.job.id, on: tx)
                guard page.next == nil else { return }
                try await StoredListPage.forget(of: job.channel, unreadBy: running.job.id, on: tx)
                if listing.listed + page.videos.count < job.limit {
                    _ = try await ListedVideo.markDelisted(in: job.channel, notSeenBy: running.job.id, on: tx)
                }
            }
        } while !rest.isEmpty
    }

    private func write(
        _ videos: [ListedVideo], of job: ListChannelJob, _ running: RunningJob, on tx: Transaction
    ) async throws {
        let written = try await ListedVideo.write(videos, in: job.channel, listing: running.job.id, on: tx)
        let (requester, priority) = (running.job.requester, running.job.priority)
        let fetches = try written.wanted.map { video in
            try NewJob(
                FetchVideoJob(video: video), requester: requester, priority: priority,
                maximumAttempts: FetchVideo.maximumAttempts, parentID: running.job.id)
        }
        try await NewJob.enqueue(fetches, on: tx)
        try await NewJob.enqueue(try written.awaits(requester: requester), on: tx)
    }

    private func writing(_ running: RunningJob, _ body: @Sendable (Transaction) async throws -> Void) async throws {
        try await database.transaction(attempts: Job.conflictAttempts) { tx in
            guard try await running.isHeld(in: tx) else { throw LeaseLost(name: running.job.description) }
            try await body(tx)
        }
    }

    /// The list is written down: waits for its videos, then says what came of them.
    private func conclude(_ job: ListChannelJob, _ running: RunningJob) async throws -> JobOutcome {
        if try await Job.get(running.job.id, on: database)?.openChildren ?? 0 > 0 {
            return .sleep(until: .childrenEnded)
        }
        if try await ChannelWork.get(job.channel, on: database).open > 0 {
            return .sleep(
                until: .after(Self.pauseForOthers), reason: "It waits for videos that somebody else wants, too.")
        }
        _ = try await running.completing(on: database) { tx -> Bool? in
            try await settle(job, running.job, failure: nil, on: tx)
            try await running.complete(in: tx)
            return true
        }
        return .done
    }

    /// Ends the listing of a job that is given up or cancelled; what was indexed goes on serving.
    package func giveUp(_ job: Job, because reason: String, on tx: Transaction) async throws {
        guard let payload = try? ListChannelJob.decode(job) else { return }
        try await settle(payload, job, failure: reason, on: tx)
    }

    /// Has the list gone through from the beginning when the job of it is put back to work.
    package func reopen(_ job: ArchivedJob, on tx: Transaction) async throws {
        guard let channel = ChannelID(job.subject) else { return }
        try await ChannelListing.reopen(channel, for: job.id, on: tx)
        try await onReopened(job.id, channel, tx)
    }

    /// - Parameter failure: nil: whether it has failed is for its videos to say.
    private func settle(_ payload: ListChannelJob, _ job: Job, failure: String?, on tx: Transaction) async throws {
        guard let channel = try await Channel.find(payload.channel.description, on: tx) else { return }
        let report = try await ChannelReport.get(payload.channel, on: tx)
        let error = failure ?? report.failure
        try await ChannelListing.settle(
            payload.channel, job: job.id, as: error == nil ? .ready : .failed, error: error, on: tx)
        try await onSettled(
            Settlement(
                channel: channel, report: report, failure: error, requester: job.requester,
                recipient: payload.recipient, job: job.id), tx)
    }
}

/// A list that does not come to its end. What was found before stays.
private enum EndlessList: Error, CustomStringConvertible {
    /// A page leads to one that was there before.
    case circle
    case pages(Int)

    var description: String {
        switch self {
        case .circle: "YouTube's pages of the list lead round in a circle: it can't be read to its end."
        case .pages(let count): "After \(count) pages YouTube's list has no end: no more of it is read."
        }
    }
}

extension ChannelReport {
    /// Why a channel of which nothing is searchable has failed; nil where something is.
    var failure: String? {
        guard indexed == 0 else { return nil }
        guard listed > 0 else { return deleted > 0 ? "All of its videos were removed here." : "The list is empty." }
        let most = reasons.first.map { " Most often: \($0.reason)" } ?? ""
        return later == listed
            ? "None of its \(listed) videos can be had yet.\(most)"
            : "None of its \(listed) videos could be indexed.\(most)"
    }
}

extension ListedVideo.Written {
    /// The jobs that put videos to work when their time has come.
    func awaits(requester: String) throws -> [NewJob] {
        try later.map { video, date in
            let wait = date.map { Duration.seconds(max(0, $0.timeIntervalSinceNow)) } ?? .zero
            return try NewJob(
                AwaitVideoJob(video: video), requester: requester, priority: .low,
                delay: wait + FetchVideo.pauseForBroadcast)
        }
    }
}
