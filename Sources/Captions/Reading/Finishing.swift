/// Makes the public values of a tidy draft.
extension Draft {
    /// The cues with their words, speakers and marks; empties what it is made of.
    mutating func finishedCues() -> [Captions.Cue] {
        joinLines()
        dropTwins()
        let names = knownNames()
        let (drafts, stamps, speakers) = (cues, stamps, speakers)
        return arena.withUnsafeBufferPointer { buffer in
            let arena = Bytes(buffer)
            var finished: [Captions.Cue] = []
            finished.reserveCapacity(drafts.count)
            for draft in drafts {
                let text = arena[draft.text]
                var cue = Captions.Cue(
                    start: MediaTime(milliseconds: draft.start), end: MediaTime(milliseconds: draft.end),
                    text: text.string)
                if draft.speaker >= 0 { cue.speaker = speakers[Int(draft.speaker)] }
                if MarkTrigger.isFound(text) { cue.addMarks(text, names: names) }
                if !draft.stamps.isEmpty {
                    cue.words = WordTimes(arena, draft, stamps).words
                } else if !stamps.isEmpty, cue.marks.isEmpty, !text.buffer.contains(0x20) {
                    cue.words = [Word(start: cue.start, text: cue.text)]
                }
                if let last = finished.last, last.start == cue.start, last.end == cue.end, last.text == cue.text {
                    continue
                }
                finished.append(cue)
            }
            return finished
        }
    }

    /// Lines of one cue become one line.
    private mutating func joinLines() {
        arena.withUnsafeMutableBufferPointer { arena in
            for index in arena.indices where arena[index] == 0x0A { arena[index] = 0x20 }
        }
    }

    /// A cue with the times and the text of the one before is its shadow (outlines drawn twice).
    private mutating func dropTwins() {
        var kept = 0
        arena.withUnsafeBufferPointer { buffer in
            let arena = Bytes(buffer)
            for index in cues.indices {
                if kept > 0, cues[kept - 1].start == cues[index].start, cues[kept - 1].end == cues[index].end,
                    arena[cues[kept - 1].text] == arena[cues[index].text]
                {
                    continue
                }
                if kept != index { cues[kept] = cues[index] }
                kept += 1
            }
        }
        cues.removeLast(cues.count - kept)
    }

    /// Mixed-case names that stand before a colon at the beginning of at least two cues.
    private func knownNames() -> Set<String> {
        arena.withUnsafeBufferPointer { buffer in
            let arena = Bytes(buffer)
            var counts: [String: Int] = [:]
            for cue in cues {
                guard counts.count < 10_000, let candidate = NameCandidate(arena[cue.text], at: 0),
                    !candidate.isUpperCase,
                    candidate.words <= 4
                else { continue }
                counts[arena[cue.text][candidate.range].string, default: 0] += 1
            }
            return Set(counts.filter { $0.value >= 2 }.keys)
        }
    }
}

extension Captions.Cue {
    fileprivate mutating func addMarks(_ text: Bytes, names: Set<String>) {
        let scanner = MarkScanner(text, knownNames: names)
        marks = scanner.marks
        if speaker == nil, let name = scanner.speaker { speaker = text[name].string }
    }
}

/// A quick look whether a text can have marks at all.
enum MarkTrigger {
    @inline(__always)
    static func isFound(_ text: Bytes) -> Bool {
        let first = text[0]
        if !first.isLetter && !first.isDigit && first < 0x80 { return true }
        for byte in text.buffer where isTrigger(byte) { return true }
        return false
    }

    /// `(`, `[`, `>`, `:`, and the lead bytes of notes and dashes.
    @inline(__always)
    private static func isTrigger(_ byte: UInt8) -> Bool {
        byte == 0x28 || byte == 0x5B || byte == 0x3E || byte == 0x3A || byte == 0xE2 || byte == 0xF0
    }
}

/// The words of one cue with their times.
///
/// A stamp gives the time of what follows it. Words between two stamps share the time between them by length. A stamp inside
/// a word does not split it, except in scripts that are written without spaces.
struct WordTimes {
    private let arena: Bytes
    private let cue: Draft.Cue
    private let stamps: ArraySlice<Draft.Stamp>
    private(set) var words: [Word] = []

    init(_ arena: Bytes, _ cue: Draft.Cue, _ stamps: [Draft.Stamp]) {
        self.arena = arena
        self.cue = cue
        self.stamps = stamps[cue.stamps]
        words.reserveCapacity(cue.stamps.count + 1)
        collect()
    }

    private mutating func collect() {
        var (from, time) = (cue.text.lowerBound, cue.start)
        var end = Draft.missing
        for stamp in stamps {
            let next = clamp(stamp.milliseconds)
            let to = boundary(min(max(stamp.offset, from), cue.text.upperBound))
            if to > from { add(from..<to, time: time, end: end, next: next) }
            from = max(from, to)
            time = max(time, next)
            end = stamp.end
        }
        if from < cue.text.upperBound { add(from..<cue.text.upperBound, time: time, end: end, next: cue.end) }
    }

    private func clamp(_ time: Int) -> Int { min(max(time, cue.start), cue.end) }

    /// Where the words before a stamp end: a stamp inside a word takes effect after it.
    private func boundary(_ offset: Int) -> Int {
        guard offset > cue.text.lowerBound, offset < cue.text.upperBound else { return offset }
        if arena[offset] == 0x20 || arena[offset - 1] == 0x20 || arena.isUnspaced(at: offset) { return offset }
        var end = offset
        while end < cue.text.upperBound, arena[end] != 0x20 { end += 1 }
        return end
    }

    /// The words of a piece that is said from `time` to `end`, or to the next stamp.
    private mutating func add(_ piece: Range<Int>, time: Int, end: Int, next: Int) {
        let over = max(time, end == Draft.missing ? next : clamp(end))
        let hasEnd = end != Draft.missing
        let limit = max(time, min(over, next))
        var index = piece.lowerBound
        while index < piece.upperBound {
            if arena[index] == 0x20 {
                index += 1
                continue
            }
            var wordEnd = index
            while wordEnd < piece.upperBound, arena[wordEnd] != 0x20 { wordEnd += 1 }
            let isLast = wordEnd == piece.upperBound
            words.append(
                Word(
                    start: MediaTime(milliseconds: share(index, of: piece, time, limit)),
                    end: hasEnd ? MediaTime(milliseconds: isLast ? over : share(wordEnd, of: piece, time, limit)) : nil,
                    text: arena[index..<wordEnd].string))
            index = wordEnd
        }
    }

    private func share(_ offset: Int, of piece: Range<Int>, _ time: Int, _ over: Int) -> Int {
        var lower = piece.lowerBound
        if arena[lower] == 0x20 { lower += 1 }
        guard offset > lower else { return time }
        return time + (over - time) * (offset - lower) / max(1, piece.upperBound - lower)
    }
}

extension Bytes {
    /// Whether the character at `index` or before it belongs to a script without spaces (Thai, Lao, Khmer, Burmese, CJK).
    fileprivate func isUnspaced(at index: Int) -> Bool {
        func isUnspaced(_ first: UInt8, _ second: UInt8) -> Bool {
            switch first {
            case 0xE0: return second >= 0xB8 && second <= 0xBB
            case 0xE1: return second == 0x80 || second == 0x81 || second == 0x82 || second == 0x9E || second == 0x9F
            case 0xE2: return second >= 0xBA
            case 0xE3...0xED, 0xF0: return true
            case 0xEF: return second >= 0xBC
            default: return false
            }
        }
        var before = index - 1
        while before > 0, self[before] & 0xC0 == 0x80 { before -= 1 }
        return isUnspaced(self[index], at(index + 1)) || isUnspaced(self[before], at(before + 1))
    }
}
