/// Puts text together that comes as the contents of JSON strings, cut anywhere: also inside of a character, between the two
/// halves of a `\u` pair as well as between the bytes of UTF-8. What is no character, and U+0000, becomes U+FFFD.
struct SplitText: Sendable {
    private var bytes: [UInt8] = []
    /// The first half of a pair whose second half has not come.
    private var highSurrogate: UInt16?

    /// Takes the contents of a string, between its quotes.
    mutating func append(_ contents: ArraySlice<UInt8>) {
        var rest = contents
        while !rest.isEmpty {
            let plain = rest.prefix { $0 != Byte.backslash }
            if !plain.isEmpty {
                closePair()
                bytes.append(contentsOf: plain)
                rest = rest[plain.endIndex...]
            } else {
                rest = takeEscape(rest.dropFirst())
            }
        }
    }

    /// The text so far; the beginning of a character is kept until the rest of it comes.
    mutating func take() -> String {
        let count = bytes.count - unfinishedBytes
        guard count > 0 else { return "" }
        let text = Self.text(bytes[..<count])
        bytes.removeFirst(count)
        return text
    }

    /// What is left when no more comes.
    mutating func end() -> String {
        closePair()
        defer { bytes.removeAll() }
        return Self.text(bytes[...])
    }

    /// `rest` begins behind a backslash.
    private mutating func takeEscape(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let letter = rest.first else { return rest }
        let after = rest.dropFirst()
        if letter == UInt8(ascii: "u") {
            guard let unit = Self.codeUnit(after.prefix(4)) else {
                append("\u{FFFD}")
                return after
            }
            append(unit)
            return after.dropFirst(4)
        }
        closePair()
        bytes.append(Self.meaning(of: letter))
        return after
    }

    private static func meaning(of letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): Byte.lineFeed
        case UInt8(ascii: "r"): Byte.carriageReturn
        case UInt8(ascii: "t"): Byte.tab
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: letter
        }
    }

    private static func codeUnit(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard digits.count == 4 else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    private mutating func append(_ unit: UInt16) {
        if let high = highSurrogate, UTF16.isTrailSurrogate(unit) {
            highSurrogate = nil
            let value = 0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(unit) & 0x3FF
            append(Unicode.Scalar(value) ?? "\u{FFFD}")
        } else if UTF16.isLeadSurrogate(unit) {
            closePair()
            highSurrogate = unit
        } else {
            append(Unicode.Scalar(unit) ?? "\u{FFFD}")
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        closePair()
        bytes.append(contentsOf: scalar.utf8)
    }

    private mutating func closePair() {
        guard highSurrogate != nil else { return }
        highSurrogate = nil
        bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
    }

    /// The bytes at the end that are the beginning of a character.
    private var unfinishedBytes: Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return whole > length ? length : 0
        }
        return 0
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
