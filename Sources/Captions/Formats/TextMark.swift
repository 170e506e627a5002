/// A time mark in plain text: `[1:23]`, `\[01:02:03.5\]`, `(1:23)` or `1:23` at the beginning of a line, `[0:01 --> 0:05]`.
struct TextMark {
    /// Where the mark stands, brackets included.
    var range: Range<Int>
    var milliseconds: Int
    /// Where the mark is a range of times.
    var end: Int?

    /// The first mark of a line.
    static func first(in line: Bytes) -> TextMark? { bracketed(line, from: 0) ?? leading(line) }

    /// The first mark in square brackets from `from` on.
    static func bracketed(_ line: Bytes, from: Int) -> TextMark? {
        var index = from
        while true {
            index = line.first(0x5B, from: index, to: line.count)
            if index == line.count { return nil }
            if let mark = TextMark(line, open: index, close: 0x5D) { return mark }
            index += 1
        }
    }

    /// A mark at the beginning of a line, in round brackets or bare.
    static func leading(_ line: Bytes) -> TextMark? {
        var index = 0
        while line.at(index).isSpace { index += 1 }
        if line.at(index) == 0x28 { return TextMark(line, open: index, close: 0x29) }
        guard let time = TimeStamp(line, at: index), isClock(time), time.milliseconds >= 0 else { return nil }
        let next = line.at(time.end)
        guard time.end == line.count || next.isSpace || (next == 0x2D && line.at(time.end + 1) == 0x20) else {
            return nil
        }
        return TextMark(range: index..<time.end, milliseconds: time.milliseconds)
    }

    private init(range: Range<Int>, milliseconds: Int) {
        self.range = range
        self.milliseconds = milliseconds
    }

    private init?(_ line: Bytes, open: Int, close: UInt8) {
        guard let time = TimeStamp(line, at: open + 1), TextMark.isClock(time), time.milliseconds >= 0 else {
            return nil
        }
        milliseconds = time.milliseconds
        var index = time.end
        while line.at(index) == 0x20 || line.at(index) == 0x2D || line.at(index) == 0x3E { index += 1 }
        if index > time.end, let last = TimeStamp(line, at: index), TextMark.isClock(last) {
            end = last.milliseconds
            index = last.end
        } else {
            index = time.end
        }
        if line.at(index) == 0x5C { index += 1 }
        guard line.at(index) == close else { return nil }
        range = (open > 0 && line[open - 1] == 0x5C ? open - 1 : open)..<index + 1
    }

    private static func isClock(_ time: TimeStamp) -> Bool { time.parts == 2 || time.parts == 3 }
}
