package import Foundation

/// A cron expression by the wall clock of a time zone: the instants at which something is due, its ticks.
///
/// Where the clock is set by less than three hours, ticks follow Vixie cron as Debian has it. An interval (its hour,
/// minute or second begins with `*`) goes by the clock as it is: in spring its skipped times don't exist, in autumn
/// the repeated ones are due twice. Fixed times are due once: the skipped ones at the instant after the gap (several
/// of them together as one tick), the repeated ones at the first. Where the clock is set by more (a country changes
/// its side of the date line), everything goes by the clock as it is.
package struct CronSchedule: Sendable, Hashable, CustomStringConvertible {
    package let expression: CronExpression
    package let timeZone: TimeZone

    package init(_ expression: CronExpression, in timeZone: TimeZone = .gmt) {
        self.expression = expression
        self.timeZone = timeZone
    }

    package init(_ text: String, in timeZone: TimeZone = .gmt) throws(CronSyntaxError) {
        self.init(try CronExpression(text), in: timeZone)
    }

    package var description: String { "\(expression) (\(timeZone.identifier))" }

    /// - Returns: the first tick strictly after `date`, a whole second; nil outside of the years 1 to 9999.
    package func next(after date: Date) -> Date? {
        let seconds = date.timeIntervalSinceReferenceDate.rounded(.down)
        guard seconds > -1e12, seconds < 1e12 else { return nil }
        let start = Int(seconds) + Self.referenceDate + 1
        guard Self.instants.contains(start), let tick = firstTick(from: start), Self.instants.contains(tick)
        else { return nil }
        return Self.date(tick)
    }

    /// The first ticks in `(start, end]`, oldest first.
    package func ticks(after start: Date, through end: Date, limit: Int) -> [Date] {
        var ticks: [Date] = []
        var last = start
        while ticks.count < limit, let tick = next(after: last), tick <= end {
            ticks.append(tick)
            last = tick
        }
        return ticks
    }

    /// The last tick in `(start, end]`, found by halving however many there are.
    package func lastTick(after start: Date, through end: Date) -> Date? {
        guard var tick = next(after: start), tick <= end else { return nil }
        var beyond = min(end, Self.date(Self.instants.upperBound))
        // `tick` is one, and none is in `(beyond, end]`.
        while beyond.timeIntervalSince(tick) >= 1 {
            let middle = tick.addingTimeInterval((beyond.timeIntervalSince(tick) / 2).rounded(.down))
            if let later = next(after: middle), later <= beyond { tick = later } else { beyond = middle }
        }
        return tick
    }
}

extension CronSchedule {
    /// 1 January 2001 in seconds since 1970.
    private static let referenceDate = 978_307_200
    /// From `Date.distantPast` (1 January 1 of the Julian calendar) to 9999-12-31, in seconds since 1970.
    private static let instants = -62_135_769_600...253_402_300_799
    /// Longer than two clocks anywhere can be apart.
    private static let window = 48 * 3_600

    private static func date(_ instant: Int) -> Date {
        Date(timeIntervalSinceReferenceDate: Double(instant - referenceDate))
    }

    /// Times are seconds since 1970 from here on: of the world's clock (instants), or of the zone's (wall times).
    private func firstTick(from start: Int) -> Int? {
        var instant = start
        while Self.instants.contains(instant) {
            var wall = instant + timeZone.offset(at: instant)
            if !expression.isInterval, let change = timeZone.change(into: instant) {
                if change.instant == instant, isDue(from: change.wallBefore, before: change.wallAfter) {
                    return instant
                }
                // Where the clock was set back, this passes over what it repeats.
                wall = max(wall, change.wallBefore)
            }
            guard let due = expression.firstWallTime(from: wall) else { return nil }
            let tick = due - timeZone.offset(at: instant)
            if let change = timeZone.firstChange(after: instant, through: min(tick, instant + Self.window)) {
                instant = change
            } else if tick <= instant + Self.window {
                return tick
            } else {
                instant = max(instant, tick - 2 * Self.window) + Self.window
            }
        }
        return nil
    }

    private func isDue(from start: Int, before end: Int) -> Bool {
        guard start < end, let due = expression.firstWallTime(from: start) else { return false }
        return due < end
    }
}

/// The clock of a zone is set.
private struct ClockChange {
    /// The first one by the new time.
    let instant: Int
    /// What the clock would have shown then, and what it shows.
    let wallBefore: Int
    let wallAfter: Int
}

extension TimeZone {
    /// What the clock is set by must be less, as for Vixie cron, to be seen as summer time.
    private static let largestChange = 3 * 3_600
    /// No zone has set its clock and set it back within so short a time.
    private static let stride = 12 * 3_600

    fileprivate func offset(at instant: Int) -> Int {
        secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }

    /// The change whose skipped or repeated time `instant` may still be in.
    fileprivate func change(into instant: Int) -> ClockChange? {
        guard let change = firstChange(after: instant - Self.largestChange, through: instant) else { return nil }
        let (before, after) = (offset(at: change - 1), offset(at: change))
        guard abs(after - before) < Self.largestChange else { return nil }
        return ClockChange(instant: change, wallBefore: change + before, wallAfter: change + after)
    }

    fileprivate func firstChange(after start: Int, through end: Int) -> Int? {
        let before = offset(at: start)
        var (same, probe) = (start, start)
        while probe < end {
            probe = min(probe + Self.stride, end)
            if offset(at: probe) != before { return firstChange(after: same, at: probe, from: before) }
            same = probe
        }
        return nil
    }

    private func firstChange(after start: Int, at end: Int, from before: Int) -> Int {
        var (same, changed) = (start, end)
        while changed - same > 1 {
            let middle = (same + changed) / 2
            if offset(at: middle) == before { same = middle } else { changed = middle }
        }
        return changed
    }
}
