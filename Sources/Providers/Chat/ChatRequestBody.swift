internal import NIOCore

/// The body of `POST /chat/completions`, as JSON.
struct ChatRequestBody {
    private var buffer: ByteBuffer

    /// The bytes of a request for a stream.
    static func bytes(_ prompt: ChatPrompt, model: String, _ dialect: ChatDialect) -> ByteBuffer {
        var body = ChatRequestBody(buffer: ByteBuffer())
        body.buffer.reserveCapacity(prompt.messages.reduce(256) { $0 + $1.content.utf8.count * 9 / 8 + 40 })
        body.write(prompt, model, dialect)
        return body.buffer
    }

    private mutating func write(_ prompt: ChatPrompt, _ model: String, _ dialect: ChatDialect) {
        buffer.writeStaticString(#"{"model":"#)
        write(model)
        write(prompt.messages)
        buffer.writeStaticString(dialect.limitsCompletionTokens ? #","max_completion_tokens":"# : #","max_tokens":"#)
        buffer.writeString(String(prompt.maximumTokens))
        if dialect.takesTemperature, prompt.temperature.isFinite {
            buffer.writeString(#","temperature":\#(prompt.temperature)"#)
        }
        buffer.writeStaticString(#","stream":true"#)
        if dialect.takesStreamOptions { buffer.writeStaticString(#","stream_options":{"include_usage":true}"#) }
        buffer.writeStaticString("}")
    }

    private mutating func write(_ messages: [ChatTurn]) {
        buffer.writeStaticString(#","messages":["#)
        for (index, message) in messages.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeStaticString(#"{"role":"#)
            write(message.role.rawValue)
            buffer.writeStaticString(#","content":"#)
            write(message.content)
            buffer.writeStaticString("}")
        }
        buffer.writeStaticString("]")
    }

    /// A string with its quotes.
    private mutating func write(_ text: String) {
        buffer.writeStaticString("\"")
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for index in bytes.indices where Self.mustBeEscaped(bytes[index]) {
                buffer.writeBytes(bytes[start..<index])
                writeEscape(bytes[index])
                start = index + 1
            }
            buffer.writeBytes(bytes[start...])
        }
        buffer.writeStaticString("\"")
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == Byte.quote || byte == Byte.backslash
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case Byte.quote: buffer.writeStaticString(#"\""#)
        case Byte.backslash: buffer.writeStaticString(#"\\"#)
        case Byte.lineFeed: buffer.writeStaticString(#"\n"#)
        default:
            let digits = String(byte, radix: 16)
            buffer.writeString(#"\u00"# + (digits.count < 2 ? "0" : "") + digits)
        }
    }
}
