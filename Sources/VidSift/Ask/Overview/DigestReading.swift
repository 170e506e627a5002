internal import Providers

/// A part of the passages that stand for a scope, and what a model has noted of them.
struct DigestReading: Sendable {
    /// In reading order.
    var passages: [Retrieval.Passage]
    /// None where the model failed, or said nothing that can be used.
    var notes: [PassageNote]

    /// Whether the model has read the passages, as far as anybody can tell.
    var isRead: Bool { !notes.isEmpty }
}

/// One thing that a model has noted, and which passages say it.
struct PassageNote: Sendable, Hashable {
    /// The longest note.
    static let maximumTokens = 80
    /// Letters that a note has at least; some scripts need few.
    private static let leastLetters = 4

    var text: String
    /// The places of its passages in the group, the first named first; never none.
    var places: [Int]
}

extension PassageNote {
    /// The notes in a model's answer: its lines that name a passage that is there and that say something of it.
    ///
    /// What is no note is dropped: lines without a number, or with invented ones alone; words that are not the
    /// passages' own.
    static func all(in answer: String, of passages: [Retrieval.Passage]) -> [PassageNote] {
        let notes = ModelText.withoutReasoning(answer).split(whereSeparator: \.isNewline).lazy.compactMap { line in
            PassageNote(line: line, of: passages)
        }
        return Array(notes.prefix(NotesPrompt.maximumNotes))
    }

    private init?(line: Substring, of passages: [Retrieval.Passage]) {
        let read = MarkedLine(line)
        places = read.numbers.map { $0 - 1 }.filter(passages.indices.contains)
        guard !places.isEmpty else { return nil }
        let said = places.map { "\(passages[$0].video.title)\n\(passages[$0].passage.text)" }.joined(separator: "\n")
        // "[2]: The queen lays eggs."
        let noted = read.text.drop { " \t:.-–—*•".contains($0) }
        guard let cleaned = SummaryText.cleaned(String(noted), said: said, leastLetters: Self.leastLetters) else {
            return nil
        }
        text = TokenEstimate.cut(cleaned, toTokens: Self.maximumTokens)
    }
}

/// A line of a model's text, and the numbers in its markers.
private struct MarkedLine {
    private(set) var text = ""
    private(set) var numbers: [Int] = []

    init(_ line: Substring) {
        var rest = line.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar.opensBracket, let (marked, end) = Self.marker(in: rest) else {
                text.unicodeScalars.append(scalar)
                continue
            }
            numbers += marked.filter { !numbers.contains($0) }
            rest = rest[end...]
        }
    }

    /// The numbers of the marker whose bracket was opened, and where it ends; nil where it is none.
    private static func marker(
        in scalars: Substring.UnicodeScalarView
    ) -> (numbers: [Int], end: Substring.UnicodeScalarView.Index)? {
        var reader = MarkerReader()
        for place in scalars.indices.prefix(MarkerReader.maximumLength) {
            switch reader.take(scalars[place]) {
            case .more: continue
            case .text: return nil
            case .marker(let numbers): return (numbers, scalars.index(after: place))
            case .removed: return ([], scalars.index(after: place))
            }
        }
        return nil
    }
}
