package import Database
package import Logging
internal import Providers

/// Asks YouTube no faster than all instances together may, and not at all for a while after it has refused.
package struct PoliteFetcher: Sendable {
    /// Requests that yt-dlp makes for a video's description: its page, the player's program, and two players' answers.
    static let requestsForInformation = 4
    static let requestsForCaptions = 1
    static let requestsForVideo = requestsForInformation + requestsForCaptions
    static let requestsForFeed = 1
    /// Entries of a list that one request brings.
    static let entriesOfARequest = 100

    let database: Database
    let source: any YouTubeSource
    package let limits: YouTubePace.Limits
    let slots: YouTubeSlots
    let clock: any Clock<Duration>
    let logger: Logger

    /// - Parameters:
    ///   - parallel: how many runs of yt-dlp there are at a time, all instances together.
    ///   - folder: the library's folder, where it is kept in one.
    package init(
        database: Database, source: any YouTubeSource, limits: YouTubePace.Limits = YouTubePace.Limits(),
        parallel: Int = 1, folder: String? = nil, clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.database = database
        self.source = source
        self.limits = limits
        slots = YouTubeSlots(parallel, database: database, folder: folder, logger: logger)
        self.clock = clock
        self.logger = logger
    }

    /// - Throws: `YouTubeNotNow`, `YtDlpError`, `DatabaseError`; so do all calls.
    func information(of video: YouTubeVideoID) async throws -> YtDlpVideo {
        try await running(Self.requestsForInformation) { try await source.information(of: video) }
    }

    func captions(of video: YtDlpVideo, languages: [String]) async throws -> Providers.CaptionFile {
        try await running(Self.requestsForCaptions) {
            try await source.captions(of: video, languages: languages, allowsTranslations: false)
        }
    }

    func audio(of video: YouTubeVideoID, into folder: String, maximumBytes: Int) async throws -> DownloadedAudio {
        try await running(Self.requestsForInformation) {
            try await source.audio(of: video, into: folder, maximumBytes: maximumBytes) { _ in }
        }
    }

    func channel(_ link: YouTubeLink) async throws -> YtDlpChannel {
        try await running(Self.requestsForInformation) { try await source.channel(link) }
    }

    /// The entries of a list, at most so many.
    func list(_ list: YtDlpList, maximum: Int) async throws -> [YtDlpListEntry] {
        try await running(2 + maximum / Self.entriesOfARequest) {
            let entries = ListedEntries()
            _ = try await source.list(list, maximum: maximum) { await entries.add($0) }
            return await entries.all
        }
    }

    private actor ListedEntries {
        private(set) var all: [YtDlpListEntry] = []
        func add(_ entry: YtDlpListEntry) { all.append(entry) }
    }

    /// Makes requests once they are permitted, and remembers what YouTube thinks of that.
    ///
    /// - Throws: `YouTubeNotNow`, what the closure throws, `DatabaseError`.
    func asking<Answer: Sendable>(_ requests: Int, _ ask: () async throws -> Answer) async throws -> Answer {
        try await remembering(try await permission(for: requests), ask)
    }

    /// Does the same with a run of yt-dlp, of which there are only so many at a time.
    private func running<Answer: Sendable>(
        _ requests: Int, _ run: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        while true {
            // First, so that nobody holds a slot while it waits for its turn.
            let blocks = try await permission(for: requests)
            let answer = try await slots.withSlot(clock) { () -> Answer? in
                // Whoever had the slot before may have been refused.
                guard try await YouTubePace.get(on: database).blocks == blocks else { return nil }
                return try await remembering(blocks, run)
            }
            if let answer = answer ?? nil { return answer }
            try await YouTubePace.update(on: database) { [limits] pace, now in
                pace.giveBack(requests, limits, blocks: blocks, now: now)
            }
            guard answer != nil else { throw YouTubeNotNow(after: YouTubeSlots.putOff, reason: allSlotsAreTaken) }
        }
    }

    private var allSlotsAreTaken: String {
        slots.count == 1
            ? "YouTube is being asked for something else, which takes its time."
            : "YouTube is being asked for \(slots.count) things already, which take their time."
    }

    private func remembering<Answer: Sendable>(
        _ blocks: Int, _ ask: () async throws -> Answer
    ) async throws -> Answer {
        do {
            let answer = try await ask()
            try await answered(blocks)
            return answer
        } catch let error as YtDlpError {
            switch error.outcome {
            case .blocked: throw try await refused(error.reason, blocks)
            case .permanent, .notYet: try await answered(blocks)
            case .passing, .ownersTurn: break
            }
            throw error
        } catch let error as ProviderError where error.kind == .rateLimited {
            throw try await refused(error.description, blocks, requested: error.retryAfter)
        }
    }

    /// Waits until so many requests may be made, where that is soon.
    ///
    /// - Returns: how often in a row YouTube had refused by then.
    private func permission(for requests: Int) async throws -> Int {
        let permission = try await YouTubePace.update(on: database) { [limits] pace, now in
            pace.take(requests, limits, now: now, chance: .random(in: 0..<1))
        }
        switch permission {
        case .granted(let wait, let blocks):
            guard wait > .zero else { return blocks }
            try await clock.sleep(for: wait)
            // What was asked meanwhile may have been refused.
            let pace = try await YouTubePace.get(on: database)
            guard pace.blocks == blocks else { return try await self.permission(for: requests) }
            return blocks
        case .blocked(let time, let reason):
            throw YouTubeNotNow(after: time, reason: "YouTube is not asked for a while: \(reason)")
        case .spent(let time):
            throw YouTubeNotNow(
                after: time, reason: "This hour's \(limits.requestsPerHour) requests to YouTube are used.")
        }
    }

    private func answered(_ blocks: Int) async throws {
        guard blocks > 0 else { return }
        let isFree = try await YouTubePace.update(on: database) { pace, _ in pace.answered(blocks: blocks) }
        if isFree { logger.notice("YouTube answers again") }
    }

    private func refused(_ reason: String, _ blocks: Int, requested: Duration? = nil) async throws -> YouTubeNotNow {
        let pause = try await YouTubePace.update(on: database) { pace, now in
            pace.refused(because: reason, blocks: blocks, requested: requested, now: now, chance: .random(in: 0..<1))
            return pace.pause(at: now)
        }
        logger.warning(
            "YouTube refuses to answer",
            metadata: ["reason": "\(reason)", "pauseSeconds": "\(pause.components.seconds)"])
        return YouTubeNotNow(after: pause, reason: reason)
    }
}

/// YouTube may not be asked now; nothing is wrong with what was to be asked for.
package struct YouTubeNotNow: Error, Sendable, CustomStringConvertible {
    package var after: Duration
    /// For people.
    package var reason: String

    package var description: String { reason }
}
