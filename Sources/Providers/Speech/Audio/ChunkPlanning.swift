/// Cuts a recording into parts: in the middle of the longest silence before a part gets too long, else anywhere, with an
/// overlap. A pure function of the recording's length and silences.
struct ChunkPlanning {
    var duration: AudioTime
    /// In order, not overlapping.
    var silences: [AudioSpan]
    var limits: ChunkLimits

    /// Sound at a part's edge that may be in it although it counts as silent.
    private static let silentTolerance = AudioTime(milliseconds: 100)

    private struct Cut {
        var end: AudioTime
        var overlap: AudioTime
    }

    func chunks() -> [AudioChunk] {
        var chunks: [AudioChunk] = []
        var start = AudioTime.zero
        var overlap = AudioTime.zero
        var nextSilence = 0
        while start < duration {
            let cut = cut(after: start, &nextSilence)
            let span = AudioSpan(start: start, end: cut.end)
            chunks.append(
                AudioChunk(index: chunks.count, span: span, overlap: overlap, isSilent: isSilent(span, nextSilence)))
            if cut.end == duration { break }
            start = cut.end - cut.overlap
            overlap = cut.overlap
        }
        return chunks
    }

    /// - Parameter index: The first silence that matters; those before it are passed.
    private func cut(after start: AudioTime, _ index: inout Int) -> Cut {
        while index < silences.count, silences[index].end <= start { index += 1 }
        guard start + limits.maximum < duration else { return Cut(end: duration, overlap: .zero) }
        // What is left must not be too short for a part.
        let latest = min(start + limits.maximum, duration - limits.minimum)
        let window = AudioSpan(start: max(latest - limits.window, start + limits.minimum), end: latest)
        if let silence = longestSilence(in: window, from: index) {
            return Cut(end: silence.middle, overlap: .zero)
        }
        return Cut(end: latest, overlap: limits.overlap)
    }

    /// What is within the window of the silence that has most in it; of equal ones the last.
    private func longestSilence(in window: AudioSpan, from index: Int) -> AudioSpan? {
        var longest: AudioSpan?
        for silence in silences[index...] {
            if silence.start >= window.end { break }
            guard let part = silence.intersection(window), part.length > .zero else { continue }
            if part.length >= longest?.length ?? .zero { longest = part }
        }
        return longest
    }

    private func isSilent(_ span: AudioSpan, _ index: Int) -> Bool {
        silences[index...].prefix { $0.start <= span.start + Self.silentTolerance }.contains {
            $0.end + Self.silentTolerance >= span.end
        }
    }
}
