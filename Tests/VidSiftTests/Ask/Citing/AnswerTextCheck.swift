import Foundation

/// Looks at an answer's text the way a reader does, who knows its citations and nothing of how it was made.
struct AnswerTextCheck {
    private(set) var faults: [String] = []

    /// - Parameters:
    ///   - marks: what stands for each citation, and where it ends in UTF-8 bytes of the text.
    ///   - spokenTimes: what may stand there, because somebody says it.
    init(_ text: String, marks: [(text: String, end: Int)], spokenTimes: Set<String>) {
        for sign in ["://", "www.", "](", "javascript:"] where text.localizedCaseInsensitiveContains(sign) {
            faults.append("\(sign) in the text")
        }
        if text.firstMatch(of: /<[A-Za-z\/!?]/) != nil { faults.append("a tag") }
        checkMarks(text, marks, spokenTimes)
    }

    /// Every bracket is a citation's, in order and at its place; no other time is there.
    private mutating func checkMarks(
        _ text: String, _ marks: [(text: String, end: Int)], _ spokenTimes: Set<String>
    ) {
        var rest = ""
        var start = 0
        let bytes = Array(text.utf8)
        for (mark, end) in marks {
            guard end - mark.utf8.count >= start else { return faults.append("marks overlap") }
            let part = String(decoding: bytes[start..<end], as: UTF8.self)
            guard part.hasSuffix(mark) else { return faults.append("no \(mark) before its citation") }
            rest += part.dropLast(mark.count) + " "
            start = end
        }
        rest += String(decoding: bytes[start...], as: UTF8.self)
        if rest.contains(where: { "[]".contains($0) }) { faults.append("a bracket that is no citation's") }
        for time in rest.matches(of: /[0-9]+:[0-9][0-9](?::[0-9][0-9])*(?![0-9])/)
        where !spokenTimes.contains(String(time.output)) {
            faults.append("the time \(time.output)")
        }
    }
}
