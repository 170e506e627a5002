/// Why a text is no cron expression: which field, what was found there and what was expected.
package enum CronSyntaxError: Error, Hashable, CustomStringConvertible {
    case tooLong(length: Int, limit: Int)
    case wrongFieldCount(Int)
    case unknownMacro(String)
    /// Two commas in a row, or one at an end.
    case emptyItem(CronField)
    case notAValue(CronField, found: String)
    case outOfRange(CronField, found: String)
    case reversedRange(CronField, found: String)
    /// Zero, no number, or more than the field has values.
    case badStep(CronField, found: String)
    /// A step after a single value: Vixie cron ignores it, others count on to the end.
    case stepWithoutRange(CronField, found: String)
    /// Such as 30 February.
    case neverDue(String)

    package var description: String {
        switch self {
        case .tooLong(let length, let limit):
            "a cron expression has at most \(limit) bytes, this one has \(length)"
        case .wrongFieldCount(let count):
            "found \(count) fields, expected 5 (minute hour day-of-month month day-of-week) or 6 (second first)"
        case .unknownMacro(let text):
            "found \(text.debugDescription), expected one of \(CronMacro.names)"
        case .emptyItem(let field):
            "\(field): found an empty item, expected \(field.expectation)"
        case .notAValue(let field, let found), .outOfRange(let field, let found):
            "\(field): found \(found.debugDescription), expected \(field.expectation)"
        case .reversedRange(let field, let found):
            "\(field): found \(found.debugDescription), expected a range whose end is not before its start"
        case .badStep(let field, let found):
            "\(field): found \(found.debugDescription), expected a step of 1 to \(field.largestStep)"
        case .stepWithoutRange(let field, let found):
            "\(field): found \(found.debugDescription), expected * or a range before the step"
        case .neverDue(let text):
            "\(text.debugDescription) is never due: its months don't have its days"
        }
    }
}
