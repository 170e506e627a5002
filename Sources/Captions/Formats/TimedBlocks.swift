/// WebVTT and SubRip: blocks of a time line (`start --> end`) and lines of text.
///
/// One reader for both, because files in the wild mix them: commas in WebVTT, no header, tags and voices in SubRip.
struct TimedBlocks {
    private let bytes: Bytes
    private let markup: Markup
    private var draft: Draft
    private var position = 0
    private var lineNumber = 0
    /// The cue being read, if one is.
    private var open: (start: Int, end: Int, line: Int)?
    /// Whether the line before was blank, or there was none.
    private var isAfterBlank = true
    /// What the block that is no cue is.
    private var block = Block.none

    private enum Block { case none, header, ignored, orphan }

    static func read(_ bytes: Bytes, format: CaptionFormat) -> Draft {
        var reader = TimedBlocks(bytes, format: format)
        reader.readLines()
        return reader.draft
    }

    private init(_ bytes: Bytes, format: CaptionFormat) {
        self.bytes = bytes
        markup = format == .webVTT ? .webVTT : .subRip
        draft = Draft(format: format, capacity: bytes.count)
    }

    private mutating func readLines() {
        while position < bytes.count {
            lineNumber += 1
            let (end, next) = bytes.line(from: position)
            let line = bytes[position..<end]
            position = next
            if line.count == 0 {
                isAfterBlank = true
                if block != .none, block != .orphan { block = .none }
                continue
            }
            readLine(line)
            isAfterBlank = false
        }
        closeCue()
    }

    private mutating func readLine(_ line: Bytes) {
        if let timing = timing(line) {
            closeCue()
            block = .none
            open = (timing.start, timing.end, lineNumber)
        } else if open == nil, draft.cues.isEmpty, line.hasPrefix("webvtt") {
            block = .header
            takeHeaderTitle(line)
        } else if block == .header {
            takeHeaderLine(line)
        } else if isAfterBlank {
            beginBlock(line)
        } else if open != nil, block == .none {
            appendLine(line)
        }
    }

    /// A block's first line that is no time line: an identifier, a comment, or text that lost its time.
    private mutating func beginBlock(_ line: Bytes) {
        if markup == .webVTT, TimedBlocks.isComment(line) {
            block = .ignored
        } else if isNextLineTiming {
            block = .none
        } else if open != nil, draft.isTextEmpty || markup == .subRip, !isNumber(line) {
            block = .none
            appendLine(line)
        } else {
            block = .orphan
            if line.trimmed.count > 0, open != nil || !draft.cues.isEmpty {
                draft.repair(line: lineNumber, "text without a time was left out")
            }
        }
    }

    private mutating func appendLine(_ line: Bytes) {
        if isNumber(line), isNextLineTiming { return }
        draft.appendSpace(isLineEnd: true)
        draft.appendText(line, markup: markup)
    }

    private mutating func closeCue() {
        guard let cue = open else { return }
        draft.finishCue(start: cue.start, end: cue.end, line: cue.line)
        open = nil
    }

    /// The times of `line`, or nil when it is no time line.
    @inline(__always)
    private mutating func timing(_ line: Bytes) -> (start: Int, end: Int)? {
        guard line.count >= 5, let arrow = TimedBlocks.arrow(line), let start = TimeStamp(line, at: 0),
            TimedBlocks.isBlank(line, from: start.end, to: arrow) || start.isDamaged
        else { return nil }
        let end = TimeStamp(line, at: arrow + 3)
        if end == nil || end?.isDamaged == true || start.isDamaged {
            draft.repair(line: lineNumber, "a time could not be read; it was guessed")
        }
        guard let end, !end.isDamaged else { return (start.milliseconds, Draft.missing) }
        return (start.milliseconds, end.milliseconds)
    }

    /// Where `-->` stands among the first bytes of a line.
    @inline(__always)
    private static func arrow(_ line: Bytes) -> Int? {
        var index = 1
        let limit = min(line.count - 2, 40)
        while index < limit {
            if line[index] == 0x2D, line[index + 1] == 0x2D, line[index + 2] == 0x3E { return index }
            index += 1
        }
        return nil
    }

    private static func isBlank(_ line: Bytes, from: Int, to: Int) -> Bool {
        var index = from
        while index < to {
            if !line[index].isSpace { return false }
            index += 1
        }
        return true
    }

    private var isNextLineTiming: Bool {
        guard position < bytes.count else { return false }
        let line = bytes[position..<bytes.line(from: position).end]
        guard line.count >= 5, let arrow = TimedBlocks.arrow(line), let start = TimeStamp(line, at: 0) else {
            return false
        }
        return start.isDamaged || TimedBlocks.isBlank(line, from: start.end, to: arrow)
    }

    private func isNumber(_ line: Bytes) -> Bool {
        let digits = line.trimmed
        return digits.count > 0 && digits.count < 10 && digits.buffer.allSatisfy(\.isDigit)
    }

    /// Whether a block that begins with `line` is a comment, a style or a region.
    private static func isComment(_ line: Bytes) -> Bool {
        func isKeyword(_ word: StaticString) -> Bool {
            line.hasPrefix(word) && (line.count == word.utf8CodeUnitCount || line[word.utf8CodeUnitCount].isSpace)
        }
        return line[0].isUpper && (isKeyword("note") || isKeyword("style") || isKeyword("region"))
    }
}

/// WebVTT's header: `WEBVTT - Title`, then `Language: en` and other lines until a blank one.
extension TimedBlocks {
    private mutating func takeHeaderTitle(_ line: Bytes) {
        let rest = line[6..<line.count].trimmed
        guard rest.count > 1, rest[0] == 0x2D else { return }
        draft.title = Draft.plainText(rest[1..<rest.count])
    }

    private mutating func takeHeaderLine(_ line: Bytes) {
        if line.hasPrefix("language:") {
            draft.language = Language.tag(line[9..<line.count].trimmed)
        } else if line.hasPrefix("title:") {
            draft.title = Draft.plainText(line[6..<line.count])
        }
    }
}
