/// Lyrics: `[00:12.34]words`, several times before one text, word times as `<00:12.50>`, tags `[ti:Title]`.
struct LRC {
    /// How many times a line may have, and how long its text may be to be said more than once.
    static let maximumRepeats = 32
    static let maximumRepeatedBytes = 200

    private var draft: Draft
    private var shift = 0
    /// The cues whose end is not known yet: all but these were ended by the next time.
    private var silences: [Int] = []

    static func read(_ bytes: Bytes) -> Draft {
        var reader = LRC(draft: Draft(format: .lrc, capacity: bytes.count))
        var (position, lineNumber) = (0, 0)
        while position < bytes.count {
            let (end, next) = bytes.line(from: position)
            lineNumber += 1
            reader.take(bytes[position..<end].trimmed, lineNumber)
            position = next
        }
        reader.endCues()
        return reader.draft
    }

    private init(draft: Draft) {
        self.draft = draft
    }

    private mutating func take(_ line: Bytes, _ number: Int) {
        var (index, starts): (Int, [Int]) = (0, [])
        while line.at(index) == 0x5B, let time = TimeStamp(line, at: index + 1), line.at(time.end) == 0x5D,
            time.parts > 1
        {
            if starts.count < LRC.maximumRepeats { starts.append(time.milliseconds - shift) }
            index = time.end + 1
            while line.at(index) == 0x20 { index += 1 }
        }
        guard let first = starts.first else { return takeTag(line) }
        appendWords(line[index..<line.count])
        if draft.isTextEmpty {
            draft.beginText()
            silences.append(first)
            return
        }
        draft.finishCue(start: first, end: Draft.missing, line: number)
        guard let cue = draft.cues.last, cue.text.count <= LRC.maximumRepeatedBytes else { return }
        for start in starts.dropFirst() {
            var again = cue
            again.start = start
            again.stamps = cue.stamps.upperBound..<cue.stamps.upperBound
            draft.cues.append(again)
        }
    }

    /// The text of a line, its `<mm:ss.xx>` being word times.
    private mutating func appendWords(_ text: Bytes) {
        var from = 0
        while from < text.count {
            let open = text.first(0x3C, from: from, to: text.count)
            draft.appendText(text[from..<open], markup: .none)
            guard open < text.count else { return }
            if let time = TimeStamp(text, at: open + 1), text.at(time.end) == 0x3E, time.parts > 1 {
                draft.appendStamp(time.milliseconds - shift)
                from = time.end + 1
            } else {
                draft.appendVisible(0x3C)
                from = open + 1
            }
        }
    }

    private mutating func takeTag(_ line: Bytes) {
        guard let tag = LRC.tag(line) else {
            if line.count > 0 { draft.repair("a line without a time was left out") }
            return
        }
        if tag.name.isEqual(to: "ti") {
            let title = Draft.plainText(tag.value)
            if !title.isEmpty { draft.title = title }
        } else if tag.name.isEqual(to: "la") {
            draft.language = Language.tag(tag.value.trimmed)
        } else if tag.name.isEqual(to: "offset") {
            let text = tag.value.trimmed
            shift = text.count < 12 ? Int(text.string) ?? 0 : 0
        }
    }

    /// `[name:value]`.
    static func tag(_ line: Bytes) -> (name: Bytes, value: Bytes)? {
        guard line.count > 3, line[0] == 0x5B, line[line.count - 1] == 0x5D else { return nil }
        let colon = line.first(0x3A, from: 1, to: min(line.count, 12))
        guard colon > 1, line.at(colon) == 0x3A, line[1..<colon].buffer.allSatisfy(\.isLetter) else { return nil }
        return (line[1..<colon], line[colon + 1..<line.count - 1])
    }

    /// A line lasts until the next one, or until an empty one.
    private mutating func endCues() {
        var times = draft.cues.map(\.start) + silences
        times.sort()
        for index in draft.cues.indices {
            let start = draft.cues[index].start
            var (low, high) = (0, times.count)
            while low < high {
                let middle = (low + high) / 2
                if times[middle] > start { high = middle } else { low = middle + 1 }
            }
            if low < times.count { draft.cues[index].end = times[low] }
        }
    }
}
