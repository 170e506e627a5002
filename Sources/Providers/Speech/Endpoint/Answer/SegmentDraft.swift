/// A segment that is being made: its text, and what is known of its times.
struct SegmentDraft: Sendable {
    var text: String
    /// Where the answer says so.
    var start: AudioTime?
    var end: AudioTime?
    var signs = SpeechSigns()
    /// Whether it is all of the text, because the answer has no segments.
    var isWhole = false
    private(set) var tokens: [TextToken]
    /// Of each token, where it is known.
    private(set) var spans: [AudioSpan?]

    /// A text that was not cut is cut where nobody speaks for so long,
    private static let longestPause = AudioTime(milliseconds: 1000)
    /// and after so long anyway.
    private static let longestWhole = AudioTime(milliseconds: 15_000)

    /// A longer line is no line. (Whisper's are as long as its window at most: 30 seconds.)
    private static let longestLine = AudioTime(milliseconds: 60_000)

    init(
        text: String, start: AudioTime? = nil, end: AudioTime? = nil, signs: SpeechSigns = SpeechSigns(),
        isWhole: Bool = false
    ) {
        let text = Self.printable(text)
        self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.start = start
        self.end = end
        self.signs = signs
        self.isWhole = isWhole
        tokens = TextToken.tokens(of: text)
        spans = tokens.map { _ in nil }
    }

    private init(_ whole: SegmentDraft, _ range: Range<Int>) {
        tokens = Array(whole.tokens[range])
        spans = Array(whole.spans[range])
        text = tokens.enumerated().map { ($0 == 0 || $1.isGlued ? "" : " ") + $1.text }.joined()
        signs = whole.signs
    }

    /// Without control characters, such as the one that a database doesn't take.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.properties.isWhitespace || $0.properties.generalCategory != .control }))
    }

    /// Whether its place is known: some servers give a whole file as one line, or every time as 0.
    var isTimed: Bool {
        if spans.contains(where: { $0 != nil }) { return true }
        guard let start else { return false }
        guard let end, end > start else { return start > .zero }
        return end - start <= Self.longestLine
    }

    /// Takes the times of its tokens from those of the pieces in which they were found; what is far from the segment is not
    /// believed. Tokens of scripts without spaces that came in one piece become one.
    mutating func take(
        _ matches: [WordAlignment.Match?], of pieces: [AudioSpan?], within agreement: AudioTime
    ) {
        var merged: [TextToken] = []
        var found: [WordAlignment.Match?] = []
        for (token, match) in zip(tokens, matches) {
            let isSame = match == nil || match?.first.piece == found.last??.last.piece
            if token.isGlued, isSame, !merged.isEmpty {
                merged[merged.count - 1].text += token.text
                if let match, let begun = found[found.count - 1] {
                    found[found.count - 1] = WordAlignment.Match(first: begun.first, last: match.last)
                }
            } else {
                merged.append(token)
                found.append(match)
            }
        }
        tokens = merged
        spans = found.map { $0.flatMap { span(of: $0, pieces) }.flatMap { isNear($0, agreement) ? $0 : nil } }
    }

    private func span(of match: WordAlignment.Match, _ pieces: [AudioSpan?]) -> AudioSpan? {
        guard let first = pieces[match.first.piece], let last = pieces[match.last.piece] else { return nil }
        return AudioSpan(start: first.moment(match.first.share), end: last.moment(match.last.share))
    }

    private func isNear(_ span: AudioSpan, _ agreement: AudioTime) -> Bool {
        if let start, span.start < start - agreement { return false }
        if let end, let start, end >= start, span.start > end + agreement { return false }
        return true
    }

    /// When its first word with a time begins.
    var firstWordStart: AudioTime? { spans.lazy.compactMap { $0?.start }.first }

    /// Itself, or a whole text cut at pauses.
    var sentences: [SegmentDraft] {
        guard isWhole else { return [self] }
        var sentences: [SegmentDraft] = []
        var first = 0
        var sentence: AudioSpan?
        for (index, span) in spans.enumerated() {
            guard let span else { continue }
            if let open = sentence,
                open.end + Self.longestPause < span.start || open.start + Self.longestWhole < span.end
            {
                sentences.append(SegmentDraft(self, first..<index))
                first = index
                sentence = span
            } else {
                sentence = AudioSpan(start: sentence?.start ?? span.start, end: span.end)
            }
        }
        sentences.append(SegmentDraft(self, first..<tokens.count))
        return sentences
    }
}

extension AudioSpan {
    /// The moment at a share of it, from 0 to 1.
    fileprivate func moment(_ share: Double) -> AudioTime {
        start + AudioTime(milliseconds: Int((Double(length.milliseconds) * share).rounded()))
    }
}
