/// Finds out a file's format from its beginning, and from its name where that says nothing.
enum FormatDetection {
    /// How much of the file is looked at.
    private static let sampleBytes = 64 << 10

    static func format(of text: Bytes, named: CaptionFormat?) throws(CaptionError) -> CaptionFormat {
        let start = text[0..<min(text.count, sampleBytes)].trimmed
        if start.hasPrefix("webvtt") { return .webVTT }
        if start[0] == 0x7B { return .json3 }
        if start[0] == 0x3C, let format = xmlFormat(start) { return format }
        if let format = lineFormat(start, named: named) { return format }
        if let named { return named }
        throw CaptionError(line: 1, reason: "no caption format was recognised: no time was found in it")
    }

    private static func xmlFormat(_ start: Bytes) -> CaptionFormat? {
        var xml = XMLReader(start)
        while let token = xml.next() {
            guard case .open(let name, let attributes, _) = token else { continue }
            if name.isEqual(to: "transcript") { return .srv1 }
            if name.isEqual(to: "tt") { return .ttml }
            if name.isEqual(to: "timedtext") { return timedTextFormat(&xml, attributes) }
            return nil
        }
        return nil
    }

    private static func timedTextFormat(_ xml: inout XMLReader, _ attributes: XMLAttributes) -> CaptionFormat {
        if attributes.value("format")?.isEqual(to: "3") == true { return .srv3 }
        while let token = xml.next() {
            guard case .open(let name, _, _) = token else { continue }
            if name.isEqual(to: "p") || name.isEqual(to: "body") { return .srv3 }
            if name.isEqual(to: "text") { return .srv2 }
        }
        return .srv2
    }

    /// By the first line that has a time.
    private static func lineFormat(_ start: Bytes, named: CaptionFormat?) -> CaptionFormat? {
        var position = 0
        while position < start.count {
            let (end, next) = start.line(from: position)
            let line = start[position..<end].trimmed
            position = next
            if line.count < 4 { continue }
            if line[0].isDigit || line[0] == 0x2D, let format = clockLine(line, named: named) { return format }
            if line[0] == 0x5B, let format = bracketLine(line, named: named) { return format }
            if line[0] == 0x2A || line[0] == 0x5C || line[0] == 0x28, TextMark.first(in: line) != nil { return .text }
        }
        return nil
    }

    private static func clockLine(_ line: Bytes, named: CaptionFormat?) -> CaptionFormat? {
        guard let time = TimeStamp(line, at: 0) else { return nil }
        var index = time.end
        while index < min(line.count, 40), line[index] != 0x3E { index += 1 }
        if line.at(index) == 0x3E, index >= 2, line[index - 1] == 0x2D {
            if let named, named == .webVTT || named == .subRip { return named }
            return line[0..<index].buffer.contains(0x2E) ? .webVTT : .subRip
        }
        if time.parts == 3, SBV.times(line) != nil { return .sbv }
        return time.parts > 1 && named != .subRip && TextMark.first(in: line) != nil ? .text : nil
    }

    private static func bracketLine(_ line: Bytes, named: CaptionFormat?) -> CaptionFormat? {
        if named == .lrc || named == .text { return named }
        if let time = TimeStamp(line, at: 1) {
            return line.at(time.end) == 0x5D && time.parts > 1 ? (time.hasFraction ? .lrc : .text) : nil
        }
        return LRC.tag(line) != nil ? .lrc : nil
    }
}
