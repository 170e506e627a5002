package import Foundation

/// What becomes of ticks that came while nobody was there to run them.
package enum MissedTicks: String, Sendable, Hashable, CaseIterable {
    /// One run makes up for all of them: that of the newest.
    case latest
    /// Each of them is run, oldest first.
    case all
    /// They are passed over: only a fresh tick is run.
    case skip

    /// How many ticks `all` gives at a time; the rest come in the next look.
    package static let mostAtOnce = 100
    /// How long a tick stays fresh.
    package static let freshness = Duration.seconds(60)
}

/// How far a task has come, by its records alone.
package struct CronProgress: Sendable, Hashable {
    /// When the task was first seen, which must be recorded: its first tick is the first one after that.
    package var firstSeen: Date
    /// The newest tick on record, run or not; nil: there is none yet.
    package var lastTick: Date?

    package init(firstSeen: Date, lastTick: Date? = nil) {
        self.firstSeen = firstSeen
        self.lastTick = lastTick
    }

    var end: Date { lastTick ?? firstSeen }
}

extension CronSchedule {
    /// The ticks to be recorded and run now, oldest first. None is at or before the last tick on record, whatever
    /// `now` says: a clock that was set back makes nothing due twice, only the next tick wait.
    ///
    /// - Parameters:
    ///   - limit: for `all`.
    ///   - freshness: for `skip`, which gives at most one tick: the newest, when it is not older than that.
    package func dueTicks(
        since progress: CronProgress, now: Date, missed: MissedTicks, limit: Int = MissedTicks.mostAtOnce,
        freshness: Duration = MissedTicks.freshness
    ) -> [Date] {
        switch missed {
        case .all:
            return ticks(after: progress.end, through: now, limit: limit)
        case .latest:
            return lastTick(after: progress.end, through: now).map { [$0] } ?? []
        case .skip:
            let newest = lastTick(after: progress.end, through: now)
            return newest.flatMap { $0 >= now - freshness ? [$0] : nil } ?? []
        }
    }

    /// The oldest tick that has no record although it was due more than `tolerance` ago; nil: the task is not late.
    /// What `skip` has passed over counts as late until a newer tick is recorded.
    package func lateTick(since progress: CronProgress, now: Date, tolerance: Duration) -> Date? {
        next(after: progress.end).flatMap { $0 < now - tolerance ? $0 : nil }
    }
}

private func - (date: Date, duration: Duration) -> Date { date.addingTimeInterval(-(duration / .seconds(1))) }
