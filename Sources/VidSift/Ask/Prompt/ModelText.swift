internal import Foundation

/// What stands around a model's thinking where its server does not keep that apart from what it says.
struct ReasoningMarks: Sendable, Hashable {
    let opening: String
    let closing: String

    static let all = ["think", "thinking", "reasoning"].map { name in
        ReasoningMarks(opening: "<\(name)>", closing: "</\(name)>")
    }
}

/// What models write around what they were asked for.
enum ModelText {
    /// The text without what a model has thought aloud.
    static func withoutReasoning(_ text: String) -> String {
        var text = text
        for marks in ReasoningMarks.all {
            while let start = text.range(of: marks.opening, options: .caseInsensitive) {
                let end = text.range(
                    of: marks.closing, options: .caseInsensitive, range: start.upperBound..<text.endIndex)
                text.removeSubrange(start.lowerBound..<(end?.upperBound ?? text.endIndex))
            }
            // Some servers have taken the opening into the prompt.
            if let end = text.range(of: marks.closing, options: .caseInsensitive) {
                text.removeSubrange(text.startIndex..<end.upperBound)
            }
        }
        return text
    }
}
