/// Walks through the bytes of a JSON text without making a tree of it: what is not asked for is passed over, and not checked
/// any further than to find its end.
struct JSONScanner {
    /// The bytes are no JSON, or end too early.
    struct Malformed: Error {}

    /// The contents of a string, between its quotes, as they stand there.
    typealias Contents = Range<Int>

    let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Calls `visit` at each value of an object; `visit` has to read the value or to skip it.
    mutating func object(
        _ visit: (_ key: Contents, _ scanner: inout JSONScanner) throws(Malformed) -> Void
    ) throws(Malformed) {
        try expect(Byte.openBrace)
        if consume(Byte.closeBrace) { return }
        repeat {
            let key = try string()
            try expect(Byte.colon)
            try visit(key, &self)
        } while consume(Byte.comma)
        try expect(Byte.closeBrace)
    }

    /// Calls `visit` at each element of an array; `visit` has to read it or to skip it.
    mutating func array(_ visit: (_ scanner: inout JSONScanner) throws(Malformed) -> Void) throws(Malformed) {
        try expect(Byte.openBracket)
        if consume(Byte.closeBracket) { return }
        repeat { try visit(&self) } while consume(Byte.comma)
        try expect(Byte.closeBracket)
    }

    mutating func string() throws(Malformed) -> Contents {
        try expect(Byte.quote)
        let start = position
        try skipString()
        return start..<position - 1
    }

    /// The number here, where it is a whole one that fits; another value is passed over.
    mutating func integer() throws(Malformed) -> Int? {
        skipBlanks()
        let start = position
        try skipValue()
        return Int(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// The first byte of the value here; nil at the end.
    mutating func peek() -> UInt8? {
        skipBlanks()
        return position < bytes.count ? bytes[position] : nil
    }

    func has(_ text: StaticString, at contents: Contents) -> Bool {
        guard contents.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { name in
            for offset in 0..<name.count where bytes[contents.lowerBound + offset] != name[offset] { return false }
            return true
        }
    }

    mutating func skipValue() throws(Malformed) {
        var depth = 0
        repeat {
            guard let byte = peek() else { throw Malformed() }
            position += 1
            switch byte {
            case Byte.quote: try skipString()
            case Byte.openBrace, Byte.openBracket: depth += 1
            case Byte.closeBrace, Byte.closeBracket: depth -= 1
            case Byte.comma, Byte.colon:
                guard depth > 0 else { throw Malformed() }
            default: skipLiteral()
            }
        } while depth > 0
        guard depth == 0 else { throw Malformed() }
    }

    /// A number, true, false or null: up to what ends it.
    private mutating func skipLiteral() {
        while position < bytes.count {
            switch bytes[position] {
            case Byte.comma, Byte.colon, Byte.closeBrace, Byte.closeBracket, Byte.quote, Byte.openBrace,
                Byte.openBracket, Byte.blank, Byte.lineFeed, Byte.carriageReturn, Byte.tab:
                return
            default: position += 1
            }
        }
    }

    /// From behind the first quote to behind the last.
    private mutating func skipString() throws(Malformed) {
        while position < bytes.count {
            let byte = bytes[position]
            position += byte == Byte.backslash ? 2 : 1
            if byte == Byte.quote { return }
        }
        throw Malformed()
    }

    private mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard consume(byte) else { throw Malformed() }
    }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Byte.isBlank(bytes[position]) { position += 1 }
    }
}
