/// Tells what was said from what a speech model made up where it heard nothing clearly.
public struct InventedText: Sendable {
    /// From where on a text is taken for made up.
    public struct Thresholds: Sendable, Hashable {
        /// The probability that nobody speaks above which a text is doubted. (`no_speech_threshold` of openai/whisper.)
        public var noSpeech = 0.6
        /// The mean log probability below which a text is doubted; both together drop it. (`logprob_threshold` of
        /// openai/whisper.)
        public var logProbability = -1.0
        /// The compression above which a text repeats itself. (`compression_ratio_threshold` of openai/whisper.)
        public var compression = 2.4
        /// That figure is of a whole window of 30 seconds, so that good sentences share it with the loop behind them: a
        /// segment is dropped for it only if so much of itself repeats. (Our own.)
        public var repeatedShare = 0.5
        /// A segment of fewer words is never dropped for it: people do say three words four times ("no, not again"), and
        /// its letters weigh little in the window's figure. (Our own.)
        public var repeatedWords = 13
        /// A silence in which no word can be: shorter ones lie between sentences, whose times are not so exact. (Our own.)
        public var longSilence = AudioTime(milliseconds: 3000)
        /// So much at the ends of a long silence may belong to words. (Our own.)
        public var silenceEdge = AudioTime(milliseconds: 500)
        /// The share of a segment that must be in long silences for it to be dropped. (Our own.)
        public var silentShare = 0.9
        /// The share of a well-known invented line that must be silent for it to be dropped. (Our own.)
        public var phantomSilentShare = 0.5

        /// The defaults.
        public init() {}
    }

    private let thresholds: Thresholds
    private let silences: [AudioSpan]
    private let longSilences: [AudioSpan]

    /// - Parameter silences: Where nothing can be heard in the recording, in order.
    public init(silences: [AudioSpan], thresholds: Thresholds = Thresholds()) {
        self.thresholds = thresholds
        self.silences = silences
        longSilences = silences.filter { $0.length >= thresholds.longSilence }.map {
            AudioSpan(start: $0.start + thresholds.silenceEdge, end: $0.end - thresholds.silenceEdge)
        }
    }

    /// What was said, and what was not. The times of `segments` are those of the recording.
    public func sift(_ segments: [TranscribedSegment]) -> (said: [TranscribedSegment], dropped: [DroppedText]) {
        var dropped: [DroppedText] = []
        var said = segments.filter { segment in
            guard let reason = reason(segment) else { return true }
            dropped.append(DroppedText(text: segment.text, span: segment.span, reason: reason))
            return false
        }
        said = withoutLoops(said, &dropped)
        said.removeAll { segment in
            guard isRepetitive(segment) else { return false }
            dropped.append(DroppedText(text: segment.text, span: segment.span, reason: .compression))
            return true
        }
        return (said, dropped.sorted { $0.span.start < $1.span.start })
    }

    /// Why a segment is dropped, looked at alone.
    private func reason(_ segment: TranscribedSegment) -> DroppedText.Reason? {
        if segment.isSoundMark { return .soundMark }
        let isWordless = (segment.signs.noSpeech ?? 0) > thresholds.noSpeech
        if isWordless, (segment.signs.logProbability ?? 0) < thresholds.logProbability { return .noSpeech }
        if silentShare(segment.span, longSilences) >= thresholds.silentShare { return .silence }
        if PhantomLines.contains(segment.text),
            isWordless || silentShare(segment.span, silences) >= thresholds.phantomSilentShare
        {
            return .phantomLine
        }
        return nil
    }

    private func isRepetitive(_ segment: TranscribedSegment) -> Bool {
        guard (segment.signs.compression ?? 0) > thresholds.compression else { return false }
        let words = segment.keys
        return words.count >= thresholds.repeatedWords
            && RepeatedWords.repeatedShare(words) > thresholds.repeatedShare
    }

    /// Loops go across segments.
    private func withoutLoops(
        _ segments: [TranscribedSegment], _ dropped: inout [DroppedText]
    ) -> [TranscribedSegment] {
        var flags = RepeatedWords.areLoops(segments.flatMap(\.keys))[...]
        guard flags.contains(true) else { return segments }
        var kept: [TranscribedSegment] = []
        for segment in segments {
            let own = flags.prefix(segment.estimatedWords.count)
            flags = flags.dropFirst(own.count)
            if let rest = segment.keeping(own.map { !$0 }) { kept.append(rest) }
            if own.contains(true), let surplus = segment.keeping(Array(own)) {
                dropped.append(DroppedText(text: surplus.text, span: surplus.span, reason: .loop))
            }
        }
        return kept
    }

    /// How much of `span` lies in `silences`, from 0 to 1.
    private func silentShare(_ span: AudioSpan, _ silences: [AudioSpan]) -> Double {
        let shared = silences[firstIndex(endingAfter: span.start, silences)...].prefix { $0.start <= span.end }
            .compactMap { $0.intersection(span) }
        if span.length == .zero { return shared.isEmpty ? 0 : 1 }
        return Double(shared.reduce(0) { $0 + $1.length.milliseconds }) / Double(span.length.milliseconds)
    }

    private func firstIndex(endingAfter time: AudioTime, _ silences: [AudioSpan]) -> Int {
        var low = 0
        var high = silences.count
        while low < high {
            let middle = (low + high) / 2
            if silences[middle].end >= time { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension TranscribedSegment {
    fileprivate var keys: [String] { estimatedWords.map { TextToken.key(of: $0.text) } }

    /// Whether there is no word in it, but for a short remark in brackets or between asterisks. A bracket that is never
    /// closed is none: what follows it may have been said.
    fileprivate var isSoundMark: Bool {
        guard text.contains(where: \.isPartOfWord) else { return true }
        guard estimatedWords.count <= Self.longestMark else { return false }
        var depth = 0
        var isStarred = false
        for character in text {
            switch character {
            case "[", "(", "【", "（": depth += 1
            case "]", ")", "】", "）": depth = max(0, depth - 1)
            case "*": isStarred.toggle()
            default: if depth == 0, !isStarred, character.isPartOfWord { return false }
            }
        }
        return depth == 0 && !isStarred
    }

    /// In words, which are characters in scripts without spaces.
    private static let longestMark = 12
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber }
}
