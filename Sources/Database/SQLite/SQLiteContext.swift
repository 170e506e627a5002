internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// What a connection's C callbacks need: when the run is to be stopped, and the time of the transaction.
final class SQLiteContext: Sendable {
    /// How many steps of SQLite's machine pass between two looks at whether to stop: some microseconds.
    private static let stepsBetweenChecks: CInt = 2_000
    /// The longest pause between two attempts to get a lock.
    private static let longestPause: useconds_t = 20_000

    private let busyTimeout: Duration
    private let stop = Mutex<Stop?>(nil)
    private let time = Mutex<Int64?>(nil)
    private let waitingSince = Mutex(ContinuousClock.now)

    /// What stops a run.
    private struct Stop {
        let flag: CancellationFlag
        let end: ContinuousClock.Instant
    }

    init(busyTimeout: Duration) {
        self.busyTimeout = busyTimeout
    }

    /// Registers the functions and the handler. The connection must keep this object alive until it is closed.
    func install(on db: GRDB.Database) {
        db.add(function: DatabaseFunction("now", argumentCount: 0, pure: false) { [self] _ in now() })
        db.add(
            function: DatabaseFunction("seconds_from_now", argumentCount: 1, pure: false) { [self] arguments in
                guard let seconds = Double.fromDatabaseValue(arguments[0]) else { return nil }
                return Int64(exactly: (Double(now()) + seconds * 1_000_000).rounded())
            })
        sqlite3_progress_handler(
            db.sqliteConnection, Self.stepsBetweenChecks,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteContext>.fromOpaque(context).takeUnretainedValue().shouldStop ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    // MARK: - Stopping

    private var shouldStop: Bool {
        stop.withLock { stop in
            guard let stop else { return false }
            return stop.flag.isSet || ContinuousClock.now >= stop.end
        }
    }

    /// What runs from now on is stopped when the flag is set, and at that time.
    func setStop(by flag: CancellationFlag, at end: ContinuousClock.Instant) {
        stop.withLock { $0 = Stop(flag: flag, end: end) }
    }

    func forgetStop() {
        stop.withLock { $0 = nil }
    }

    /// Pauses before the next attempt to get a lock that another process holds; `false` ends the waiting.
    func waitForLock(attempt: Int) -> Bool {
        let now = ContinuousClock.now
        let start = waitingSince.withLock { start in
            if attempt == 0 { start = now }
            return start
        }
        guard !shouldStop, now - start < busyTimeout else { return false }
        usleep(min(1_000 << useconds_t(min(attempt, 10)), Self.longestPause))
        return true
    }

    // MARK: - Time

    /// Forgets the time, when a transaction or a single statement begins.
    func resetTime() {
        time.withLock { $0 = nil }
    }

    /// Microseconds since 1970 UTC, the same throughout a transaction.
    private func now() -> Int64 {
        time.withLock { time in
            if let time { return time }
            let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
            time = now
            return now
        }
    }
}

/// Set once, when the task that waits for a statement is cancelled.
final class CancellationFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() {
        value.store(true, ordering: .relaxed)
    }
}
