package import Database
package import Providers

/// Takes links in: finds out what they lead to, writes it down, and leaves the rest to jobs.
package struct YouTubeIntake: Sendable {
    let database: Database
    let fetcher: PoliteFetcher
    let api: YouTubeDataAPI?
    let quota: QuotaKeeper
    /// The most videos of a channel.
    package let maximumVideos: Int
    /// Whether whoever leaves an address is told by mail how a channel ends.
    package let sendsMail: Bool
    let bell: JobBell

    package init(
        database: Database, fetcher: PoliteFetcher, api: YouTubeDataAPI?, quota: QuotaKeeper, maximumVideos: Int,
        sendsMail: Bool, bell: JobBell
    ) {
        self.database = database
        self.fetcher = fetcher
        self.api = api
        self.quota = quota
        self.maximumVideos = maximumVideos
        self.sendsMail = sendsMail
        self.bell = bell
    }

    /// What became of a link to a video.
    package struct AcceptedVideo: Sendable, Hashable {
        package var video: VideoID
        /// The job that works on it, or did last.
        package var job: JobID?
        /// It is searchable already.
        package var isReady: Bool
    }

    /// What became of a link to a channel or list.
    package struct AcceptedChannel: Sendable, Hashable {
        package var channel: ChannelID
        package var job: JobID
        /// The same is under way already.
        package var isNew: Bool
    }

    /// Has a video fetched that is not here yet; one that is here is the answer.
    package func accept(_ id: YouTubeVideoID, requester: String) async throws -> AcceptedVideo {
        let accepted = try await database.transaction(isolation: .serializable, attempts: Ingest.maximumAttempts) {
            tx in
            if let known = try await Video.find(id.rawValue, on: tx), known.state == .ready {
                return AcceptedVideo(video: known.id, job: try await lastJob(of: known.id, on: tx), isReady: true)
            }
            let video = try await VideoFetch.wantSingle(id.rawValue, on: tx)
            if let job = try await lastOpenJob(of: video, on: tx) {
                return AcceptedVideo(video: video, job: job, isReady: false)
            }
            // Its words are here; it was their index that failed.
            let again = try await IndexVideoJob.request(video, requester: requester, priority: .high, on: tx)
            if case .queued(let job) = again { return AcceptedVideo(video: video, job: job, isReady: false) }
            let job = try NewJob(
                FetchVideoJob(video: video), requester: requester, priority: .high,
                maximumAttempts: FetchVideo.maximumAttempts)
            return AcceptedVideo(video: video, job: try await job.enqueue(on: tx).id, isReady: false)
        }
        bell.announce()
        return accepted
    }

    private func lastOpenJob(of video: VideoID, on tx: some SQLRunner) async throws -> JobID? {
        for kind in ChannelWork.videoKinds {
            if let job = try await Job.get(kind, video.description, on: tx) { return job.id }
        }
        return nil
    }

    private func lastJob(of video: VideoID, on tx: some SQLRunner) async throws -> JobID? {
        if let open = try await lastOpenJob(of: video, on: tx) { return open }
        return try await ArchivedJob.last(IndexVideoJob.kind, video.description, on: tx)?.id
    }

    /// Has a channel or list gone through, and keeps it up to date for whoever asked.
    ///
    /// - Parameters:
    ///   - limit: the most videos; no more than `maximumVideos`.
    ///   - recipient: a mail address; nobody is told where `sendsMail` is false.
    /// - Throws: `YouTubeRefusal`, `YouTubeNotNow`, `YtDlpError`, `YouTubeAPIError`, `ProviderError`, `DatabaseError`.
    package func accept(
        _ link: YouTubeLink, limit: Int? = nil, requester: String, recipient: String? = nil
    ) async throws -> AcceptedChannel {
        let found = try await resolve(link)
        let most = min(maximumVideos, limit ?? maximumVideos)
        let accepted = try await database.transaction(isolation: .serializable, attempts: Ingest.maximumAttempts) {
            tx in
            let channel = try await ChannelListing.ensure(
                found.id, title: found.title, handle: found.handle, on: tx)
            try await ChannelListing.follow(channel, owner: requester, on: tx)
            let job = try NewJob(
                ListChannelJob(channel: channel, limit: most, recipient: recipient), requester: requester)
            let enqueued = try await job.enqueue(on: tx)
            return AcceptedChannel(channel: channel, job: enqueued.id, isNew: enqueued.isNew)
        }
        bell.announce()
        return accepted
    }

    private struct Found {
        var id: String
        var title: Title
        var handle: String?

        init(id: String, title: String, handle: String? = nil) {
            self.id = id
            self.title = Title(title) ?? Title(id) ?? .untitled
            self.handle = handle
        }
    }

    /// Which channel or list a link leads to: from the library where it is known, else from YouTube.
    private func resolve(_ link: YouTubeLink) async throws -> Found {
        if let known = try await known(link) { return known }
        do {
            return try await asked(link)
        } catch YouTubeAPIError.quotaExceeded(let reset) {
            try await quota.exhaust()
            throw YouTubeAPIError.quotaExceeded(resetsAt: reset)
        }
    }

    private func known(_ link: YouTubeLink) async throws -> Found? {
        let channel: Channel?
        switch link {
        case .channel(let id): channel = try await Channel.find(id.rawValue, on: database)
        case .playlist(let id): channel = try await Channel.find(id.rawValue, on: database)
        case .handle(let handle): channel = try await ChannelListing.channel(handle: handle.rawValue, on: database)
        case .video, .user, .customName: channel = nil
        }
        return channel.flatMap { channel in channel.youtubeID.map { Found(id: $0, title: channel.title) } }
    }

    private func asked(_ link: YouTubeLink) async throws -> Found {
        switch link {
        case .video: throw YouTubeRefusal.noChannel
        case .playlist(let id):
            guard let api else { return Found(id: id.rawValue, title: "Playlist \(id)") }
            guard let list = try await api.playlist(id) else { throw YouTubeRefusal.notFound }
            return Found(id: id.rawValue, title: list.title)
        case .channel(let id): return try await channel(.id(id), link)
        case .handle(let handle): return try await channel(.handle(handle), link)
        case .user(let name): return try await channel(.user(name), link)
        case .customName: return try await channelByYtDlp(link)
        }
    }

    private func channel(_ reference: YouTubeChannelReference, _ link: YouTubeLink) async throws -> Found {
        guard let api else { return try await channelByYtDlp(link) }
        guard let channel = try await api.channel(reference) else { throw YouTubeRefusal.notFound }
        return Found(id: channel.id.rawValue, title: channel.title, handle: channel.handle?.rawValue)
    }

    private func channelByYtDlp(_ link: YouTubeLink) async throws -> Found {
        let channel = try await fetcher.channel(link)
        return Found(id: channel.id.rawValue, title: channel.title, handle: channel.handle?.rawValue)
    }
}

/// A link that leads to nothing that could be taken in.
package enum YouTubeRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case notFound
    /// A link to a video where one to a channel was expected.
    case noChannel

    package var description: String {
        switch self {
        case .notFound: "YouTube has no such channel or list, or it is private."
        case .noChannel: "This is a link to a video; expected one to a channel or a playlist."
        }
    }
}
