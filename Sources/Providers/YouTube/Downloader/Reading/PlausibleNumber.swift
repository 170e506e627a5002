internal import Foundation

/// Numbers of descriptions, as far as they can be meant: whoever calculates with them relies on that.
enum PlausibleNumber {
    /// Ten years; broadcasts that ran for two have been seen.
    private static let longestSeconds = 10.0 * 366 * 86_400
    /// The last second of the year 9999.
    private static let latest = 253_402_300_799.0
    private static let oldestAge = 150.0

    /// A time in a recording, or its length, in seconds.
    static func seconds(_ number: Double?) -> Double? { within(0...longestSeconds, number) }

    /// A date, from the seconds since 1970.
    static func date(_ number: Double?) -> Date? { within(0...latest, number).map(Date.init(timeIntervalSince1970:)) }

    /// The age of a person in years.
    static func age(_ number: Double?) -> Int? { within(0...oldestAge, number).map { Int($0) } }

    private static func within(_ range: ClosedRange<Double>, _ number: Double?) -> Double? {
        number.flatMap { range.contains($0) ? $0 : nil }
    }
}
