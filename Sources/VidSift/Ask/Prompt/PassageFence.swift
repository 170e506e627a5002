internal import Foundation
internal import Providers

/// Passages as a model reads them: numbered, each with its title, date and chapter, between two lines that no passage
/// can write.
struct PassageFence: Sendable {
    /// The most characters of a title or a chapter.
    static let maximumNameLength = 150
    /// Fewer tokens of a passage are not worth its place.
    private static let leastCutTokens = 40

    /// Random, of one request.
    let mark: String

    var opening: String { "<passages \(mark)>" }
    var closing: String { "</passages \(mark)>" }

    /// The first passages that fit, and how many they are. Where not even the first fits, it is cut.
    func block(_ passages: [Retrieval.Passage], tokens: Int) -> (text: String, count: Int) {
        var left = tokens
        var entries: [String] = []
        for (place, passage) in passages.enumerated() {
            let head = head(of: passage, number: place + 1)
            let text = QuotedData.line(passage.passage.text, without: mark)
            let cost = TokenEstimate.tokens(in: head) + TokenEstimate.tokens(in: text)
            if cost <= left {
                left -= cost
                entries.append(head + text)
                continue
            }
            let rest = left - TokenEstimate.tokens(in: head)
            if entries.isEmpty, rest >= Self.leastCutTokens {
                entries.append(head + TokenEstimate.cut(text, toTokens: rest))
            }
            break
        }
        let content = entries.isEmpty ? "No passage was found." : entries.joined(separator: "\n")
        return ("\(opening)\n\(content)\n\(closing)", entries.count)
    }

    /// What a passage costs at most, whatever its number.
    static func tokens(of passage: Retrieval.Passage) -> Int {
        let fence = PassageFence(mark: "")
        return TokenEstimate.tokens(in: fence.head(of: passage, number: highestNumber))
            + TokenEstimate.tokens(in: QuotedData.line(passage.passage.text, without: ""))
    }

    private static let highestNumber = 9_999

    /// `[2] "Title" (added 2026-11-24; chapter "Name"): `
    private func head(of passage: Retrieval.Passage, number: Int) -> String {
        var details: [String] = []
        if let date = passage.addedAt { details.append("added \(Self.day(date))") }
        if let chapter = passage.passage.chapter { details.append("chapter \(name(chapter))") }
        let suffix = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
        return "[\(number)] \(name(passage.video.title))\(suffix): "
    }

    private func name(_ text: String) -> String {
        let line = QuotedData.line(text, without: mark).replacing("\"", with: "”")
        return line.count <= Self.maximumNameLength ? "\"\(line)\"" : "\"\(line.prefix(Self.maximumNameLength))…\""
    }

    private static func day(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}
