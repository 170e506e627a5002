/// Gives every segment its times, and every word of a segment in which some have one.
struct SegmentTimes {
    /// How long the file is.
    var duration: AudioTime

    /// What a word takes of which nothing is known.
    private static let usualWord = AudioTime(milliseconds: 300)

    /// Segments in order, none overlapping the next, all within the file. `drafts` are in order.
    func segments(_ drafts: [SegmentDraft]) -> [TranscribedSegment] {
        let wordCeilings = ceilings(drafts, \.firstWordStart)
        let lineCeilings = ceilings(drafts) { $0.firstWordStart ?? $0.start }
        var segments: [TranscribedSegment] = []
        var floor = AudioTime.zero
        for (index, draft) in drafts.enumerated() {
            let segment =
                draft.firstWordStart == nil
                ? line(draft, from: floor, to: max(floor, lineCeilings[index]))
                : worded(draft, from: floor, to: max(floor, wordCeilings[index]))
            floor = segment.span.end
            segments.append(segment)
        }
        return segments
    }

    /// For each draft the earliest beginning of those that follow: it must have ended by then.
    private func ceilings(_ drafts: [SegmentDraft], _ beginning: (SegmentDraft) -> AudioTime?) -> [AudioTime] {
        var ceilings = drafts.map { _ in duration }
        for index in drafts.indices.dropLast().reversed() {
            ceilings[index] = min(beginning(drafts[index + 1]) ?? duration, ceilings[index + 1])
        }
        return ceilings
    }

    private func line(
        _ draft: SegmentDraft, from floor: AudioTime, to ceiling: AudioTime
    ) -> TranscribedSegment {
        let start = min(max(draft.start ?? floor, floor), ceiling)
        let span = AudioSpan(start: start, end: min(draft.end ?? ceiling, ceiling))
        return TranscribedSegment(span: span, text: draft.text, signs: draft.signs)
    }

    private func worded(
        _ draft: SegmentDraft, from floor: AudioTime, to ceiling: AudioTime
    ) -> TranscribedSegment {
        let spans = filled(inOrder(draft.spans, floor, ceiling), draft, floor, ceiling)
        let words = zip(draft.tokens, spans).map { SpokenWord($0.text, $1) }
        let span = AudioSpan(start: spans.first?.start ?? floor, end: spans.last?.end ?? floor)
        return TranscribedSegment(span: span, text: draft.text, words: words, signs: draft.signs)
    }

    /// The known times, none before the floor or behind the ceiling, each ending before the next begins.
    private func inOrder(_ spans: [AudioSpan?], _ floor: AudioTime, _ ceiling: AudioTime) -> [AudioSpan?] {
        var latest = ceiling
        return spans.reversed().map { span -> AudioSpan? in
            guard let span else { return nil }
            let start = min(max(span.start, floor), latest)
            defer { latest = start }
            return AudioSpan(start: start, end: min(span.end, latest))
        }.reversed()
    }

    /// Words without a time share what is between those with one.
    private func filled(
        _ spans: [AudioSpan?], _ draft: SegmentDraft, _ floor: AudioTime, _ ceiling: AudioTime
    ) -> [AudioSpan] {
        var filled: [AudioSpan] = []
        var index = 0
        while index < spans.count {
            if let span = spans[index] {
                filled.append(span)
                index += 1
                continue
            }
            let next = spans[index...].firstIndex { $0 != nil } ?? spans.count
            let usual = AudioTime(milliseconds: Self.usualWord.milliseconds * (next - index))
            let known = next < spans.count ? spans[next]?.start : nil
            let lower = filled.last?.end ?? max(floor, draft.start ?? (known ?? floor) - usual)
            let upper = known ?? max(lower, min(ceiling, draft.end ?? lower + usual))
            filled += shares(of: AudioSpan(start: min(lower, upper), end: upper), draft.tokens[index..<next])
            index = next
        }
        return filled
    }

    private func shares(of span: AudioSpan, _ tokens: ArraySlice<TextToken>) -> [AudioSpan] {
        let all = max(1, tokens.reduce(0) { $0 + $1.text.count })
        var position = 0
        return tokens.map { token in
            let start = span.start.milliseconds + span.length.milliseconds * position / all
            position += token.text.count
            let end = span.start.milliseconds + span.length.milliseconds * position / all
            return AudioSpan(start: AudioTime(milliseconds: start), end: AudioTime(milliseconds: end))
        }
    }
}
