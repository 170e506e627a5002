import Foundation
import Testing

@testable import Providers

@Suite("A time as YouTube writes it")
struct InternetTimeTests {
    @Test(
        "is read to the second",
        arguments: [
            ("1970-01-01T00:00:00Z", 0.0), ("2019-03-21T20:37:49.000Z", 1_553_200_669),
            ("2013-07-09T20:17:20+00:00", 1_373_401_040), ("2024-02-29T23:59:59-08:00", 1_709_279_999),
            ("2000-03-01T00:00:00+05:30", 951_849_000), ("2011-09-23T04:52:01.295891Z", 1_316_753_521.295891),
            ("2026-11-29t00:00:00z", 1_795_910_400),
        ])
    func times(text: String, seconds: Double) throws {
        let date = try #require(InternetTime.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-6)
    }

    @Test("agrees with Foundation's own reading of 5,000 times")
    func agreesWithFoundation() throws {
        let formatter = ISO8601DateFormatter()
        for step in 0..<5000 {
            let date = Date(timeIntervalSince1970: Double(step) * 1_234_567)
            #expect(InternetTime.date(formatter.string(from: date)) == date)
        }
    }

    @Test(
        "is nothing rather than 1970 where it is missing or broken",
        arguments: [
            nil, "", "2019", "2019-03-21", "2019-03-21T20:37:49", "2019-13-21T20:37:49Z", "2019-03-21T25:37:49Z",
            "2019-03-21T20:37:49.Z", "2019-03-21T20:37:49+0000", "2019-03-21 20:37:49Z", "2019-03-21T20:37:49Zx",
            "-019-03-21T20:37:49Z", "2019-03-21T20:37:49+00:00:00", "٢019-03-21T20:37:49Z",
        ] as [String?])
    func broken(text: String?) {
        #expect(InternetTime.date(text) == nil)
    }
}
