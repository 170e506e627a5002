internal import Database
internal import Synchronization

/// Reads a run's events in order, each once, from wherever they are: what was stored before, and what comes.
///
/// One task at a time reads. Whoever lets go of it has left.
package final class RunFollower: Sendable {
    /// How many events are read from the database at a time.
    private static let pageSize = 32

    private enum Source {
        /// The run is made by this process.
        case feed(FeedReader)
        /// Another process makes it, or it has ended.
        case database(StoredRunReader)
        case over
    }

    private let id: RunID
    private let host: RunHost
    private let state: Mutex<(source: Source, after: Int)>

    /// The reader's place at a feed.
    private final class FeedReader: Sendable {
        let feed: RunFeed
        let reader: Int

        init(_ feed: RunFeed, after number: Int) {
            self.feed = feed
            reader = feed.join(after: number)
        }

        deinit { feed.leave(reader) }
    }

    init(_ run: HostedRun, on host: RunHost, after number: Int) {
        id = run.id
        self.host = host
        state = Mutex((.feed(FeedReader(run.feed, after: number)), number))
    }

    init(_ id: RunID, on host: RunHost, after number: Int) {
        self.id = id
        self.host = host
        state = Mutex((.database(StoredRunReader(id, on: host)), number))
    }

    /// The next events: waits for them; none at the end.
    ///
    /// - Throws: `CancellationError`; `DatabaseError` where it can't be followed just now; `RunError` where the run is
    ///   gone.
    package func next() async throws -> [NumberedEvent] {
        while true {
            try Task.checkCancellation()
            let (source, after) = state.withLock { $0 }
            switch source {
            case .over: return []
            case .feed(let reader):
                if let events = try await next(at: reader, after: after) { return took(events) }
            case .database(let reader):
                return took(try await reader.next(after: after, limit: Self.pageSize))
            }
        }
    }

    /// - Returns: nil where it has to look once more.
    private func next(at reader: FeedReader, after number: Int) async throws -> [NumberedEvent]? {
        switch reader.feed.take(reader.reader) {
        case .events(let events): return events
        case .nothing: await reader.feed.wait(reader.reader)
        case .behind:
            let events = try await host.events(of: id, after: number, limit: Self.pageSize)
            // What is behind the feed is stored; unless the run was deleted since.
            guard let last = events.last else { throw RunError.noSuchRun }
            reader.feed.advance(reader.reader, to: last.number)
            return events
        case .end(.complete): return []
        case .end(.lost): state.withLock { $0.source = .database(StoredRunReader(id, on: host)) }
        case .end(.failed(let error)): throw error
        }
        return nil
    }

    private func took(_ events: [NumberedEvent]) -> [NumberedEvent] {
        state.withLock { state in
            if let last = events.last { state.after = last.number } else { state.source = .over }
        }
        return events
    }
}

/// Reads a run that another process makes, or that has ended: looks, and waits to be told that there is more.
final class StoredRunReader: Sendable {
    /// How long others may rely on that somebody reads, and how often that is said again.
    private static let presence = Duration.seconds(30)
    private static let sign = Duration.seconds(10)

    private let id: RunID
    private let host: RunHost
    private let bell: RunNews.Bell
    private let signedAt = Mutex<ContinuousClock.Instant?>(nil)

    init(_ id: RunID, on host: RunHost) {
        self.id = id
        self.host = host
        bell = host.news.bell(of: id)
    }

    /// The next events; none at the end.
    func next(after number: Int, limit: Int) async throws -> [NumberedEvent] {
        while true {
            let (run, events) = try await look(after: number, limit: limit)
            if run?.state == .running { try await sayThatItIsRead() }
            if !events.isEmpty { return events }
            guard let run else { throw RunError.noSuchRun }
            guard run.state == .running else { return try await endBehind(number) }
            if run.isAbandoned {
                if try await RunRescue.end(id, on: host.database) { host.tellOfEvents(of: id) }
                continue
            }
            await bell.wait(atMost: host.timing.poll)
            try Task.checkCancellation()
        }
    }

    /// The end of a run for a reader who knows more events than there are: the machine that made it lost its power before
    /// the last ones were on its disk.
    private func endBehind(_ number: Int) async throws -> [NumberedEvent] {
        let last = try await RunEvent.last(of: id, on: host.database)
        return last < number ? try await host.events(of: id, after: last - 1, limit: 1) : []
    }

    /// The run's state is read first: what has ended by then has all of its events.
    private func look(after number: Int, limit: Int) async throws -> (RunRecord?, [NumberedEvent]) {
        let (run, events) = try await host.patience { [host, id] in
            try await host.database.pipeline {
                (
                    $0.first(RunRecord.looking(for: id), as: RunRecord.self),
                    $0.rows(RunEvent.page(of: id, after: number, limit: limit), as: RunEvent.self)
                )
            }
        }
        return (try run.value, try events.value.map { try NumberedEvent($0, pageBase: host.pageBase) })
    }

    /// Keeps the run's holder from ending it because nobody reads.
    private func sayThatItIsRead() async throws {
        let isDue = signedAt.withLock { signed in
            guard signed.map({ .now - $0 >= Self.sign }) ?? true else { return false }
            signed = .now
            return true
        }
        guard isDue else { return }
        try await RunRecord.follow(id, for: Self.presence, on: host.database)
        await host.tellWish(about: id)
    }
}

extension NumberedEvent {
    init(_ stored: RunEvent, pageBase: String) throws {
        self.init(number: stored.number, event: try AnswerEvent(json: stored.body, pageBase: pageBase))
    }
}
