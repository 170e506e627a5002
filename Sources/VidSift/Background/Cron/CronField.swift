/// A field of a cron expression: its values, their names and their syntax.
package enum CronField: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case second, minute, hour
    case dayOfMonth = "day-of-month"
    case month
    case dayOfWeek = "day-of-week"

    package var description: String { rawValue }

    /// Sunday is both 0 and 7.
    var range: ClosedRange<Int> {
        switch self {
        case .second, .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The names of the values, from the first on.
    var names: [String] {
        switch self {
        case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        case .second, .minute, .hour, .dayOfMonth: []
        }
    }

    var largestStep: Int { self == .dayOfWeek ? 7 : range.count }

    var expectation: String {
        let values = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = names.first, let last = names.last else { return values }
        return "\(values) or \(first) to \(last)"
    }
}

extension CronField {
    /// `text` is a list of values, ranges and `*`, the latter two with or without a step.
    func values(in text: Substring) throws(CronSyntaxError) -> CronValues {
        if text == "?", self == .dayOfMonth || self == .dayOfWeek { return try values(in: "*") }
        var values = CronValues(isStarred: text.first == "*")
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            try insert(item, into: &values)
        }
        if self == .dayOfWeek { values.foldSunday() }
        return values
    }

    private func insert(_ item: Substring, into values: inout CronValues) throws(CronSyntaxError) {
        guard !item.isEmpty else { throw .emptyItem(self) }
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let range = try self.range(of: parts[0], item: item)
        guard parts.count == 2 else { return values.insert(range, step: 1) }
        guard parts[0].contains("-") || parts[0] == "*" else {
            throw .stepWithoutRange(self, found: String(item))
        }
        guard let step = number(parts[1]), (1...largestStep).contains(step) else {
            throw .badStep(self, found: String(item))
        }
        values.insert(range, step: step)
    }

    private func range(of text: Substring, item: Substring) throws(CronSyntaxError) -> ClosedRange<Int> {
        if text == "*" { return range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(of: ends[0], item: item)
        guard ends.count == 2 else { return first...first }
        let last = try value(of: ends[1], item: item)
        guard first <= last else { throw .reversedRange(self, found: String(item)) }
        return first...last
    }

    private func value(of text: Substring, item: Substring) throws(CronSyntaxError) -> Int {
        if let index = names.firstIndex(of: text.uppercased()) { return range.lowerBound + index }
        guard let value = number(text) else { throw .notAValue(self, found: String(item)) }
        guard range.contains(value) else { throw .outOfRange(self, found: String(item)) }
        return value
    }

    /// Digits only: `Int` itself takes a sign. What has too many of them is out of every range.
    private func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text) ?? Int.max
    }
}

/// The values that a field allows, as bits: bit n stands for n.
struct CronValues: Sendable, Hashable {
    /// The field begins with `*`, which means more than that all its values are allowed: see `CronExpression`.
    let isStarred: Bool
    private(set) var bits: UInt64

    init(isStarred: Bool = false, bits: UInt64 = 0) {
        self.isStarred = isStarred
        self.bits = bits
    }

    mutating func insert(_ range: ClosedRange<Int>, step: Int) {
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step) { bits |= 1 << value }
    }

    mutating func foldSunday() {
        if contains(7) { bits = bits & 0b111_1111 | 1 }
    }

    func contains(_ value: Int) -> Bool { bits & 1 << value != 0 }

    func first(from value: Int) -> Int? {
        let left = bits & .max << value
        return left == 0 ? nil : left.trailingZeroBitCount
    }
}
