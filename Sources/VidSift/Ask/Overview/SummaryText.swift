internal import Foundation

/// Makes a model's summary fit to be shown: nothing in it leads anywhere, and no time in it is the model's own.
enum SummaryText {
    /// The longest summary in characters.
    static let maximumLength = 2_000
    /// Letters that a summary has at least.
    static let leastLetters = 15
    /// The share of its content words that the video's own words must be.
    private static let leastShare = 0.2

    /// The text that can be shown; nil where it says nothing of the video.
    ///
    /// - Parameters:
    ///   - said: what is said in the video.
    ///   - leastLetters: with fewer it says nothing.
    static func cleaned(_ answer: String, said: String, leastLetters: Int = leastLetters) -> String? {
        let lines = plain(ModelText.withoutReasoning(answer), said: said).split(whereSeparator: \.isNewline)
        let text = lines.map { withoutBullet($0.trimmingCharacters(in: .whitespaces)) }.filter { !$0.isEmpty }
            .joined(separator: " ")
        let line = QuotedData.line(text, without: "").replacing(#/\s+([.,;:!?])/#) { String($0.output.1) }
        guard line.count(where: \.isLetter) >= leastLetters, isAbout(said, line) else { return nil }
        return cut(line)
    }

    /// A title in one line; nil where nothing is left.
    static func title(_ text: String, said: String) -> String? {
        let line = QuotedData.line(withoutBullet(plain(text, said: said)), without: "")
        let trimmed = line.trimmingCharacters(in: CharacterSet(charactersIn: " \"“”'.:;,-–"))
        guard trimmed.contains(where: \.isLetter), trimmed.count <= KeyTermTitles.maximumLength else { return nil }
        return trimmed
    }

    private static func plain(_ text: String, said: String) -> String {
        var text = text.replacing(#/!?\[([^\]\n]*)\]\([^)\n]*\)/#) { String($0.output.1) }
        text = text.replacing(#/(?i)\b(?:[a-z][a-z0-9+.\-]*:\/\/|www\.)[^\s]*/#, with: "")
        text = text.replacing(#/<[^>\n]{0,300}>/#, with: "")
        text = text.replacing(#/[\[(][^\])\n]{0,12}\d[^\])\n]{0,24}[\])]/#) { match in
            match.output.contains(where: \.isLetter) && !match.output.contains(":") ? String(match.output) : ""
        }
        text = text.replacing(#/\b\d{1,2}:\d{2}(?::\d{2})?\b/#) { said.contains($0.output) ? String($0.output) : "" }
        text = text.replacing(#/(?m)^\s{0,3}(?:#{1,6}\s*|```.*$|>\s?)/#, with: "")
        text = text.replacing(#/\*\*|__|`/#, with: "")
        return text.replacing(
            #/(?i)^\s*(?:here is |here's )?(?:the |a )?(?:short |brief )?summary[^:\n]{0,40}:\s*/#, with: "")
    }

    private static func withoutBullet(_ line: String) -> String {
        line.replacing(#/^(?:[-*•–]\s+|\d{1,2}[.)]\s+)/#, with: "")
    }

    /// Whether enough of its words are said in the video, by their stems.
    private static func isAbout(_ said: String, _ text: String) -> Bool {
        let analysis = TextAnalysis(language: "en")
        let spoken = Set(analysis.terms(in: said).map(\.hash))
        let words = analysis.terms(in: ContentWords.of(String(text.prefix(maximumLength))).joined(separator: " "))
        guard !words.isEmpty else { return false }
        return Double(words.count { spoken.contains($0.hash) }) >= leastShare * Double(words.count)
    }

    /// The first sentences that are no longer than a summary may be.
    private static func cut(_ line: String) -> String {
        guard line.count > maximumLength else { return line }
        let head = line.prefix(maximumLength)
        let end = head.lastIndex { ".!?。！？".contains($0) }
        return String(end.map { head[...$0] } ?? head)
    }
}
