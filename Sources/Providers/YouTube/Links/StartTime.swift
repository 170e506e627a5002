/// The time at which a link says to begin: `90`, `90s`, `1m30s`, `1h2m3s`, `1:30`, `1:02:03`.
enum StartTime {
    /// No video is longer than 1,000 hours.
    static let maximumSeconds = 3_600_000

    /// Seconds; nil for the beginning, and for what is no time: a link is as good without it.
    static func seconds(_ text: String) -> Int? {
        let text = text.lowercased()
        guard let seconds = text.contains(":") ? clock(text) : units(text), (1...maximumSeconds).contains(seconds)
        else { return nil }
        return seconds
    }

    private static func clock(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        var seconds = 0
        for part in parts {
            guard let value = number(part) else { return nil }
            seconds = seconds * 60 + value
        }
        return seconds
    }

    private static func units(_ text: String) -> Int? {
        var rest = text[...]
        var seconds = 0
        var isRead = false
        for (unit, length) in [("h", 3600), ("m", 60), ("s", 1)] as [(Character, Int)] {
            guard let mark = rest.firstIndex(of: unit) else { continue }
            guard let value = number(rest[..<mark]) else { return nil }
            seconds += value * length
            rest = rest[rest.index(after: mark)...]
            isRead = true
        }
        if rest.isEmpty { return isRead ? seconds : nil }
        // Seconds without their unit, with or without a fraction, which is dropped.
        guard let value = number(rest.prefix { $0 != "." }) else { return nil }
        return seconds + value
    }

    private static func number(_ text: Substring) -> Int? {
        let isNumber = (1...7).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int(text) : nil
    }
}
