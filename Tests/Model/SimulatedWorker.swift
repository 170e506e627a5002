import Synchronization

import VidSift

/// One run of the program: the worker's own code for what it thinks, and what its tasks are at.
struct SimulatedWorker {
    let name: String
    /// Counts the restarts: events of an earlier run are void.
    let life: Int
    /// By how much its clock differs from that of the others.
    let clockOffset: Duration
    var board: WorkerBoard
    var claims: Claims
    var right: RescueRight
    var isAlive = true
    var pausedUntil: Int?
    /// Whether the task that claims waits for its bell.
    var isWaiting = true
    var hasNews = true
    var isClaiming = true
    var isWritingEnds = false
    /// When leases are compared with the clock next.
    var watchAt: Int?
    var handlers: [Int: Handler] = [:]
    let stops = StopList()
    /// When something last went wrong between this worker alone and the database.
    private(set) var troubledAt = -1_000_000

    /// A handler, and what the worker knows of it.
    struct Handler {
        let row: ModelRow
        let claim: HeldJob
        let running: RunningJob
        let plan: Plan
        let ignoresCancel: Bool
        let startedAt: Int
        var isStopped = false
        /// Its task has ended: its place is free.
        var isGone = false
        /// Nobody waits for its result any more.
        var hasResult = false
        /// Its transaction is under way: it is not stopped in the midst of it.
        var isEnding = false
        var isEnded = false
        var writePause = 50
    }

    /// What a handler will do.
    enum Plan: Sendable, Hashable {
        case effectWithEnd
        case effectThenDone
        case family
        case retry, fail, nap, bury
    }

    init(name: String, life: Int, clockOffset: Duration, slots: [JobKind: Int], timing: WorkerTiming) {
        self.name = name
        self.life = life
        self.clockOffset = clockOffset
        board = WorkerBoard(slots: slots, lease: timing.lease)
        claims = Claims(kinds: Array(slots.keys), poll: timing.poll)
        right = RescueRight(lease: timing.lease)
    }

    mutating func hasTrouble(until time: Int) {
        troubledAt = max(troubledAt, time)
    }

    private static let origin = ContinuousClock.now

    /// This worker's own clock.
    func instant(_ milliseconds: Int) -> ContinuousClock.Instant {
        Self.origin + clockOffset + .milliseconds(milliseconds)
    }
}

/// The handlers that the board has told to stop.
final class StopList: Sendable {
    private let numbers = Mutex<[Int]>([])

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }

    /// In an order that does not depend on hashing.
    func take() -> [Int] {
        numbers.withLock { numbers in
            defer { numbers = [] }
            return numbers.sorted()
        }
    }
}
