internal import Foundation

/// How long an endpoint asks to wait: in its headers, or in the words of its message.
enum RetryHint {
    /// A longer wait is taken for a mistake of the other side's and not believed.
    static let maximum = Duration.seconds(24 * 60 * 60)

    /// The wait that `headers` or, failing them, `message` asks for.
    ///
    /// `retry-after-ms` (milliseconds) goes before `Retry-After` (seconds, or an HTTP date), as in OpenAI's own clients.
    static func wait(milliseconds: String?, retryAfter: String?, date: String?, message: String?) -> Duration? {
        if let value = milliseconds.flatMap(Double.init), let wait = bounded(value / 1000) { return wait }
        if let retryAfter {
            if let value = Double(retryAfter), let wait = bounded(value) { return wait }
            if let until = HTTPDate.seconds(retryAfter), let now = date.flatMap(HTTPDate.seconds) {
                // Both times are the other side's: its clock need not agree with ours.
                return bounded(Double(max(0, until - now)))
            }
        }
        return message.flatMap(wait(inMessage:))
    }

    /// The wait in a message such as `Please try again in 2.812s`, `in 120ms`, `in 1m2s`, `in 1h0m5s`.
    static func wait(inMessage message: String) -> Duration? {
        guard let mark = message.lowercased().range(of: "try again in ") else { return nil }
        var rest = message.lowercased()[mark.upperBound...]
        var seconds = 0.0
        var found = false
        while let (value, unit, length) = amount(rest) {
            seconds += value * unit
            found = true
            rest = rest.dropFirst(length)
        }
        return found ? bounded(seconds) : nil
    }

    /// A number and its unit (in seconds) at the start of `text`, and how many characters they take.
    private static func amount(_ text: Substring) -> (value: Double, unit: Double, length: Int)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let value = Double(digits) else { return nil }
        let after = text.dropFirst(digits.count)
        let blanks = after.prefix { $0 == " " }.count
        let letters = after.dropFirst(blanks).prefix { $0.isASCII && $0.isLetter }
        let unit: Double
        switch letters {
        case "ms", "milliseconds": unit = 0.001
        case "s", "sec", "second", "seconds": unit = 1
        case "m", "min", "minute", "minutes": unit = 60
        case "h", "hour", "hours": unit = 3600
        default: return nil
        }
        return (value, unit, digits.count + blanks + letters.count)
    }

    private static func bounded(_ seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds >= 0 else { return nil }
        // Rounded, so that 2.812 s is not a hair less.
        let nanoseconds = min(seconds, Double(maximum.components.seconds) + 1) * 1e9
        let wait = Duration.nanoseconds(Int64(nanoseconds.rounded()))
        return wait <= maximum ? wait : nil
    }
}

/// The one date format that HTTP servers send: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970, or nil when `text` is not such a date.
    static func seconds(_ text: String) -> Int? {
        let fields = text.split { $0 == " " || $0 == "," || $0 == ":" }
        guard fields.count == 8, fields[7] == "GMT", let month = months.firstIndex(where: { $0 == fields[2] }),
            let day = Int(fields[1]), let year = Int(fields[3]), let hour = Int(fields[4]), let minute = Int(fields[5]),
            let second = Int(fields[6]), (1...31).contains(day), (1970...9999).contains(year),
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        // Days from the civil calendar, with the year starting in March.
        let y = month < 2 ? year - 1 : year
        let m = (month + 10) % 12
        let days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }
}
