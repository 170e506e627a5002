/// Reads Swift source once from front to back and tells code, comments and string literals apart.
struct SourceScanner {
    /// An identifier or keyword in code.
    struct Word {
        var text: String
        var line: Int
        /// How many braces are open around it.
        var depth: Int
        /// Whether a dot stands before it.
        var isMember: Bool
    }

    private(set) var words: [Word] = []
    private(set) var literals: [SourceFile.Mention] = []
    private(set) var line = 1
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
        if bytes.last == Ascii.newline { line = 0 }
    }

    /// Fills `words` and `literals`; afterwards `line` is the number of lines.
    mutating func scan() {
        let lastLineIsWhole = line == 0
        line = 1
        while position < bytes.count { scanCode() }
        if lastLineIsWhole { line -= 1 }
    }

    private mutating func scanCode() {
        switch bytes[position] {
        case Ascii.slash where byte(at: 1) == Ascii.slash: skipLineComment()
        case Ascii.slash where byte(at: 1) == Ascii.star: skipBlockComment()
        case Ascii.quote: scanString(hashes: 0)
        case Ascii.hash: scanHash()
        case Ascii.openBrace: depth += 1; advance()
        case Ascii.closeBrace: depth -= 1; advance()
        case let first where Ascii.isWord(first): scanWord()
        default: advance()
        }
    }

    private mutating func scanWord() {
        let start = position
        while position < bytes.count, Ascii.isWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        words.append(Word(text: text, line: line, depth: depth, isMember: start > 0 && bytes[start - 1] == Ascii.dot))
    }

    private mutating func skipLineComment() {
        while position < bytes.count, bytes[position] != Ascii.newline { position += 1 }
    }

    private mutating func skipBlockComment() {
        var open = 0
        repeat {
            if byte(at: 0) == Ascii.slash, byte(at: 1) == Ascii.star {
                open += 1
                position += 2
            } else if byte(at: 0) == Ascii.star, byte(at: 1) == Ascii.slash {
                open -= 1
                position += 2
            } else {
                advance()
            }
        } while open > 0 && position < bytes.count
    }

    /// A raw string (`#"…"#`), or a directive such as `#if`.
    private mutating func scanHash() {
        var hashes = 0
        while byte(at: hashes) == Ascii.hash { hashes += 1 }
        position += hashes
        if byte(at: 0) == Ascii.quote { scanString(hashes: hashes) }
    }

    /// From the opening quote to behind the closing one. A string of one line ends with its line at the latest.
    private mutating func scanString(hashes: Int) {
        let isLong = byte(at: 1) == Ascii.quote && byte(at: 2) == Ascii.quote
        let quotes = isLong ? 3 : 1
        let firstLine = line
        position += quotes
        let start = position
        while position < bytes.count, !isClosing(quotes: quotes, hashes: hashes) {
            if bytes[position] == Ascii.newline, !isLong { break }
            if bytes[position] == Ascii.backslash { skipEscape(hashes: hashes) } else { advance() }
        }
        let end = min(position, bytes.count)
        literals.append(.init(text: String(decoding: bytes[min(start, end)..<end], as: UTF8.self), line: firstLine))
        if byte(at: 0) == Ascii.quote { position += quotes + hashes }
    }

    private func isClosing(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { byte(at: $0) == Ascii.quote }
            && (quotes..<quotes + hashes).allSatisfy { byte(at: $0) == Ascii.hash }
    }

    /// An escape, or a whole interpolation with whatever strings stand in it.
    private mutating func skipEscape(hashes: Int) {
        advance()
        guard (0..<hashes).allSatisfy({ byte(at: $0) == Ascii.hash }) else { return }
        position += hashes
        guard byte(at: 0) == Ascii.openParenthesis else { return advance() }
        var open = 0
        repeat {
            switch byte(at: 0) {
            case Ascii.openParenthesis: open += 1; advance()
            case Ascii.closeParenthesis: open -= 1; advance()
            case Ascii.quote: scanString(hashes: 0)
            default: advance()
            }
        } while open > 0 && position < bytes.count
    }

    private mutating func advance() {
        if byte(at: 0) == Ascii.newline { line += 1 }
        position += 1
    }

    private func byte(at offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }
}

/// The characters that decide.
private enum Ascii {
    static let newline = UInt8(ascii: "\n")
    static let slash = UInt8(ascii: "/")
    static let star = UInt8(ascii: "*")
    static let quote = UInt8(ascii: "\"")
    static let hash = UInt8(ascii: "#")
    static let dot = UInt8(ascii: ".")
    static let backslash = UInt8(ascii: "\\")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openParenthesis = UInt8(ascii: "(")
    static let closeParenthesis = UInt8(ascii: ")")

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
