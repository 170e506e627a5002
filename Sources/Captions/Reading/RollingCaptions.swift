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
    /// How much of the end of a cue is looked at to find an overlap, in bytes, and how many places are tried.
    static let maximumBytes = 1024
    static let maximumAttempts = 64

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

    /// The longest end of `before` that `text` begins with: whole lines first, then words.
    private static func overlap(_ before: Bytes, _ text: Bytes) -> Overlap? {
        let first = text[0]
        var start = max(0, before.count - min(maximumBytes, text.count))
        var (attempts, words): (Int, Int?) = (0, nil)
        while attempts < maximumAttempts {
            start = before.first(first, from: start, to: before.count)
            if start == before.count { break }
            if start == 0 || before[start - 1].isSpace, before.endsLike(text, from: start) {
                attempts += 1
                let end = before.count - start
                let isLine = (start == 0 || before[start - 1] == 0x0A) && (end == text.count || text[end] == 0x0A)
                if isLine { return Overlap(bytes: min(end + 1, text.count), isAll: end == text.count) }
                words = words ?? start
            } else if before.at(start + 1) == text.at(1) {
                attempts += 1
            }
            start += 1
        }
        return words.flatMap { wordOverlap(before, text, from: $0) }
    }

    /// For captions whose lines were joined: one of the two is wholly inside the other, or several words are shared.
    private static func wordOverlap(_ before: Bytes, _ text: Bytes, from start: Int) -> Overlap? {
        let end = before.count - start
        let isWhole = start == 0 || end == text.count
        guard isWhole || text[0..<end].buffer.count(where: \.isSpace) >= 2 else { return nil }
        return Overlap(bytes: min(end + 1, text.count), isAll: end == text.count)
    }
}

extension Bytes {
    /// Whether all from `start` on is what `other` begins with, up to the end of a word; a space and an LF are alike.
    @inline(__always)
    fileprivate func endsLike(_ other: Bytes, from start: Int) -> Bool {
        let length = count - start
        guard length <= other.count, length == other.count || other[length].isSpace else { return false }
        var index = 0
        while index < length {
            let (mine, theirs) = (self[start + index], other[index])
            if mine != theirs, !(mine.isSpace && theirs.isSpace) { return false }
            index += 1
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
