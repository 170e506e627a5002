/// A time as captions write it, read from bytes.
///
/// `[h:]m:s[.fraction]`, `s.fraction`, a comma for the dot, any number of digits a part, a sign, and a fourth part
/// (`h:m:s:milliseconds` with three digits, frames at 30 a second with two).
struct TimeStamp {
    /// Milliseconds; may be negative.
    var milliseconds: Int
    /// The first byte after it.
    var end: Int
    /// Whether something of it could not be read and was left out.
    var isDamaged = false
    /// How many parts stood between colons.
    var parts = 1
    /// Whether it had a decimal fraction.
    var hasFraction = false

    /// The largest time that is believed: ten thousand hours, in milliseconds.
    static let maximumMilliseconds = 36_000_000_000

    /// Reads the time at `index` (white space before it is skipped); nil when there is no digit.
    @inline(__always)
    init?(_ bytes: Bytes, at index: Int) {
        var position = index
        while bytes.at(position) == 0x20 || bytes.at(position) == 0x09 { position += 1 }
        let isNegative = bytes.at(position) == 0x2D
        if isNegative { position += 1 }
        guard bytes.at(position).isDigit else { return nil }
        var total = 0
        var last = 0
        var lastDigits = 0
        while true {
            last = 0
            lastDigits = 0
            while bytes.at(position).isDigit {
                if last < 1_000_000_000_000 { last = last * 10 + Int(bytes[position] & 0x0F) }
                lastDigits += 1
                position += 1
            }
            guard bytes.at(position) == 0x3A, bytes.at(position + 1).isDigit, parts < 4 else { break }
            total = min(total, 1_000_000_000_000) * 60 + last
            parts += 1
            position += 1
        }
        var milliseconds = 0
        if parts == 4 {
            milliseconds = total * 1000 + (lastDigits == 3 ? last : last * 1000 / 30)
        } else {
            milliseconds = (total * 60 + last) * 1000
        }
        if bytes.at(position) == 0x2E || bytes.at(position) == 0x2C, bytes.at(position + 1).isDigit {
            position += 1
            hasFraction = true
            var scale = 100
            while bytes.at(position).isDigit {
                let digit = Int(bytes[position] & 0x0F)
                if scale > 0 { milliseconds += digit * scale } else if scale == 0, digit >= 5 { milliseconds += 1 }
                scale = scale > 1 ? scale / 10 : scale - 1
                position += 1
            }
        }
        guard milliseconds <= TimeStamp.maximumMilliseconds else { return nil }
        self.milliseconds = isNegative ? -milliseconds : milliseconds
        let next = bytes.at(position)
        isDamaged = next.isLetter || next == 0x2E || next == 0x3A
        end = position
    }
}
