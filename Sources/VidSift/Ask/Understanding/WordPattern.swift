/// A pattern over the words of a question, written as a line:
///
///     how many times *4 mention|mentions X
///
/// `a|b` is one of the words, `a|b?` the same or nothing, `*4` up to four words of any kind, `X` the words that are
/// sought (at least one; all that follow, where it ends the pattern), `{name}` a list that has a name.
struct WordPattern: Sendable {
    private enum Element {
        case one(Set<String>)
        case maybe(Set<String>)
        case any(Int)
        case sought
    }

    private let elements: [Element]

    init(_ line: String, lists: [String: String] = [:]) {
        elements = line.split(separator: " ").map { part in
            if part == "X" { return .sought }
            if part.hasPrefix("*"), let count = Int(part.dropFirst()) { return .any(count) }
            let isOptional = part.hasSuffix("?")
            var names = isOptional ? String(part.dropLast()) : String(part)
            for (name, list) in lists { names = names.replacing("{\(name)}", with: list) }
            let words = Set(names.split(separator: "|").map(String.init))
            return isOptional ? .maybe(words) : .one(words)
        }
    }

    /// The places of the sought words, where the pattern fits somewhere; the earliest.
    func sought(in question: QuestionWords) -> Range<Int>? {
        for start in question.words.indices {
            if let found = match(elements[...], question.words, start, nil) { return found }
        }
        return nil
    }

    private func match(
        _ rest: ArraySlice<Element>, _ words: [String], _ place: Int, _ found: Range<Int>?
    ) -> Range<Int>? {
        guard let element = rest.first else { return found }
        let next = rest.dropFirst()
        switch element {
        case .one(let set):
            return place < words.count && set.contains(words[place]) ? match(next, words, place + 1, found) : nil
        case .maybe(let set):
            if place < words.count, set.contains(words[place]), let found = match(next, words, place + 1, found) {
                return found
            }
            return match(next, words, place, found)
        case .any(let maximum):
            for count in 0...maximum where place + count <= words.count {
                if let found = match(next, words, place + count, found) { return found }
            }
            return nil
        case .sought:
            guard place < words.count else { return nil }
            if next.isEmpty { return place..<words.count }
            for end in place + 1...words.count {
                if let found = match(next, words, end, place..<end) { return found }
            }
            return nil
        }
    }
}
