package import Database
internal import Foundation

/// The units of YouTube's Data API that were spent on a day in Los Angeles, by all instances together.
package struct QuotaDay: Sendable, Hashable {
    /// `2026-11-29`
    package var day: String
    package var units: Int
    /// YouTube itself says that nothing is left.
    package var isExhausted: Bool
}

extension QuotaDay: RowDecodable {
    package init(row: Row) throws {
        day = try row.decode("day")
        units = try row.decode("units")
        isExhausted = try row.decode("is_exhausted")
    }
}

extension QuotaDay {
    /// - Returns: nil where nothing was spent on it.
    package static func get(_ day: String, on db: some SQLRunner) async throws -> QuotaDay? {
        try await db.first("SELECT day, units, is_exhausted FROM quota_days WHERE day = \(day)", as: QuotaDay.self)
    }

    /// Counts units before they are spent.
    ///
    /// - Parameter limit: of the day.
    /// - Returns: false, with nothing counted, where they are more than are left.
    static func spend(_ units: Int, of limit: Int, on day: String, on db: some SQLRunner) async throws -> Bool {
        guard units <= limit else { return false }
        return try await db.execute(
            """
            INSERT INTO quota_days (day, units) VALUES (\(day), \(units))
            ON CONFLICT (day) DO UPDATE SET units = quota_days.units + excluded.units
            WHERE NOT quota_days.is_exhausted AND quota_days.units + excluded.units <= \(limit)
            """) > 0
    }

    /// Writes down that YouTube gives no more on that day.
    static func exhaust(_ day: String, on db: some SQLRunner) async throws {
        try await db.execute(
            """
            INSERT INTO quota_days (day, units, is_exhausted) VALUES (\(day), 0, \(true))
            ON CONFLICT (day) DO UPDATE SET is_exhausted = \(true)
            """)
    }

    /// Forgets all days but the newest.
    static func removeOld(keeping count: Int, on db: some SQLRunner) async throws -> Int {
        try await db.execute(
            "DELETE FROM quota_days WHERE day NOT IN (SELECT day FROM quota_days ORDER BY day DESC LIMIT \(count))")
    }
}
