/// A message as it stands between DATA and the line with the dot.
enum SMTPContent {
    /// The line that ends it.
    static let terminator = Array(".\r\n".utf8)

    /// `message` with another dot before each line that begins with one, and a line end at its end.
    static func stuffed(_ message: [UInt8]) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        let lineFeed = UInt8(ascii: "\n")
        var content: [UInt8] = []
        content.reserveCapacity(message.count + 64)
        var previous = lineFeed
        for byte in message {
            if byte == dot, previous == lineFeed { content.append(dot) }
            content.append(byte)
            previous = byte
        }
        if previous != lineFeed || content.isEmpty { content += "\r\n".utf8 }
        return content
    }
}
