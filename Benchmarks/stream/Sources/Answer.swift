import NIOCore

/// One answer of the scripted model, token by token, in OpenAI's form.
struct Answer {
    /// What the questions of this benchmark begin with: the words that follow are said again, so that a reader who
    /// compares the answer with what was asked and found sees them agree.
    private static let opening = Array("Why did ".utf8)
    private static let most = 24
    private static let otherwise = ["so", "it", "was", "said"].map { Array($0.utf8) }

    let script: Script
    let wantsUsage: Bool
    private let words: [[UInt8]]
    private let prefix: ByteBuffer
    private let promptBytes: Int
    private(set) var said = 0

    init(script: Script, number: Int, body: ByteBuffer) {
        self.script = script
        wantsUsage = body.contains("include_usage")
        words = Self.words(asked: body)
        promptBytes = body.readableBytes
        prefix = ByteBuffer(
            string: """
                data: {"id":"chatcmpl-\(number)","object":"chat.completion.chunk","created":1764000000,\
                "model":"scripted","choices":[
                """)
    }

    var hasMore: Bool { said < script.tokens }

    /// The event of the next token; its time is now.
    mutating func next() -> ByteBuffer {
        var event = prefix
        event.writeStaticString(#"{"index":0,"delta":{"#)
        if said == 0 { event.writeStaticString(#""role":"assistant","#) }
        event.writeStaticString(#""content":""#)
        writeToken(to: &event)
        event.writeStaticString("\"},\"finish_reason\":null}]}\n\n")
        return event
    }

    private mutating func writeToken(to buffer: inout ByteBuffer) {
        let stamp = Stamp.now(said)
        said += 1
        let isCiting = script.citing != .never && said % Script.citingEvery == 0
        if isCiting, script.citing == .inItsWords {
            // A sentence of its own, without any stamp.
            buffer.writeStaticString("So ")
            buffer.writeBytes(words.joined(separator: " ".utf8))
            buffer.writeStaticString(" [1]. ")
        } else {
            buffer.writeBytes(words[(said - 1) % words.count])
            buffer.writeStaticString(" ")
        }
        stamp.write(to: &buffer)
        let endsSentence = script.citing == .inItsWords && (said + 1) % Script.citingEvery == 0
        buffer.writeStaticString(
            isCiting && script.citing == .inOthers ? " [1]. " : endsSentence ? ". " : " ")
    }

    /// The events after the last token.
    func ending() -> ByteBuffer {
        var event = prefix
        event.writeStaticString("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
        if wantsUsage {
            event.writeImmutableBuffer(prefix)
            event.writeString("],\"usage\":\(usage)}\n\n")
        }
        event.writeStaticString("data: [DONE]\n\n")
        return event
    }

    /// The answer for who doesn't want it piece by piece.
    mutating func whole() -> ByteBuffer {
        var event = ByteBuffer(
            string: """
                {"id":"chatcmpl-0","object":"chat.completion","created":1764000000,"model":"scripted",\
                "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"
                """)
        while hasMore { writeToken(to: &event) }
        event.writeString("\"}}],\"usage\":\(usage)}")
        return event
    }

    private var usage: String {
        let prompt = promptBytes / 4
        return """
            {"prompt_tokens":\(prompt),"completion_tokens":\(script.tokens),"total_tokens":\(prompt + script.tokens)}
            """
    }

    private static func words(asked body: ByteBuffer) -> [[UInt8]] {
        guard let start = body.endOfLast(opening),
            let rest = body.viewBytes(at: start, length: body.writerIndex - start)
        else { return otherwise }
        let words = rest.prefix { $0 != UInt8(ascii: "?") }.split(separator: UInt8(ascii: " ")).prefix(most)
        let clean = words.filter { $0.allSatisfy { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") } }
        return clean.isEmpty ? otherwise : clean.map(Array.init)
    }
}

extension ByteBuffer {
    func contains(_ text: String) -> Bool { endOfLast(Array(text.utf8)) != nil }

    /// Behind the last place where the bytes occur.
    func endOfLast(_ needle: [UInt8]) -> Int? {
        withUnsafeReadableBytes { bytes in
            var start = bytes.count - needle.count
            while start >= 0 {
                if bytes[start] == needle[0], bytes[start..<start + needle.count].elementsEqual(needle) {
                    return readerIndex + start + needle.count
                }
                start -= 1
            }
            return nil
        }
    }
}
