extension Transcript {
    /// The transcript as a file of another format.
    ///
    /// WebVTT and JSON keep words and speakers, SubRip speakers; text is one `[m:ss]` line a cue. Each can be read again.
    /// The XML formats, SBV and LRC are not written: they become WebVTT.
    public func formatted(as format: CaptionFormat) -> String {
        var writer = CaptionWriter()
        switch format {
        case .subRip: writer.writeSubRip(self)
        case .json3: writer.writeJSON(self)
        case .text: writer.writeText(self)
        case .webVTT, .srv1, .srv2, .srv3, .ttml, .sbv, .lrc: writer.writeWebVTT(self)
        }
        return writer.text
    }
}

/// Collects a file's bytes.
struct CaptionWriter {
    private var output: [UInt8] = []

    var text: String { String(decoding: output, as: UTF8.self) }

    mutating func write(_ text: some StringProtocol) { output.append(contentsOf: text.utf8) }

    mutating func write(_ text: StaticString) {
        output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func write(bytes: some Sequence<UInt8>) { output.append(contentsOf: bytes) }

    mutating func write(_ byte: UInt8) { output.append(byte) }

    /// `00:01:02.345`, with another separator for SubRip.
    mutating func write(_ time: MediaTime, separator: UInt8 = 0x2E) {
        let total = max(0, time.milliseconds)
        write(total / 3_600_000, digits: 2)
        write(0x3A)
        write(total / 60_000 % 60, digits: 2)
        write(0x3A)
        write(total / 1000 % 60, digits: 2)
        write(separator)
        write(total % 1000, digits: 3)
    }

    private mutating func write(_ value: Int, digits: Int) {
        let text = String(value)
        for _ in 0..<max(0, digits - text.utf8.count) { write(0x30) }
        write(text)
    }
}

/// Plain text in our own form: `[1:23] **Speaker:** words`.
extension CaptionWriter {
    mutating func writeText(_ transcript: Transcript) {
        if let title = transcript.title { write("# \(CaptionWriter.oneLine(title))\n\n") }
        for cue in transcript.cues {
            write("[\(cue.start.timestamp)] ")
            if let speaker = cue.speaker { write("**\(CaptionWriter.oneLine(speaker)):** ") }
            write(CaptionWriter.oneLine(cue.text))
            write("\n")
        }
    }

    /// A text without line ends, so that it can't break out of its line.
    static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        return text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
    }
}
