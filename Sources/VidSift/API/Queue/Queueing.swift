internal import Database
internal import Hummingbird

/// What a client wants to have indexed.
private struct QueueVideoRequest: Decodable {
    var videoId: String
    var priority: String?
}

private struct QueueChannelRequest: Decodable {
    var channelId: String
    var priority: String?
}

extension API {
    /// Videos of a channel that are queued in one transaction.
    private static let videosAtATime = 100

    /// `POST /api/queue/video`: has a known video indexed again; one of YouTube whose words could not be had, fetched.
    func queueVideo(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(QueueVideoRequest.self)
        let priority = try Self.priority(body.priority)
        let video = try await video(Self.given(body.videoId, as: "videoId"))
        let reindexed = try await database.transaction(attempts: Job.conflictAttempts) { tx in
            try await Self.request(video.id, requester: context.caller.id, priority: priority, on: tx)
        }
        queue.wake()
        switch reindexed {
        case .queued(let id): return try await queued(id, message: "The video is queued.")
        case .alreadyQueued(let id): return try await queued(id, isNew: false, message: "The video is queued already.")
        case .nothingToIndex: throw try await nothingToIndex(video.id)
        }
    }

    private func nothingToIndex(_ video: VideoID) async throws -> Problem {
        guard try await Recording.get(video, on: database)?.stage == .failed else {
            return .conflict("This video has no transcript that could be indexed.")
        }
        return .conflict("The sound of this recording is no longer kept: add its file again.")
    }

    /// `POST /api/queue/channel`: has the known videos of a channel indexed again; those of YouTube whose words could not
    /// be had, fetched. `POST /api/channels/process` looks for new ones.
    func queueChannel(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let body = try await request.json(QueueChannelRequest.self)
        let priority = try Self.priority(body.priority)
        let channel = try await channel(Self.given(body.channelId, as: "channelId"))
        let result = try await reindex(channel.id, requester: context.caller.id, priority: priority)
        queue.wake()
        guard let first = result.added.first ?? result.known.first else {
            throw Problem.conflict("This channel has no video with a transcript that could be indexed.")
        }
        let counts = (result.added.count, result.known.count)
        guard counts.0 > 0 else {
            return try await queued(
                first, isNew: false, message: "All videos of the channel are queued already.", videos: counts)
        }
        return try await queued(first, message: "\(counts.0) videos of the channel are queued.", videos: counts)
    }

    private func reindex(
        _ channel: ChannelID, requester: String, priority: JobPriority?
    ) async throws -> (added: [JobID], known: [JobID]) {
        var (added, known): ([JobID], [JobID]) = ([], [])
        var cursor: VideoID?
        while true {
            let videos = try await Video.list(in: channel, after: cursor, limit: Self.videosAtATime, on: database)
            let results = try await database.transaction(attempts: Job.conflictAttempts) { tx in
                var results: [Reindexed] = []
                for video in videos {
                    results.append(
                        try await Self.request(video.id, requester: requester, priority: priority, on: tx))
                }
                return results
            }
            for result in results {
                switch result {
                case .queued(let id): added.append(id)
                case .alreadyQueued(let id): known.append(id)
                case .nothingToIndex: break  // Without a transcript, or removed meanwhile.
                }
            }
            guard videos.count == Self.videosAtATime else { return (added, known) }
            cursor = videos.last?.id
        }
    }

    /// Has a video indexed again, or fetched, where there is nothing yet that could be indexed; a recording that waits to
    /// be listened to has its job.
    private static func request(
        _ video: VideoID, requester: String, priority: JobPriority?, on tx: some SQLRunner
    ) async throws -> Reindexed {
        let indexed = try await IndexVideoJob.request(video, requester: requester, priority: priority, on: tx)
        guard indexed == .nothingToIndex else { return indexed }
        if let job = try await Recording.request(video, requester: requester, priority: priority, on: tx) {
            return Reindexed(job)
        }
        guard let fetch = try await VideoFetch.get(video, on: tx), !fetch.outcome.hasWords else { return indexed }
        try await VideoFetch.wantAgain(video, on: tx)
        let job = try NewJob(
            FetchVideoJob(video: video), requester: requester, priority: priority ?? .normal,
            maximumAttempts: FetchVideo.maximumAttempts)
        return Reindexed(try await job.enqueue(on: tx))
    }

    private func queued(
        _ id: JobID, isNew: Bool = true, message: String, videos: (queued: Int, known: Int)? = nil
    ) async throws -> Response {
        let item = try await queueItem(id)
        return .json { json in
            json.field("success", isNew)
            json.field("message", message)
            if let videos {
                json.field("queued", videos.queued)
                json.field("alreadyQueued", videos.known)
            }
            json.key("queueItem")
            // Nil only when it has ended and been forgotten since.
            if let item { item.write(to: &json) } else { json.null() }
        }
    }

    private static func given(_ reference: String, as name: String) throws -> String {
        guard !reference.isEmpty, !reference.utf8.contains(0) else { throw Problem.invalid("\(name): expected an id.") }
        return reference
    }

    private static func priority(_ name: String?) throws -> JobPriority? {
        guard let name else { return nil }
        guard let priority = JobPriority(name: name) else {
            throw Problem.invalid("priority: expected low, normal or high, found \(name.quotedForPeople).")
        }
        return priority
    }
}

extension Reindexed {
    fileprivate init(_ job: Enqueued) {
        self =
            switch job {
            case .added(let id): .queued(id)
            case .alreadyThere(let id): .alreadyQueued(id)
            }
    }
}
