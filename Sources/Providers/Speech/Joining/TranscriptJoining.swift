/// Makes one transcript of the parts of a recording: pure, and quick enough to be done anew after each part.
public enum TranscriptJoining {
    /// The segments of all parts, in order, what two parts have both heard only once. Parts may be missing.
    public static func joined(_ chunks: [TranscribedChunk]) -> [TranscribedSegment] {
        var joined: [TranscribedSegment] = []
        var previous: AudioChunk?
        for part in chunks.sorted(by: { $0.chunk.index < $1.chunk.index }) {
            if let previous, previous.index + 1 == part.chunk.index, part.chunk.overlap > .zero {
                let shared = AudioSpan(start: part.chunk.span.start, end: previous.span.end)
                join(&joined, part.segments, shared)
            } else if previous?.index != part.chunk.index {
                joined += part.segments
            }
            previous = part.chunk
        }
        return inOrder(joined)
    }

    /// Words near the shared stretch may be in it for one part and beside it for the other.
    private static let margin = AudioTime(milliseconds: 1000)

    private static func join(_ left: inout [TranscribedSegment], _ right: [TranscribedSegment], _ shared: AudioSpan) {
        let leftCount = left.reversed().prefix { $0.span.end >= shared.start - margin }.count
        let rightCount = right.prefix { $0.span.start <= shared.end + margin }.count
        let tail = left.suffix(leftCount).map(WordedSegment.init)
        let head = right.prefix(rightCount).map(WordedSegment.init)
        let seam = OverlapSeam.between(tail.flatMap(\.words), head.flatMap(\.words), shared)
        left.removeLast(leftCount)
        left += kept(tail, seam.left) + kept(head, seam.right) + right.dropFirst(rightCount)
    }

    private static func kept(_ segments: [WordedSegment], _ flags: [Bool]) -> [TranscribedSegment] {
        var flags = flags[...]
        return segments.compactMap { segment in
            defer { flags = flags.dropFirst(segment.words.count) }
            return segment.segment.keeping(Array(flags.prefix(segment.words.count)))
        }
    }

    /// Two parts may differ by some milliseconds about the words at their seam.
    private static func inOrder(_ segments: [TranscribedSegment]) -> [TranscribedSegment] {
        var floor = AudioTime.zero
        return segments.map { segment in
            var segment = segment
            for index in segment.words.indices {
                segment.words[index].span = segment.words[index].span.notBefore(floor)
                floor = segment.words[index].span.start
            }
            let start = segment.words.first?.span.start ?? segment.span.notBefore(floor).start
            segment.span = AudioSpan(start: start, end: segment.words.last?.span.end ?? segment.span.end)
            floor = segment.span.start
            if let last = segment.words.last { floor = last.span.start }
            return segment
        }
    }
}

/// A segment and its words, whose times are estimated where they are not known.
private struct WordedSegment {
    var segment: TranscribedSegment
    var words: [SpokenWord]

    init(_ segment: TranscribedSegment) {
        self.segment = segment
        words = segment.estimatedWords
    }
}

extension AudioSpan {
    fileprivate func notBefore(_ floor: AudioTime) -> AudioSpan {
        AudioSpan(start: max(start, floor), end: max(end, floor))
    }
}
