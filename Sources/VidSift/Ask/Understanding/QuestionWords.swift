/// The words of a question in order: small letters, English contractions and French elisions taken apart.
struct QuestionWords: Sendable, Hashable {
    /// Words that are looked at; what is longer needs no look.
    static let maximum = 60

    let text: String
    private(set) var words: [String] = []
    /// Where each word stands in the text; the parts of a contraction stand at the same place.
    private(set) var ranges: [Range<String.Index>] = []
    /// Whether there are more words than were looked at.
    private(set) var isLong = false

    init(_ text: String) {
        self.text = text
        var start: String.Index?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let isInside =
                character.isLetter || character.isNumber || (start != nil && Self.apostrophes.contains(character))
            if isInside {
                start = start ?? index
            } else if let begin = start {
                add(begin..<index)
                start = nil
            }
            if words.count > Self.maximum { break }
            index = text.index(after: index)
        }
        if let start, words.count <= Self.maximum { add(start..<text.endIndex) }
        guard words.count > Self.maximum else { return }
        isLong = true
        words.removeLast(words.count - Self.maximum)
        ranges.removeLast(ranges.count - Self.maximum)
    }

    var count: Int { words.count }

    /// Whether a word is written with a capital.
    func isCapitalised(_ place: Int) -> Bool { text[ranges[place].lowerBound].isUppercase }

    /// Whether the words from `place` on are these.
    func has(_ sequence: [String], at place: Int) -> Bool {
        place >= 0 && place + sequence.count <= count && words[place..<place + sequence.count].elementsEqual(sequence)
    }

    /// The words as they are written, from the first to the last of the range.
    func written(_ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return String(text[ranges[first].lowerBound..<ranges[last].upperBound])
    }

    private static let apostrophes: Set<Character> = ["'", "’", "‘", "´"]
    private static let shortened: [String: String] = [
        "what's": "what is", "who's": "who is", "where's": "where is", "when's": "when is", "how's": "how is",
        "why's": "why is", "it's": "it is", "that's": "that is", "there's": "there is", "he's": "he is",
        "she's": "she is", "they're": "they are", "you're": "you are", "what're": "what are", "let's": "let us",
        "i'm": "i am", "we're": "we are", "how'd": "how did", "why'd": "why did", "geht's": "geht es",
        "gibt's": "gibt es",
    ]
    private static let elided: Set<Substring> = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu"]

    private mutating func add(_ range: Range<String.Index>) {
        var end = range.upperBound
        while end > range.lowerBound, Self.apostrophes.contains(text[text.index(before: end)]) {
            end = text.index(before: end)
        }
        let range = range.lowerBound..<end
        let word = String(text[range].lowercased().map { Self.apostrophes.contains($0) ? "'" : $0 })
        for part in Self.parts(of: word) {
            words.append(part)
            ranges.append(range)
        }
    }

    private static func parts(of word: String) -> [String] {
        if let parts = shortened[word] { return parts.split(separator: " ").map(String.init) }
        guard let apostrophe = word.firstIndex(of: "'") else { return [word] }
        let before = word[..<apostrophe]
        let after = word[word.index(after: apostrophe)...]
        if elided.contains(before), after.count > 1 { return [String(before) + "'", String(after)] }
        return after == "s" ? [String(before)] : [word]
    }
}
