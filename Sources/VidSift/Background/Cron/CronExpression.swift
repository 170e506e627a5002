/// When something is due, by the wall clock, in cron syntax: `minute hour day-of-month month day-of-week`,
/// with or without a field for the second in front of it, or a macro such as `@daily`.
///
/// The day fields follow Vixie cron: where both are restricted, a day that satisfies one of them is enough. A field
/// that begins with `*` does not restrict in that sense, so `0 0 */2 * MON` means the odd days that are Mondays.
package struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// In bytes.
    package static let longestText = 200

    /// As it was written, with single spaces.
    package let description: String
    let second: CronValues
    let minute: CronValues
    let hour: CronValues
    let dayOfMonth: CronValues
    let month: CronValues
    let dayOfWeek: CronValues

    package init(_ text: String) throws(CronSyntaxError) {
        guard text.utf8.count <= Self.longestText else {
            throw .tooLong(length: text.utf8.count, limit: Self.longestText)
        }
        let words = text.split { $0 == " " || $0 == "\t" }
        description = words.joined(separator: " ")
        let fields = description.hasPrefix("@") ? try CronMacro.fields(description) : words
        guard fields.count == 5 || fields.count == 6 else { throw .wrongFieldCount(fields.count) }
        let last = fields.count - 1
        second = fields.count == 6 ? try CronField.second.values(in: fields[0]) : CronValues(bits: 1)
        minute = try CronField.minute.values(in: fields[last - 4])
        hour = try CronField.hour.values(in: fields[last - 3])
        dayOfMonth = try CronField.dayOfMonth.values(in: fields[last - 2])
        month = try CronField.month.values(in: fields[last - 1])
        dayOfWeek = try CronField.dayOfWeek.values(in: fields[last])
        guard firstDay(from: CalendarDay(daysSince1970: 0)) != nil else { throw .neverDue(description) }
    }

    /// It means an interval, not times of day: its hour, its minute or its second begins with `*`.
    var isInterval: Bool { hour.isStarred || minute.isStarred || second.isStarred }
}

/// The names for whole expressions.
enum CronMacro: String, CaseIterable {
    case hourly, daily, midnight, weekly, monthly, yearly, annually

    private var expression: String {
        switch self {
        case .hourly: "0 * * * *"
        case .daily, .midnight: "0 0 * * *"
        case .weekly: "0 0 * * 0"
        case .monthly: "0 0 1 * *"
        case .yearly, .annually: "0 0 1 1 *"
        }
    }

    static var names: String { allCases.map { "@\($0)" }.joined(separator: ", ") }

    /// - Parameter text: with its `@`.
    static func fields(_ text: String) throws(CronSyntaxError) -> [Substring] {
        guard let macro = CronMacro(rawValue: text.dropFirst().lowercased()) else { throw .unknownMacro(text) }
        return macro.expression.split(separator: " ")
    }
}
