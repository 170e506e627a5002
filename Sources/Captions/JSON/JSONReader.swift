/// Reads JSON from bytes piece by piece; no tree is built, so depth and size cost nothing.
///
/// Tolerant: trailing commas and unknown literals are skipped. Every method makes progress or returns nil/false.
struct JSONReader {
    let bytes: Bytes
    private(set) var position = 0

    /// A reader that begins at `position`.
    init(_ bytes: Bytes, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next byte that is no white space, or 0 at the end.
    mutating func peek() -> UInt8 {
        while bytes.at(position).isSpace { position += 1 }
        return bytes.at(position)
    }

    /// Takes `byte` if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte, position < bytes.count else { return false }
        position += 1
        return true
    }

    /// The next key of the object that was entered with `{`, positioned at its value; nil when the object ends.
    mutating func nextKey() -> Bytes? {
        while true {
            switch peek() {
            case 0x2C: position += 1
            case 0x22:
                guard let key = string() else { return nil }
                if !take(0x3A) { continue }
                return key
            case 0x7D:
                position += 1
                return nil
            default: return nil
            }
        }
    }

    /// Whether the array that was entered with `[` has another element, positioned at it; takes the `]` when not.
    mutating func hasElement() -> Bool {
        while peek() == 0x2C { position += 1 }
        if peek() == 0x5D {
            position += 1
            return false
        }
        return position < bytes.count && peek() != 0x7D
    }

    /// The bytes between the quotes, escapes and all; nil when there is no whole string here.
    mutating func string() -> Bytes? {
        guard peek() == 0x22 else { return nil }
        var index = position + 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                position = index + 1
                return bytes[start..<index]
            }
            index += byte == 0x5C ? 2 : 1
        }
        position = bytes.count
        return nil
    }

    /// A number, rounded to an integer and clamped; also one in quotes.
    mutating func integer() -> Int? {
        guard let value = number() else { return nil }
        return Int(min(max(value, -9e15), 9e15).rounded())
    }

    /// A number, also one in quotes; nil (and the value skipped) when it is something else.
    mutating func number() -> Double? {
        let first = peek()
        if first == 0x22 {
            guard let text = string() else { return nil }
            return text.count <= 32 ? Double(text.trimmed.string).flatMap { $0.isFinite ? $0 : nil } : nil
        }
        guard first == 0x2D || first.isDigit else {
            skipValue()
            return nil
        }
        let start = position
        position += 1
        while bytes.at(position).isDigit { position += 1 }
        if ![0x2E, 0x65, 0x45].contains(bytes.at(position)), position - start < 16 { return whole(start) }
        while [0x2E, 0x2B, 0x2D, 0x65, 0x45].contains(bytes.at(position)) || bytes.at(position).isDigit {
            position += 1
        }
        guard position - start <= 32, let value = Double(bytes[start..<position].string), value.isFinite else {
            return nil
        }
        return value
    }

    private func whole(_ start: Int) -> Double {
        var value = 0
        var index = start
        while index < position {
            if bytes[index].isDigit { value = value * 10 + Int(bytes[index] & 0x0F) }
            index += 1
        }
        return Double(bytes[start] == 0x2D ? -value : value)
    }

    /// Skips one value of any kind, however deep; always makes progress unless at the end.
    mutating func skipValue() {
        var depth = 0
        repeat {
            switch peek() {
            case 0 where position >= bytes.count: return
            case 0x22: _ = string()
            case 0x7B, 0x5B:
                depth += 1
                position += 1
            case 0x7D, 0x5D:
                if depth == 0 { return }
                depth -= 1
                position += 1
            case 0x2C, 0x3A:
                if depth == 0 { return }
                position += 1
            default: skipLiteral()
            }
        } while depth > 0
    }

    private mutating func skipLiteral() {
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case 0x22, 0x2C, 0x3A, 0x5B, 0x5D, 0x7B, 0x7D: return
            case let byte where byte.isSpace: return
            default: position += 1
            }
        }
    }
}

/// What stands between the quotes of a JSON string.
enum JSONText {
    /// Appends the text with its escapes decoded to a cue.
    static func append(_ raw: Bytes, to draft: inout Draft) {
        var index = 0
        while index < raw.count {
            let escape = raw.first(0x5C, from: index, to: raw.count)
            if escape > index { draft.appendText(raw[index..<escape], markup: .none) }
            if escape == raw.count { return }
            let (scalar, next) = decodeEscape(raw, at: escape)
            draft.appendScalar(scalar)
            index = next
        }
    }

    /// The text of a title or a name.
    static func string(_ raw: Bytes) -> String {
        var draft = Draft(format: .json3, capacity: raw.count)
        append(raw, to: &draft)
        return String(decoding: draft.arena, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    }

    private static func decodeEscape(_ raw: Bytes, at index: Int) -> (Unicode.Scalar, Int) {
        switch raw.at(index + 1) {
        case 0x6E: return ("\n", index + 2)
        case 0x72: return ("\r", index + 2)
        case 0x74, 0x62, 0x66: return (" ", index + 2)
        case 0x75: return decodeUnicode(raw, at: index)
        case let byte where byte < 0x80: return (Unicode.Scalar(byte), min(index + 2, raw.count))
        default: return ("\u{FFFD}", index + 1)
        }
    }

    /// `\u2019`, and a pair of surrogates; a lone surrogate is U+FFFD.
    private static func decodeUnicode(_ raw: Bytes, at index: Int) -> (Unicode.Scalar, Int) {
        guard let high = hexadecimal(raw, at: index + 2) else { return ("\u{FFFD}", min(index + 2, raw.count)) }
        if let scalar = Unicode.Scalar(high) { return (scalar, index + 6) }
        guard high < 0xDC00, raw.at(index + 6) == 0x5C, raw.at(index + 7) == 0x75,
            let low = hexadecimal(raw, at: index + 8), (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { return ("\u{FFFD}", index + 6) }
        return (scalar, index + 12)
    }

    private static func hexadecimal(_ raw: Bytes, at index: Int) -> UInt32? {
        guard index + 4 <= raw.count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = raw[index + offset]
            let lower = byte | 0x20
            if byte.isDigit {
                value = value << 4 | UInt32(byte & 0x0F)
            } else if lower >= 0x61, lower <= 0x66 {
                value = value << 4 | UInt32(lower - 0x57)
            } else {
                return nil
            }
        }
        return value
    }
}
