import Foundation
import Testing

@testable import Providers

@Suite("The day of the Data API's units")
struct QuotaResetTests {
    @Test(
        "ends at midnight in Los Angeles, in summer and in winter, and on the days when the clocks change",
        arguments: [
            // Winter: 08:00 UTC.
            ("2026-01-15T07:59:59Z", "2026-01-15T08:00:00Z"), ("2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z"),
            ("2026-11-29T02:50:00Z", "2026-11-29T08:00:00Z"), ("2026-12-31T23:00:00Z", "2027-01-01T08:00:00Z"),
            // Summer: 07:00 UTC.
            ("2026-07-01T12:00:00Z", "2026-07-02T07:00:00Z"), ("2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"),
            // 8 March 2026 has 23 hours.
            ("2026-03-08T07:59:59Z", "2026-03-08T08:00:00Z"), ("2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"),
            ("2026-03-08T10:30:00Z", "2026-03-09T07:00:00Z"), ("2026-03-09T07:00:00Z", "2026-03-10T07:00:00Z"),
            // 1 November 2026 has 25 hours.
            ("2026-11-01T06:59:59Z", "2026-11-01T07:00:00Z"), ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"),
            ("2026-11-01T09:30:00Z", "2026-11-02T08:00:00Z"), ("2026-11-02T08:00:00Z", "2026-11-03T08:00:00Z"),
            ("2028-02-29T20:00:00Z", "2028-03-01T08:00:00Z"),
        ])
    func next(now: String, reset: String) throws {
        let now = try #require(InternetTime.date(now))
        #expect(QuotaReset.next(after: now) == InternetTime.date(reset))
    }

    @Test("is never further away than 25 hours, and never past, every 17 minutes of three years")
    func bounds() {
        var now = Date(timeIntervalSince1970: 1_767_225_600)
        var days: [String] = []
        for _ in 0..<(3 * 365 * 24 * 60 / 17) {
            let wait = QuotaReset.next(after: now).timeIntervalSince(now)
            #expect(wait > 0 && wait <= 25 * 3600)
            let day = QuotaReset.day(of: now)
            if days.last != day { days.append(day) }
            now += 17 * 60
        }
        #expect(days.count == Set(days).count && days == days.sorted())
    }

    @Test("has the name of its date there")
    func names() throws {
        #expect(QuotaReset.day(of: try #require(InternetTime.date("2026-07-01T06:59:59Z"))) == "2026-06-30")
        #expect(QuotaReset.day(of: try #require(InternetTime.date("2026-07-01T07:00:00Z"))) == "2026-07-01")
    }
}
