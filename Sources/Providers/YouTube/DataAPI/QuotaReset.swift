public import Foundation

/// When the Data API's units are given out again: at midnight Pacific time, which daylight saving moves in UTC.
public enum QuotaReset {
    /// The next midnight in Los Angeles after `now`; at midnight itself, the one a day later.
    public static func next(after now: Date) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = pacific
        let midnight = calendar.startOfDay(for: now)
        // Noon of the next day is in the next day, be this one of 23 or of 25 hours.
        return calendar.startOfDay(for: midnight.addingTimeInterval(36 * 3600))
    }

    /// The day in Los Angeles that `now` falls on, `2026-11-29`: units of one day are counted under one name.
    public static func day(of now: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = pacific
        let parts = calendar.dateComponents([.year, .month, .day], from: now)
        return [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0].map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: "-")
    }

    /// Where the machine has no table of time zones, standard time: in summer that is an hour too late, which costs
    /// nothing.
    private static var pacific: TimeZone {
        TimeZone(identifier: "America/Los_Angeles") ?? TimeZone(secondsFromGMT: -8 * 3600) ?? .gmt
    }
}
