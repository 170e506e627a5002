internal import Foundation

/// Times as YouTube writes them (RFC 3339): `2019-03-21T20:37:49Z`, `2011-09-23T04:52:01.295891Z`,
/// `2026-01-22T15:01:42+00:00`.
enum InternetTime {
    /// Nil for anything else; never a time that was not written there.
    static func date(_ text: String?) -> Date? {
        guard let text, (20...40).contains(text.utf8.count), text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), (1970...9999).contains(year), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60,
            let (fraction, offset) = ending(bytes[19...])
        else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// The fraction of a second, and the seconds that local time is ahead of UTC.
    private static func ending(_ bytes: ArraySlice<UInt8>) -> (fraction: Double, offset: Int)? {
        var rest = bytes
        var fraction = 0.0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard let value = Double("0." + String(decoding: digits, as: UTF8.self)), !digits.isEmpty else {
                return nil
            }
            fraction = value
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let sign = rest.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return rest.count == 1 ? (fraction, 0) : nil }
        let start = rest.startIndex
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), rest.count == 6,
            rest[start + 3] == UInt8(ascii: ":"), let hours = number(rest[start + 1..<start + 3]),
            let minutes = number(rest[start + 4..<start + 6]), hours < 24, minutes < 60
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return (fraction, sign == UInt8(ascii: "-") ? -offset : offset)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Days since 1970, with the year starting in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month < 3 ? year - 1 : year
        let m = (month + 9) % 12
        return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468
    }
}
