/// Takes what a model thinks aloud out of an answer while it comes: what stands between `<think>` and `</think>` at the
/// answer's very beginning. Elsewhere such marks are text.
///
/// Pure, and the same however the answer is cut up. Nothing is held back but what may be the beginning of a mark. White
/// space before the first word is left out.
struct ReasoningFilter: Sendable {
    private enum Place {
        /// Nothing but white space and thoughts so far.
        case beginning
        /// Behind an opening; until this mark.
        case thought(closing: [Unicode.Scalar])
        case answer
    }

    private var place = Place.beginning
    /// What may be the beginning of a mark.
    private(set) var held: [Unicode.Scalar] = []

    /// Reads on, and gives what is the answer's.
    mutating func read(_ piece: String) -> String {
        if case .answer = place { return piece }
        held += piece.unicodeScalars
        while true {
            switch place {
            case .beginning:
                held.removeFirst(held.prefix { $0.properties.isWhitespace }.count)
                if let marks = Self.marks.first(where: { held.begins(with: $0.opening) }) {
                    held.removeFirst(marks.opening.count)
                    place = .thought(closing: marks.closing)
                    continue
                }
                if Self.marks.contains(where: { $0.opening.begins(with: held) }) { return "" }
                place = .answer
            case .thought(let closing):
                guard let end = held.end(of: closing) else {
                    held.removeFirst(max(0, held.count - (closing.count - 1)))
                    return ""
                }
                held.removeFirst(end)
                place = .beginning
            case .answer: return takeHeld()
            }
        }
    }

    /// The model has ended: what looked like the beginning of a mark was text; a thought without an end is none.
    mutating func finish() -> String {
        if case .thought = place { held = [] }
        place = .answer
        return takeHeld()
    }

    private mutating func takeHeld() -> String {
        defer { held = [] }
        return String(String.UnicodeScalarView(held))
    }

    private static let marks = ReasoningMarks.all.map { marks in
        (opening: Array(marks.opening.unicodeScalars), closing: Array(marks.closing.unicodeScalars))
    }
}

extension [Unicode.Scalar] {
    /// Whether it begins with a mark, in capitals or not.
    fileprivate func begins(with mark: [Unicode.Scalar]) -> Bool {
        count >= mark.count && zip(self, mark).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// The place behind a mark.
    fileprivate func end(of mark: [Unicode.Scalar]) -> Int? {
        guard count >= mark.count else { return nil }
        return (0...count - mark.count).first { start in
            zip(self[start...], mark).allSatisfy { $0.lowercasedASCII == $1 }
        }
        .map { $0 + mark.count }
    }
}
