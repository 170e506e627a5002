/// What a mail server says to a command: a code, and one or more lines of text.
struct SMTPReply: Sendable, Equatable {
    /// From 200 to 599.
    var code: Int
    /// What stands behind the code in each line.
    var lines: [String]

    /// Whether the command was not done: 4xx for now, 5xx for good.
    var isRefusal: Bool { code >= 400 }
    var isPermanent: Bool { code >= 500 }
    var text: String { lines.joined(separator: " ") }

    /// The enhanced status code at the beginning of the text, such as `5.1.1` (RFC 2034).
    var enhancedCode: String? {
        guard let word = lines.first?.split(separator: " ").first else { return nil }
        let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers[0].utf8.elementsEqual("\(code / 100)".utf8),
            numbers.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(MailSyntax.isDigit) })
        else { return nil }
        return String(word)
    }
}

/// Reads replies from the bytes of a connection, however these are cut.
struct SMTPReplyParser: Sendable {
    /// What the server says is not SMTP, or has no end.
    enum Fault: Error, Sendable, Equatable {
        /// A line is not a code and text, or the lines of a reply have different codes. Its beginning is kept.
        case notAReply(String)
        case lineTooLong
        case replyTooLong
    }

    /// The longest line in the standard has 512 bytes; real ones are longer at times.
    static let maximumLineBytes = 4096
    /// The longest reply, with all its lines.
    static let maximumReplyBytes = 64 << 10

    private var bytes: [UInt8] = []
    /// Where the next line begins, and how far has been looked for its end.
    private var lineStart = 0
    private var looked = 0
    private var code: Int?
    private var lines: [String] = []

    /// Whether nothing has come since the last reply.
    var isEmpty: Bool { bytes.isEmpty }

    /// Takes what has come.
    mutating func append(_ new: some Sequence<UInt8>) throws {
        bytes += new
        guard bytes.count <= Self.maximumReplyBytes else { throw Fault.replyTooLong }
    }

    /// The next whole reply, if there is one.
    mutating func next() throws -> SMTPReply? {
        while let end = bytes[looked...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[lineStart..<end]
            lineStart = end + 1
            looked = lineStart
            guard line.count <= Self.maximumLineBytes else { throw Fault.lineTooLong }
            if let reply = try take(line.last == UInt8(ascii: "\r") ? line.dropLast() : line) {
                bytes.removeFirst(lineStart)
                (lineStart, looked) = (0, 0)
                return reply
            }
        }
        looked = bytes.count
        guard bytes.count - lineStart <= Self.maximumLineBytes else { throw Fault.lineTooLong }
        return nil
    }

    /// Takes one line, and gives the reply if it was its last.
    private mutating func take(_ line: ArraySlice<UInt8>) throws -> SMTPReply? {
        let mark = line.dropFirst(3).first
        guard let code = Self.code(line), self.code ?? code == code,
            mark == nil || mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-")
        else { throw Fault.notAReply(String(decoding: line.prefix(100), as: UTF8.self)) }
        self.code = code
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        guard mark != UInt8(ascii: "-") else { return nil }
        defer { (self.code, lines) = (nil, []) }
        return SMTPReply(code: code, lines: lines)
    }

    private static func code(_ line: ArraySlice<UInt8>) -> Int? {
        let digits = line.prefix(3).map { Int($0) - 48 }
        guard digits.count == 3, (2...5).contains(digits[0]), digits.allSatisfy((0...9).contains) else { return nil }
        return digits[0] * 100 + digits[1] * 10 + digits[2]
    }
}
