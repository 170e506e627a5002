/// Lengths as the Data API writes them: `PT15M33S`, `P1DT2H`, `PT0S`.
enum ISO8601Duration {
    /// More digits are no number of hours.
    private static let maximumDigits = 9

    /// Nil for anything else. Years and months have no fixed length and are not read.
    static func duration(_ text: String?) -> Duration? {
        guard let text, text.first == "P", text.utf8.count <= 64 else { return nil }
        let parts = text.dropFirst().split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count <= 2, let days = seconds(parts[0], ["W": 604_800, "D": 86_400]) else { return nil }
        guard parts.count == 2 else { return parts[0].isEmpty ? nil : .seconds(days) }
        guard !parts[1].isEmpty, let clock = seconds(parts[1], ["H": 3600, "M": 60, "S": 1]) else { return nil }
        return .seconds(days + clock)
    }

    /// The sum of numbers that each have their unit behind them.
    private static func seconds(_ text: Substring, _ units: [Character: Double]) -> Double? {
        var rest = text
        var sum = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            guard (1...maximumDigits).contains(digits.count), let value = Double(digits),
                let unit = rest.popFirst().flatMap({ units[$0] })
            else { return nil }
            sum += value * unit
        }
        return sum
    }
}
