/// Makes a transcription of an endpoint's answer: pure, so that every oddity has a test.
///
/// What comes out is in order, within the file, and no segment overlaps the next; each word of a segment has a time, or
/// none has. Times that can't be (negative, behind the end, out of order, not numbers) are left out, and words without
/// one get theirs from their neighbours.
struct TranscriptionReading {
    /// How long the file is.
    var duration: AudioTime
    /// A text without any times is taken for as much speech as this.
    var maximumUntimed: AudioTime

    /// Servers pad files, and round: so much beyond the file's ends is still taken for its end.
    static let tolerance = AudioTime(milliseconds: 500)
    /// A word that is said to be so far from its own segment is somewhere else.
    static let agreement = AudioTime(milliseconds: 5000)

    /// Nobody speaks so many letters in a second, and no loop of a speech model has so many;
    static let lettersPerSecond = 100
    /// in a short file a server may still write so many.
    static let lettersAnyway = 1000

    /// - Throws: ``ProviderError`` of kind `invalidResponse` where a long text has no times, or is too long for the file.
    func transcription(of answer: TranscriptionAnswer) throws -> Transcription {
        let drafts = try drafts(answer)
        let segments =
            drafts.contains(where: \.isTimed)
            ? SegmentTimes(duration: duration).segments(drafts) : try untimed(drafts)
        return Transcription(language: answer.language.flatMap(SpokenLanguage.code), segments: segments)
    }

    /// All of the text as one segment.
    private func untimed(_ drafts: [SegmentDraft]) throws -> [TranscribedSegment] {
        let text = drafts.map(\.text).joined(separator: " ")
        if text.isEmpty { return [] }
        guard duration <= maximumUntimed else {
            throw ProviderError(
                .invalidResponse,
                "The transcription endpoint gives a text without times: a model that knows verbose_json is needed.")
        }
        return [TranscribedSegment(span: AudioSpan(start: .zero, end: duration), text: text)]
    }

    /// The texts with the times that can be believed.
    private func drafts(_ answer: TranscriptionAnswer) throws -> [SegmentDraft] {
        let segments = OrderedTimes.sorted(whole(answer.segments)) { time($0.start) }
            // What is no number says nothing against the text.
            .filter { !(($0.start ?? 0) > (duration + Self.tolerance).seconds) }
        let nested = segments.flatMap(\.words)
        let pieces = nested.isEmpty ? OrderedTimes.sorted(answer.words) { time($0.start) } : nested
        var drafts = segments.map {
            SegmentDraft(text: $0.text, start: time($0.start), end: time($0.end), signs: $0.signs)
        }
        if drafts.isEmpty {
            let text = answer.text ?? answer.words.map(\.text).joined(separator: " ")
            drafts = [SegmentDraft(text: text, isWhole: true)]
        }
        drafts.removeAll { $0.tokens.isEmpty }
        try checkLength(drafts)
        giveTimes(of: pieces, to: &drafts)
        return drafts.flatMap(\.sentences)
    }

    private func checkLength(_ drafts: [SegmentDraft]) throws {
        let most = Self.lettersAnyway + Int(max(0, duration.seconds)) * Self.lettersPerSecond
        guard drafts.reduce(0, { $0 + $1.text.count }) <= most else {
            throw ProviderError(
                .invalidResponse, "The transcription endpoint gives more text than can be said in the file's time.")
        }
    }

    /// whisper.cpp cuts its lines in the middle of words: the rest of a word goes to the line where it begins.
    private func whole(_ segments: [TranscriptionAnswer.Segment]) -> [TranscriptionAnswer.Segment] {
        let indented = segments.count { $0.text.first?.isWhitespace ?? false }
        guard indented * 2 > segments.count else { return segments }
        var whole: [TranscriptionAnswer.Segment] = []
        for segment in segments {
            var segment = segment
            if !whole.isEmpty, let first = segment.text.first, !first.isWhitespace {
                let rest = segment.text.prefix { !$0.isWhitespace }
                whole[whole.count - 1].text += rest
                segment.text.removeFirst(rest.count)
            }
            whole.append(segment)
        }
        return whole
    }

    private func giveTimes(of pieces: [TranscriptionAnswer.Piece], to drafts: inout [SegmentDraft]) {
        let starts = pieces.map { time($0.start) }
        let areOrdered = OrderedTimes.areOrdered(starts)
        let spans = pieces.indices.map { index -> AudioSpan? in
            guard areOrdered[index], let start = starts[index] else { return nil }
            return AudioSpan(start: start, end: time(pieces[index].end) ?? start)
        }
        let tokens = drafts.flatMap(\.tokens)
        var matches = WordAlignment.matches(
            of: tokens.map(\.letters), in: pieces.map { TextToken.letters(of: $0.text) })[...]
        for index in drafts.indices {
            let count = drafts[index].tokens.count
            drafts[index].take(Array(matches.prefix(count)), of: spans, within: Self.agreement)
            matches = matches.dropFirst(count)
        }
    }

    /// A time that can be; nil for one that can't.
    private func time(_ seconds: Double?) -> AudioTime? {
        guard let seconds, seconds.isFinite else { return nil }
        let time = AudioTime(seconds: seconds)
        guard time >= .zero - Self.tolerance, time <= duration + Self.tolerance else { return nil }
        return min(max(time, .zero), duration)
    }
}
