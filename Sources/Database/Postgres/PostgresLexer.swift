/// Walks over PostgreSQL's SQL word by word, past comments, texts, quoted names and dollar quotes.
struct PostgresLexer {
    enum Token: Equatable {
        /// An unquoted word, in capitals.
        case word(String)
        case semicolon
        /// Anything else: a number, a text, a sign, a quoted name.
        case other
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The next token, `nil` at the end.
    mutating func next() -> Token? {
        skipBlanksAndComments()
        guard let byte = peek() else { return nil }
        switch byte {
        case UInt8(ascii: ";"):
            place += 1
            return .semicolon
        case UInt8(ascii: "'"):
            skipQuoted(byte, takesEscapes: false)
        case UInt8(ascii: "\""):
            skipQuoted(byte, takesEscapes: false)
        case UInt8(ascii: "$"):
            skipDollar()
        case _ where Self.startsWord(byte):
            return word()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while let next = peek(), Self.continuesWord(next) { place += 1 }
        default:
            place += 1
        }
        return .other
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        place + distance < bytes.count ? bytes[place + distance] : nil
    }

    private static func startsWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        startsWord(byte) || byte == UInt8(ascii: "$") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func word() -> Token {
        let start = place
        while let byte = peek(), Self.continuesWord(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self).uppercased()
        // E'…' takes backslashes; B, N, U&, X come before plain quotes.
        if text == "E", peek() == UInt8(ascii: "'") {
            skipQuoted(UInt8(ascii: "'"), takesEscapes: true)
            return .other
        }
        return .word(text)
    }

    private mutating func skipBlanksAndComments() {
        while let byte = peek() {
            if byte == UInt8(ascii: "-"), peek(1) == byte {
                while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { place += 1 }
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                skipComment()
            } else if byte <= 0x20 {
                place += 1
            } else {
                return
            }
        }
    }

    /// Comments nest, unlike those of C.
    private mutating func skipComment() {
        var depth = 0
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                place += 2
            } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                place += 2
                if depth == 0 { return }
            } else {
                place += 1
            }
        }
    }

    /// A doubled quote stands for one.
    private mutating func skipQuoted(_ quote: UInt8, takesEscapes: Bool) {
        place += 1
        while let byte = peek() {
            place += takesEscapes && byte == UInt8(ascii: "\\") ? 2 : 1
            guard byte == quote else { continue }
            guard peek() == quote else { return }
            place += 1
        }
    }

    /// `$1`, or a text between `$tag$` and `$tag$`.
    private mutating func skipDollar() {
        var end = place + 1
        while end < bytes.count, Self.continuesWord(bytes[end]), bytes[end] != UInt8(ascii: "$") { end += 1 }
        let isParameter = end > place + 1 && !Self.startsWord(bytes[place + 1])
        guard !isParameter, end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
            place = end
            return
        }
        let tag = bytes[place...end]
        place = end + 1
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "$"), bytes[place...].starts(with: tag) {
                place += tag.count
                return
            }
            place += 1
        }
    }
}
