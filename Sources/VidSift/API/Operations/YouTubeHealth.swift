package import Database
package import Foundation
internal import Providers

/// How YouTube takes it that it is asked, and how much may still be asked.
package struct YouTubeHealth: Sendable, Hashable {
    package enum State: String, Sendable {
        case ok
        /// It has refused to answer, and is left alone for a while.
        case paused
        /// The day's units of the Data API are spent: no list is read, but videos are fetched.
        case quotaExhausted = "quota_exhausted"
    }

    package var state: State
    /// Why, for people; nil where all is well.
    package var reason: String?
    package var until: Date?
    /// Of the Data API, spent today by all instances; nil without a key.
    package var unitsSpent: Int?
    package var dailyUnits: Int
    package var requestsPerHour: Int
}

extension YouTubeHealth {
    /// - Parameters:
    ///   - dailyUnits: the limit.
    ///   - usesDataAPI: whether there is a key.
    /// - Throws: `DatabaseError`.
    package static func get(
        dailyUnits: Int, usesDataAPI: Bool, limits: YouTubePace.Limits, on db: some SQLRunner
    ) async throws -> YouTubeHealth {
        let now = try await CronTaskRecord.now(on: db)
        let pace = try await YouTubePace.get(on: db)
        let day = usesDataAPI ? try await QuotaDay.get(QuotaReset.day(of: now), on: db) : nil
        var health = YouTubeHealth(
            state: .ok, unitsSpent: usesDataAPI ? day?.units ?? 0 : nil, dailyUnits: dailyUnits,
            requestsPerHour: limits.requestsPerHour)
        if pace.blockedUntil > now {
            health.state = .paused
            health.reason = pace.reason
            health.until = pace.blockedUntil
        } else if let day, day.isExhausted || day.units >= dailyUnits {
            let reset = QuotaReset.next(after: now)
            health.state = .quotaExhausted
            health.reason = YouTubeAPIError.quotaExceeded(resetsAt: reset).description
            health.until = reset
        }
        return health
    }

    func write(to json: inout JSONWriter) {
        json.field("status", state.rawValue)
        if let reason { json.field("detail", reason) }
        if let until { json.field("until", until) }
        json.field("requestsPerHour", requestsPerHour)
        if let unitsSpent {
            json.field("unitsSpentToday", unitsSpent)
            json.field("unitsPerDay", dailyUnits)
        }
    }
}
