/// YouTube's SubViewer: a line `0:00:00.599,0:00:04.160`, then lines of text until a blank one.
enum SBV {
    static func read(_ bytes: Bytes) -> Draft {
        var draft = Draft(format: .sbv, capacity: bytes.count)
        var open: (start: Int, end: Int, line: Int)?
        var (position, lineNumber) = (0, 0)
        while position < bytes.count {
            let (end, next) = bytes.line(from: position)
            let line = bytes[position..<end]
            position = next
            lineNumber += 1
            if let times = times(line) {
                if let open { draft.finishCue(start: open.start, end: open.end, line: open.line) }
                if times.isDamaged { draft.repair(line: lineNumber, "a time could not be read; it was guessed") }
                draft.beginText()
                open = (times.start, times.end, lineNumber)
            } else if open != nil {
                append(line, to: &draft)
            }
        }
        if let open { draft.finishCue(start: open.start, end: open.end, line: open.line) }
        return draft
    }

    /// The two times of a line that begins with them.
    static func times(_ line: Bytes) -> (start: Int, end: Int, isDamaged: Bool)? {
        guard line.at(0).isDigit || line.at(0) == 0x2D, let start = TimeStamp(line, at: 0), start.parts > 1 else {
            return nil
        }
        var comma = start.end
        while comma < min(line.count, 40), line[comma] != 0x2C { comma += 1 }
        guard line.at(comma) == 0x2C, comma == start.end || start.isDamaged else { return nil }
        guard let end = TimeStamp(line, at: comma + 1), end.parts > 1 else {
            return start.parts == 3 && start.hasFraction ? (start.milliseconds, Draft.missing, true) : nil
        }
        let isDamaged = start.isDamaged || end.isDamaged
        return (start.milliseconds, end.isDamaged ? Draft.missing : end.milliseconds, isDamaged)
    }

    /// A line of text; `[br]` breaks it.
    private static func append(_ line: Bytes, to draft: inout Draft) {
        draft.appendSpace(isLineEnd: true)
        var from = 0
        while from < line.count {
            var bracket = line.first(0x5B, from: from, to: line.count)
            while bracket < line.count, !line.hasPrefix("[br]", at: bracket) {
                bracket = line.first(0x5B, from: bracket + 1, to: line.count)
            }
            draft.appendText(line[from..<bracket], markup: .none)
            draft.appendSpace(isLineEnd: true)
            from = bracket == line.count ? bracket : bracket + 4
        }
    }
}
