/// Plain text or Markdown with time marks: a cue a paragraph, and one more at each mark inside it.
///
/// Between marks the times are interpolated by the length of the text. A bold prefix (`**Name:**`) is the speaker of what
/// follows; a heading is a chapter, the first top-level one the title.
struct PlainText {
    /// Where in the text (arena offset) a time is known.
    private struct Anchor {
        var offset: Int
        var milliseconds: Int
    }

    /// How fast people are thought to speak where nothing tells it, in bytes a second.
    static let bytesPerSecond = 15
    /// How long the text of a link, and its address, may be.
    static let maximumLinkBytes = 2048

    private let isMarkdown: Bool
    private let hasBrackets: Bool
    private var draft: Draft
    private var anchors: [Anchor] = []
    private var headings: [(offset: Int, title: String)] = []
    private var explicitEnd = Draft.missing
    private var speaker: Int32 = -1
    private var lineNumber = 0
    private var cueLine = 0

    static func read(_ bytes: Bytes) throws(CaptionError) -> Draft {
        var reader = PlainText(bytes)
        var position = 0
        while position < bytes.count {
            let (end, next) = bytes.line(from: position)
            reader.lineNumber += 1
            reader.take(bytes[position..<end])
            position = next
        }
        reader.closeCue()
        guard !reader.anchors.isEmpty else {
            throw CaptionError(format: .text, reason: "no time mark such as [1:23] was found")
        }
        reader.interpolate()
        return reader.draft
    }

    private init(_ bytes: Bytes) {
        draft = Draft(format: .text, capacity: bytes.count)
        var (index, isMarkdown) = (0, false)
        while index < bytes.count, !isMarkdown {
            let (byte, next) = (bytes[index], bytes.at(index + 1))
            isMarkdown = byte == 0x2A && next == 0x2A || byte == 0x5C && next == 0x5B || byte == 0x5D && next == 0x28
            index += 1
        }
        self.isMarkdown = isMarkdown
        hasBrackets = TextMark.bracketed(bytes, from: 0) != nil
    }

    private mutating func take(_ whole: Bytes) {
        var line = whole.trimmed
        if line.count == 0 { return closeCue() }
        if line[0] == 0x23, let text = heading(line) { return takeHeading(text) }
        if isMarkdown, line.count > 2, [0x2A, 0x2D, 0x3E].contains(line[0]), line[1] == 0x20 {
            line = line[2..<line.count].trimmed
        }
        if let name = boldPrefix(line) {
            closeCue()
            speaker = draft.speaker(named: line[name.range].trimmed)
            line = line[name.next..<line.count].trimmed
        }
        takeMarks(line)
    }

    /// The text of a line, cut at its marks.
    private mutating func takeMarks(_ line: Bytes) {
        var from = 0
        while from < line.count {
            let mark = hasBrackets ? TextMark.bracketed(line, from: from) : from == 0 ? TextMark.leading(line) : nil
            append(line[from..<(mark?.range.lowerBound ?? line.count)])
            guard let mark else { return }
            closeCue()
            anchors.append(Anchor(offset: draft.arena.count, milliseconds: mark.milliseconds))
            explicitEnd = mark.end ?? Draft.missing
            from = mark.range.upperBound
            while line.at(from).isSpace { from += 1 }
            if let name = boldPrefix(line[from..<line.count]) {
                speaker = draft.speaker(
                    named: line[from + name.range.lowerBound..<from + name.range.upperBound].trimmed)
                from += name.next
            }
        }
    }

    private mutating func append(_ text: Bytes) {
        if draft.isTextEmpty { cueLine = lineNumber }
        draft.appendSpace(isLineEnd: true)
        guard isMarkdown else { return draft.appendText(text, markup: .none) }
        var (from, index) = (0, 0)
        while index < text.count {
            guard let syntax = markdownSyntax(text, at: index) else {
                index += 1
                continue
            }
            if index > from { draft.appendText(text[from..<index], markup: .entities) }
            index = syntax
            from = index
        }
        if from < text.count { draft.appendText(text[from..<text.count], markup: .entities) }
    }

    /// The end of what is Markdown at `index`: `**`, the backslash of an escape, the brackets and the address of a link.
    private func markdownSyntax(_ text: Bytes, at index: Int) -> Int? {
        let next = text.at(index + 1)
        switch text[index] {
        case 0x5C: return next > 0x20 && next < 0x7F && !next.isLetter && !next.isDigit ? index + 1 : nil
        case 0x2A: return next == 0x2A ? index + 2 : nil
        case 0x5B: return isLink(text, at: index) ? index + 1 : nil
        case 0x5D where next == 0x28:
            let limit = min(text.count, index + PlainText.maximumLinkBytes)
            let end = text.first(0x29, from: index + 2, to: max(index + 2, limit))
            return end < limit ? end + 1 : nil
        default: return nil
        }
    }

    /// Whether the bracket at `index` opens `[text](address)`.
    private func isLink(_ text: Bytes, at index: Int) -> Bool {
        var end = index + 1
        let limit = min(text.count, index + PlainText.maximumLinkBytes)
        while end < limit, text[end] != 0x5D, text[end] != 0x5B { end += 1 }
        return end < limit && text[end] == 0x5D && text.at(end + 1) == 0x28
    }

    private mutating func closeCue() {
        draft.speaker = speaker
        draft.finishCue(start: Draft.missing, end: explicitEnd, line: cueLine)
        explicitEnd = Draft.missing
    }
}

/// Headings and speakers.
extension PlainText {
    /// `# Title`: the text after one to six `#` and a space.
    private func heading(_ line: Bytes) -> Bytes? {
        var index = 0
        while line.at(index) == 0x23 { index += 1 }
        return index <= 6 && line.at(index) == 0x20 ? line[index..<line.count].trimmed : nil
    }

    private mutating func takeHeading(_ line: Bytes) {
        closeCue()
        var text = line
        if let mark = TextMark.bracketed(line, from: 0) ?? TextMark.leading(line) {
            anchors.append(Anchor(offset: draft.arena.count, milliseconds: mark.milliseconds))
            let isFirst = mark.range.lowerBound == 0
            text = (isFirst ? line[mark.range.upperBound..<line.count] : line[0..<mark.range.lowerBound]).trimmed
        }
        let title = Draft.plainText(text)
        if title.isEmpty { return }
        if draft.title == nil, headings.isEmpty, draft.cues.isEmpty, anchors.isEmpty { return draft.title = title }
        headings.append((draft.arena.count, title))
    }

    /// `**Name:**` or `**Name**:` at the beginning of `line`.
    private func boldPrefix(_ line: Bytes) -> (range: Range<Int>, next: Int)? {
        guard isMarkdown, line.count > 5, line[0] == 0x2A, line[1] == 0x2A else { return nil }
        let limit = min(line.count, 80)
        var end = 2
        while end + 1 < limit, line[end] != 0x2A { end += 1 }
        guard end + 1 < limit, line[end] == 0x2A, line[end + 1] == 0x2A, end > 3 else { return nil }
        if line[end - 1] == 0x3A { return (2..<end - 1, end + 2) }
        return line.at(end + 2) == 0x3A ? (2..<end, end + 3) : nil
    }
}

/// Times for what has none of its own.
extension PlainText {
    private mutating func interpolate() {
        if let first = anchors.first, first.offset > 0 { anchors.insert(Anchor(offset: 0, milliseconds: 0), at: 0) }
        var anchor = 0
        for index in draft.cues.indices {
            let text = draft.cues[index].text
            draft.cues[index].start = time(at: text.lowerBound, &anchor)
            guard draft.cues[index].end == Draft.missing else { continue }
            var last = anchor
            draft.cues[index].end = max(time(before: text.upperBound, &last), draft.cues[index].start)
        }
        anchor = 0
        for heading in headings {
            let start = MediaTime(milliseconds: max(0, time(at: heading.offset, &anchor)))
            draft.chapters.append(Chapter(start: start, title: heading.title))
        }
    }

    /// When the byte at `offset` is said; a mark that stands there counts.
    private func time(at offset: Int, _ anchor: inout Int) -> Int {
        while anchor + 1 < anchors.count, anchors[anchor + 1].offset <= offset { anchor += 1 }
        return interpolated(offset, anchor)
    }

    /// When the byte before `offset` is over; a mark that stands at `offset` ends it.
    private func time(before offset: Int, _ anchor: inout Int) -> Int {
        while anchor + 1 < anchors.count, anchors[anchor + 1].offset < offset { anchor += 1 }
        if anchor + 1 < anchors.count, anchors[anchor + 1].offset == offset { return anchors[anchor + 1].milliseconds }
        return interpolated(offset, anchor)
    }

    private func interpolated(_ offset: Int, _ anchor: Int) -> Int {
        let base = anchors[anchor]
        let ahead = max(0, offset - base.offset)
        guard anchor + 1 < anchors.count else { return base.milliseconds + ahead * 1000 / rate }
        let next = anchors[anchor + 1]
        let (span, bytes) = (max(0, next.milliseconds - base.milliseconds), max(1, next.offset - base.offset))
        return base.milliseconds + Int((Double(span) * Double(ahead) / Double(bytes)).rounded())
    }

    /// Bytes a second over all marks, within reason.
    private var rate: Int {
        guard let first = anchors.first, let last = anchors.last, last.milliseconds > first.milliseconds else {
            return PlainText.bytesPerSecond
        }
        let measured = (last.offset - first.offset) * 1000 / (last.milliseconds - first.milliseconds)
        return min(max(measured, PlainText.bytesPerSecond / 3), PlainText.bytesPerSecond * 3)
    }
}
