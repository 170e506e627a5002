package import Database
internal import Foundation
internal import Providers

/// Counts the units of YouTube's Data API in the database before they are spent, for all instances together.
package struct QuotaKeeper: QuotaGate {
    /// What YouTube gives a key that nobody has asked more for.
    package static let usualDailyUnits = 10_000

    let database: Database
    let dailyUnits: Int

    package init(database: Database, dailyUnits: Int = Self.usualDailyUnits) {
        self.database = database
        self.dailyUnits = dailyUnits
    }

    /// - Throws: `YouTubeAPIError.quotaExceeded`, `DatabaseError`.
    package func spend(_ units: Int) async throws {
        let now = try await CronTaskRecord.now(on: database)
        guard try await QuotaDay.spend(units, of: dailyUnits, on: QuotaReset.day(of: now), on: database) else {
            throw YouTubeAPIError.quotaExceeded(resetsAt: QuotaReset.next(after: now))
        }
    }

    /// Writes down that YouTube gives nothing more today.
    func exhaust() async throws {
        try await QuotaDay.exhaust(QuotaReset.day(of: try await CronTaskRecord.now(on: database)), on: database)
    }
}
