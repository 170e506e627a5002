public import Foundation

/// A version of yt-dlp: the day of its release, and a number where there was more than one that day.
public struct YtDlpVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Year, month, day, and the number or time of the day (0 for a plain release).
    private let parts: [Int]

    /// The first that solves YouTube's challenges with a JavaScript engine; without, YouTube gives little or nothing.
    public static let minimum = YtDlpVersion(year: 2025, month: 11, day: 12)

    /// yt-dlp promises a release at least so often: a version that is older has missed one.
    public static let outdatedAfter = Duration.seconds(outdatedAfterDays * secondsOfDay)

    static let outdatedAfterDays = 90
    private static let secondsOfDay = 24 * 60 * 60

    init(year: Int, month: Int, day: Int, number: Int = 0) { parts = [year, month, day, number] }

    /// Reads what `yt-dlp --version` prints: `2026.10.26`, `2025.11.12.1`, `2026.03.03.162408`.
    public init?(_ text: String) {
        let words = text.trimmingCharacters(in: .whitespacesAndNewlines).split(
            separator: ".", omittingEmptySubsequences: false)
        let numbers = words.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
        guard numbers.count == words.count, (3...4).contains(numbers.count), (2000...9999).contains(numbers[0]),
            (1...12).contains(numbers[1]), (1...31).contains(numbers[2])
        else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2], number: numbers.count > 3 ? numbers[3] : 0)
    }

    /// Whether newer ones must have appeared by `date`: with YouTube's changes it will soon fail.
    public func isOutdated(on date: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let components = DateComponents(year: parts[0], month: parts[1], day: parts[2])
        guard let released = calendar.date(from: components) else { return false }
        return date.timeIntervalSince(released) > TimeInterval(Self.outdatedAfter.components.seconds)
    }

    /// As yt-dlp writes it.
    public var description: String {
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(parts[0]).\(twoDigits(parts[1])).\(twoDigits(parts[2]))"
        return parts[3] == 0 ? day : "\(day).\(parts[3])"
    }

    /// By day, then by number.
    public static func < (one: YtDlpVersion, other: YtDlpVersion) -> Bool {
        one.parts.lexicographicallyPrecedes(other.parts)
    }
}
