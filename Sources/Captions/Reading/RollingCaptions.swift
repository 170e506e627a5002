/// What to do with captions whose lines are shown several times while they roll up the screen.
public enum RollingCaptions: Sendable, Hashable {
    /// Detect them, and keep each line once.
    case collapse
    /// Leave the cues as the file has them.
    case keep
}

/// Takes out of each cue what the cue before already showed.
///
/// A file is taken for rolling only when most of its cues begin with what the one before ended with, and many of those add
/// something: a chorus or "no. no." in an ordinary file stays.
struct RollingCollapse {
    /// How much a cue shares with the one before.
    private struct Overlap {
        /// Bytes of the cue's text that were already shown, separator included.
        var bytes: Int
        /// Whether the cue shows nothing else.
        var isAll: Bool
    }

    /// Cues this far apart (milliseconds) don't roll into each other.
    static let maximumGap = 3000
    /// Lines and words that are looked at to find an overlap.
    static let maximumLines = 12
    static let maximumWords = 60

    private let draft: Draft

    /// Collapses a tidy draft if it rolls.
    static func apply(to draft: inout Draft) {
        guard draft.cues.count > 3 else { return }
        let collapse = RollingCollapse(draft: draft)
        let overlaps = collapse.overlaps()
        guard collapse.isRolling(overlaps) else { return }
        draft.keepNew(overlaps.map { $0.map { ($0.bytes, $0.isAll) } })
    }

    private func overlaps() -> [Overlap?] {
        draft.arena.withUnsafeBufferPointer { buffer in
            let arena = Bytes(buffer)
            var found: [Overlap?] = [nil]
            found.reserveCapacity(draft.cues.count)
            for index in 1..<draft.cues.count {
                let (before, cue) = (draft.cues[index - 1], draft.cues[index])
                guard cue.start - before.end <= RollingCollapse.maximumGap else {
                    found.append(nil)
                    continue
                }
                found.append(RollingCollapse.overlap(arena[before.text], arena[cue.text]))
            }
            return found
        }
    }

    private func isRolling(_ overlaps: [Overlap?]) -> Bool {
        let pairs = overlaps.count - 1
        let shared = overlaps.count { $0 != nil }
        let extended = overlaps.count { $0?.isAll == false }
        let hasStamps = !draft.stamps.isEmpty
        if pairs >= (hasStamps ? 3 : 7), shared * 2 >= pairs, extended * 5 >= pairs { return true }
        return isRepeatedThroughout(overlaps)
    }

    /// Whether nearly every cue is shown at least twice in a row without a gap.
    private func isRepeatedThroughout(_ overlaps: [Overlap?]) -> Bool {
        var (groups, repeated) = (0, 0)
        for (index, overlap) in overlaps.enumerated() where overlap == nil {
            groups += 1
            if index + 1 < overlaps.count, overlaps[index + 1] != nil { repeated += 1 }
        }
        return groups >= 5 && repeated * 10 >= groups * 9
    }

    /// What `text` shares with `before`: whole lines first, then words when one of the two is wholly inside the other.
    private static func overlap(_ before: Bytes, _ text: Bytes) -> Overlap? {
        if before == text { return Overlap(bytes: text.count, isAll: true) }
        let (old, new) = (Pieces(before, lastOf: 0x0A), Pieces(text, firstOf: 0x0A))
        for count in stride(from: min(old.count, new.count), to: 0, by: -1)
        where before[old.start(last: count)..<before.count] == text[0..<new.end(first: count)] {
            let end = new.end(first: count)
            return Overlap(bytes: min(end + 1, text.count), isAll: end == text.count)
        }
        return wordOverlap(before, text)
    }

    /// For captions whose lines were joined: the most words that end `before` and begin `text`.
    private static func wordOverlap(_ before: Bytes, _ text: Bytes) -> Overlap? {
        let (old, new) = (Pieces(before, lastOf: 0x20), Pieces(text, firstOf: 0x20))
        for count in stride(from: min(old.count, new.count), to: 0, by: -1) {
            let (start, end) = (old.start(last: count), new.end(first: count))
            guard before.count - start == end, before.isSame(text, start: start, count: end) else { continue }
            let isWhole = start == 0 || end == text.count
            guard isWhole || count >= 3 else { return nil }
            return Overlap(bytes: min(end + 1, text.count), isAll: end == text.count)
        }
        return nil
    }
}

/// The first or last pieces of a text between separators: where each begins or ends. An LF separates words too.
private struct Pieces {
    private var edges: [Int] = []
    let count: Int

    init(_ text: Bytes, lastOf separator: UInt8) {
        let limit = separator == 0x0A ? RollingCollapse.maximumLines : RollingCollapse.maximumWords
        var index = text.count - 1
        while index >= 0, edges.count < limit {
            if text[index] == separator || text[index] == 0x0A { edges.append(index + 1) }
            index -= 1
        }
        if index < 0, edges.count < limit { edges.append(0) }
        count = edges.count
    }

    init(_ text: Bytes, firstOf separator: UInt8) {
        let limit = separator == 0x0A ? RollingCollapse.maximumLines : RollingCollapse.maximumWords
        var index = 0
        while index < text.count, edges.count < limit {
            if text[index] == separator || text[index] == 0x0A { edges.append(index) }
            index += 1
        }
        if index == text.count, edges.count < limit { edges.append(index) }
        count = edges.count
    }

    func start(last count: Int) -> Int { edges[count - 1] }
    func end(first count: Int) -> Int { edges[count - 1] }
}

extension Bytes {
    /// Whether `count` bytes from `start` are those that `other` begins with; a space and an LF are alike.
    fileprivate func isSame(_ other: Bytes, start: Int, count: Int) -> Bool {
        for index in 0..<count where self[start + index] != other[index] {
            guard self[start + index].isSpace, other[index].isSpace else { return false }
        }
        return true
    }
}

extension Draft {
    /// Cuts from each cue the bytes that were already shown; drops the cues that show nothing else.
    fileprivate mutating func keepNew(_ overlaps: [(bytes: Int, isAll: Bool)?]) {
        var kept: [Cue] = []
        kept.reserveCapacity(cues.count / 2 + 1)
        for (index, cue) in cues.enumerated() {
            guard let overlap = overlaps[index] else {
                kept.append(cue)
                continue
            }
            if overlap.isAll { continue }
            var new = cue
            new.text = (cue.text.lowerBound + overlap.bytes)..<cue.text.upperBound
            let isOld = stamps[cue.stamps].prefix { $0.offset < new.text.lowerBound - 1 }.count
            new.stamps = (cue.stamps.lowerBound + isOld)..<cue.stamps.upperBound
            kept.append(new)
        }
        cues = kept
        repair("rolling captions: each line was kept once")
    }
}
