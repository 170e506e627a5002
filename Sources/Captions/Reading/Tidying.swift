/// Mends the times of a draft: none negative, none missing, no end before its start, in order.
extension Draft {
    /// A forward jump of more than this, taken back later, is an error of the clock.
    static let clockJumpMilliseconds = 3_600_000
    /// A cue of more than this is thought to have a wrong end (`99:59:59.999`).
    static let maximumCueMilliseconds = 7_200_000
    /// The same, where the other cues are short.
    static let longCueMilliseconds = 600_000
    /// A cue without an end lasts over a pause of this length.
    static let pauseMilliseconds = 5000
    /// How long a character takes to be said, for ends that are missing.
    static let millisecondsPerByte = 65

    /// Puts every time of the draft in order.
    mutating func tidyTimes() {
        shiftRelativeStamps()
        clampNegative()
        mendClockJumps()
        sortByStart()
        mendEnds()
    }

    /// Stamps that count from the cue instead of from the recording (live captions) are moved, when most do.
    private mutating func shiftRelativeStamps() {
        var (relative, absolute) = (0, 0)
        for cue in cues where !cue.stamps.isEmpty && cue.start > 0 {
            let isBefore = stamps[cue.stamps].allSatisfy { $0.milliseconds < cue.start }
            if isBefore { relative += 1 } else { absolute += 1 }
        }
        guard relative > absolute else { return }
        repair("word times count from their cue; the cue's start was added")
        for cue in cues where cue.start != Draft.missing {
            let limit = cue.end == Draft.missing ? Int.max : max(0, cue.end - cue.start) + 1000
            guard stamps[cue.stamps].allSatisfy({ $0.milliseconds <= limit }) else { continue }
            for index in cue.stamps { stamps[index].milliseconds += cue.start }
        }
    }

    private mutating func clampNegative() {
        for index in cues.indices {
            if cues[index].start < 0 {
                repair(line: Int(cues[index].line), "a time before the start became 0")
                cues[index].start = 0
            }
            cues[index].start = min(cues[index].start, TimeStamp.maximumMilliseconds)
            if cues[index].end != Draft.missing {
                cues[index].end = min(cues[index].end, TimeStamp.maximumMilliseconds)
            }
        }
    }

    /// Cues whose clock runs far ahead and later comes back are put where they stand in the file.
    private mutating func mendClockJumps() {
        var index = 1
        while index < cues.count {
            defer { index += 1 }
            let before = cues[index - 1].start
            let jump = cues[index].start - before
            guard jump > Draft.clockJumpMilliseconds else { continue }
            guard let back = returnOfClock(after: index, before: before) else { return }
            repair(line: Int(cues[index].line), "the clock jumped ahead and came back; the cues between were moved")
            move(index..<back, between: before, and: cues[back].start)
            index = back
        }
    }

    /// The first cue after `index` that is back at the old clock; nil when the clock never comes back.
    private func returnOfClock(after index: Int, before: Int) -> Int? {
        let threshold = cues[index].start - Draft.clockJumpMilliseconds / 2
        guard let back = cues[(index + 1)...].firstIndex(where: { $0.start < threshold }) else { return nil }
        return cues[back].start >= before && back - index < cues.count / 2 + 1 ? back : nil
    }

    private mutating func move(_ range: Range<Int>, between before: Int, and after: Int) {
        let previousEnd = cues[range.lowerBound - 1].end
        let begin = min(max(before, previousEnd == Draft.missing ? before : previousEnd), after)
        let shift = begin - cues[range.lowerBound].start
        for index in range {
            let end = cues[index].end
            for stamp in cues[index].stamps { stamps[stamp].milliseconds += shift }
            cues[index].start = min(max(cues[index].start + shift, begin), after)
            if end != Draft.missing { cues[index].end = min(end + shift, after) }
        }
    }

    /// Stable, and free when the file is in order.
    private mutating func sortByStart() {
        var isSorted = true
        for index in cues.indices.dropFirst() where cues[index].start < cues[index - 1].start {
            repair(line: Int(cues[index].line), "cues were out of order")
            isSorted = false
            break
        }
        if isSorted { return }
        let order = cues.indices.sorted { (cues[$0].start, $0) < (cues[$1].start, $1) }
        cues = order.map { cues[$0] }
    }

    /// From the last cue to the first, so that the next later start is always known.
    private mutating func mendEnds() {
        var next = Int.max
        for index in cues.indices.reversed() {
            let (start, end) = (cues[index].start, cues[index].end)
            if index + 1 < cues.count, cues[index + 1].start > start { next = cues[index + 1].start }
            if end != Draft.missing, end >= start, end - start <= maximumDuration(cues[index]) { continue }
            if end != Draft.missing {
                let what = end < start ? "an end before its start" : "an end hours after its start"
                repair(line: Int(cues[index].line), "\(what) was guessed anew")
            }
            cues[index].end = guessedEnd(cues[index], next: next)
        }
    }

    /// How long a cue may last: hours, or in a file of many cues minutes, if that is far more than its words take.
    private func maximumDuration(_ cue: Cue) -> Int {
        guard cues.count >= 20 else { return Draft.maximumCueMilliseconds }
        let generous = max(1000, cue.text.count * Draft.millisecondsPerByte) * 60
        return min(max(Draft.longCueMilliseconds, generous), Draft.maximumCueMilliseconds)
    }

    /// The next start if that is near, else as long as the text takes to say.
    private func guessedEnd(_ cue: Cue, next: Int) -> Int {
        let spoken = cue.start + min(max(1000, cue.text.count * Draft.millisecondsPerByte), Draft.longCueMilliseconds)
        return min(next <= spoken + Draft.pauseMilliseconds ? next : spoken, TimeStamp.maximumMilliseconds)
    }
}
