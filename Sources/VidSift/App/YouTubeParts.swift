internal import Database
internal import Logging
internal import Providers

/// What asks YouTube, wired.
struct YouTubeParts: Sendable {
    let fetcher: PoliteFetcher
    let intake: YouTubeIntake
    private let api: YouTubeDataAPI?
    private let feed: YouTubeFeed
    private let quota: QuotaKeeper
    private let transcription: (any TranscriptionModel)?
    var hasTranscriber: Bool { transcription != nil }
    private var transcriber: SpeechTranscriber? { transcription.map { SpeechTranscriber($0) } }

    /// - Parameters:
    ///   - source: nil is yt-dlp as the settings have it.
    ///   - transcription: nil is the endpoint that the settings have, if any.
    init(
        _ settings: Settings, _ database: Database, _ source: (any YouTubeSource)?,
        _ transcription: (any TranscriptionModel)?, _ bell: JobBell, _ logger: Logger
    ) {
        self.transcription = transcription ?? settings.transcription.map { EndpointTranscriptionModel($0) }
        let youtube = settings.youtube
        quota = QuotaKeeper(database: database, dailyUnits: youtube.dailyUnits)
        api = youtube.dataAPI(gate: quota)
        feed = youtube.feed()
        fetcher = PoliteFetcher(
            database: database, source: source ?? youtube.ytDlp(), limits: youtube.limits, parallel: youtube.parallel,
            folder: settings.storage.folder, logger: logger)
        intake = YouTubeIntake(
            database: database, fetcher: fetcher, api: api, quota: quota, maximumVideos: youtube.maximumVideos,
            sendsMail: settings.notices.mail != nil, bell: bell)
    }

    /// What a worker does about YouTube.
    func bindings(
        _ settings: Settings, _ database: Database, _ notices: Notices, _ logger: Logger
    ) -> [JobBinding] {
        let list = ListChannel(
            database: database, pages: ChannelPages(fetcher: fetcher, api: api), quota: quota, logger: logger,
            onSettled: { settlement, tx in
                // Whoever cancels something knows.
                guard settlement.failure != JobQueue.cancelledReason else { return }
                try await notices.enqueue(ChannelNotice(settlement), recipient: settlement.recipient, on: tx)
            },
            onReopened: { job, channel, tx in try await notices.forget(job, of: channel, on: tx) })
        let fetch = FetchVideo(
            database: database, fetcher: fetcher, languages: settings.captionLanguages,
            transcribes: transcriber != nil, logger: logger)
        let awaitVideo = AwaitVideo(database: database)
        let check = NewVideos(
            database: database, fetcher: fetcher, feed: feed, maximumVideos: settings.youtube.maximumVideos,
            logger: logger)
        let listen = transcriber.map { transcriber in
            TranscribeVideo(database: database, fetcher: fetcher, transcriber: transcriber, logger: logger)
        }
        return [
            JobBinding(
                ListChannelJob.self, slots: 2, policy: Self.patience,
                onBuried: { job, reason, tx in try await list.giveUp(job, because: reason, on: tx) },
                onRedriven: { job, tx in try await list.reopen(job, on: tx) }
            ) { try await list($0, $1) },
            JobBinding(
                FetchVideoJob.self, slots: settings.youtube.parallel, timeLimit: Self.fetchTimeLimit,
                policy: Self.patience, onBuried: Self.giveUp, onRedriven: Self.wantAgain
            ) { try await fetch($0, $1) },
            JobBinding(
                TranscribeVideoJob.self, timeLimit: Self.transcriptionTimeLimit, policy: Self.patience,
                onBuried: { job, reason, tx in
                    guard let video = VideoID(job.subject) else { return }
                    try await Recording.bury(video, error: reason, since: job.startedAt, on: tx)
                    try await VideoFetch.giveUp(video, reason, on: tx)
                }, onRedriven: Self.wantAgain
            ) { job, running in
                guard let listen else {
                    return .sleep(until: .after(Self.pauseWithoutTranscriber), reason: "No transcriber is configured.")
                }
                return try await listen(job, running)
            },
            JobBinding(AwaitVideoJob.self, slots: 2) { try await awaitVideo($0, $1) },
            JobBinding(CheckChannelJob.self, slots: 1, policy: Self.patience, isArchived: false) {
                try await check($0, $1)
            },
        ]
    }

    private static let giveUp: @Sendable (Job, String, Transaction) async throws -> Void = { job, reason, tx in
        guard let video = VideoID(job.subject) else { return }
        try await VideoFetch.giveUp(video, reason, on: tx)
    }

    private static let wantAgain: @Sendable (ArchivedJob, Transaction) async throws -> Void = { job, tx in
        guard let video = VideoID(job.subject) else { return }
        try await VideoFetch.wantAgain(video, on: tx)
    }

    /// A recording of hours, at the speed of a transcriber on the same machine.
    private static let transcriptionTimeLimit = Duration.seconds(12 * 3_600)
    /// Somebody may have switched it off for a while.
    private static let pauseWithoutTranscriber = Duration.seconds(3_600)
    /// Whatever stands in YouTube's way passes in minutes or hours, not in seconds. And where processes end again and
    /// again, it is hardly because of a video, which takes seconds or minutes in a process of its own (yt-dlp), so that
    /// whatever kills the server hits the same ones each time.
    private static let patience = RetryPolicy(
        first: .seconds(60), longest: .seconds(6 * 3_600), maximumCrashes: 30)
    /// yt-dlp has shorter limits of its own, each with a wait for its turn before it.
    private static let fetchTimeLimit = Duration.seconds(1_800)

    /// Removes what runs of yt-dlp have left that ended with their process.
    func removeLeftovers() {
        guard let ytDlp = fetcher.source as? YtDlp else { return }
        _ = ytDlp.removeLeftovers()
    }

    /// Closes the connections.
    func close() async {
        await api?.close()
        await feed.close()
        await transcription?.close()
    }
}

extension ChannelNotice {
    fileprivate init(_ settlement: ListChannel.Settlement) {
        self.init(
            channel: settlement.channel, report: settlement.report, failure: settlement.failure, job: settlement.job,
            requester: settlement.requester)
    }
}
