internal import Synchronization

/// What was stored last of a run that this process makes, for those who read along.
///
/// It keeps little: what all readers have taken goes, and a reader who is behind reads the database.
final class RunFeed: Sendable {
    /// How much is kept for readers, besides what was shown last.
    static let maximumBytes = 4 << 10
    static let maximumEvents = 64

    /// How it came to its end.
    enum End: Sendable {
        /// With its last event.
        case complete
        /// Others have ended the run, or it is gone: the database knows.
        case lost
        /// Its end could not be stored.
        case failed(any Error)
    }

    /// What there is for a reader.
    enum News: Sendable {
        case events([NumberedEvent])
        /// What comes next is in the database only.
        case behind
        case nothing
        case end(End)
    }

    private struct Reader {
        var after: Int
        var waiter: CheckedContinuation<Void, Never>?
    }

    private struct State {
        var tail: [NumberedEvent] = []
        var bytes = 0
        /// The number of the event that was shown last.
        var last = 0
        var end: End?
        var readers: [Int: Reader] = [:]
        var nextReader = 0
        /// When the last reader left.
        var unfollowedSince = ContinuousClock.now

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            readers.keys.compactMap { takeWaiter(of: $0) }
        }

        mutating func takeWaiter(of reader: Int) -> CheckedContinuation<Void, Never>? {
            defer { readers[reader]?.waiter = nil }
            return readers[reader]?.waiter
        }

        func hasNews(for reader: Reader) -> Bool { last > reader.after || end != nil }

        /// Lets go of what all readers have, and of the oldest where more than may be is left.
        mutating func trim() {
            let taken = readers.values.map(\.after).min() ?? 0
            var dropped = 0
            while dropped < tail.count,
                tail[dropped].number <= taken || bytes > RunFeed.maximumBytes
                    || tail.count - dropped > RunFeed.maximumEvents
            {
                bytes -= tail[dropped].event.size
                dropped += 1
            }
            tail.removeFirst(dropped)
        }
    }

    private let state = Mutex(State())

    // MARK: - Showing

    /// Shows events that are stored; their numbers go on from those before.
    func show(_ events: [NumberedEvent]) {
        guard let last = events.last else { return }
        let waiters = state.withLock { state in
            state.trim()
            state.tail += events
            state.bytes += events.reduce(0) { $0 + $1.event.size }
            state.last = last.number
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    func finish(_ end: End) {
        let waiters = state.withLock { state in
            state.end = end
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - Reading

    /// A new reader, who knows the events up to `number`.
    func join(after number: Int) -> Int {
        state.withLock { state in
            state.nextReader += 1
            state.readers[state.nextReader] = Reader(after: number)
            return state.nextReader
        }
    }

    func leave(_ reader: Int) {
        let waiter = state.withLock { state in
            defer {
                state.readers[reader] = nil
                if state.readers.isEmpty { state.unfollowedSince = .now }
            }
            return state.takeWaiter(of: reader)
        }
        waiter?.resume()
    }

    /// What there is for a reader, who then has it.
    func take(_ reader: Int) -> News {
        state.withLock { state in
            guard let after = state.readers[reader]?.after else { return .end(.lost) }
            guard state.last > after else { return state.end.map(News.end) ?? .nothing }
            guard let first = state.tail.first, first.number <= after + 1 else { return .behind }
            let events = Array(state.tail.drop { $0.number <= after })
            state.readers[reader]?.after = state.last
            state.trim()
            return .events(events)
        }
    }

    /// A reader has read on in the database.
    func advance(_ reader: Int, to number: Int) {
        state.withLock { $0.readers[reader]?.after = number }
    }

    /// Returns when there is news for the reader, or when the task is cancelled.
    func wait(_ reader: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let returnsAtOnce = state.withLock { state -> Bool in
                    guard let known = state.readers[reader], !state.hasNews(for: known), !Task.isCancelled else {
                        return true
                    }
                    state.readers[reader]?.waiter = continuation
                    return false
                }
                if returnsAtOnce { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter(of: reader) }?.resume()
        }
    }

    // MARK: - Being read

    /// For how long nobody has read it, here.
    var unfollowedFor: Duration {
        state.withLock { $0.readers.isEmpty ? .now - $0.unfollowedSince : .zero }
    }

    /// Somebody reads it on another instance.
    func isReadElsewhere() {
        state.withLock { $0.unfollowedSince = .now }
    }
}
