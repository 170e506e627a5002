/// A question as it was typed, taken apart into its words and its quoted phrases.
struct QueryText: Sendable, Hashable {
    /// The whole text, the quoted words included, without the quotation marks.
    var words: String
    /// What stood between quotation marks: must occur word for word (after stemming).
    var phrases: [String]

    /// Bytes of a query that are looked at; the rest is dropped.
    static let maximumBytes = 4_096

    private static let closing: [Character: Character] = ["\"": "\"", "“": "”", "„": "“", "«": "»", "「": "」"]

    /// A quotation mark that is never closed is a space.
    init(_ text: String) {
        let isPlain =
            text.utf8.count <= Self.maximumBytes
            && !text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 >= 0x80 }
        guard !isPlain else {
            words = text
            phrases = []
            return
        }
        var words = ""
        var phrases: [String] = []
        var rest = Substring(String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self))
        while let character = rest.popFirst() {
            guard let end = Self.closing[character] else {
                words.append(character)
                continue
            }
            words.append(" ")
            guard let close = rest.firstIndex(of: end) else { continue }
            phrases.append(String(rest[..<close]))
            words.append(contentsOf: rest[..<close])
            words.append(" ")
            rest = rest[rest.index(after: close)...]
        }
        self.words = words
        self.phrases = phrases.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }
}

/// The terms of a query in one language.
struct QueryTerms: Sendable {
    /// One per distinct word of the query, in the order of their first occurrence; nil for a word that is skipped in
    /// this language. All languages have the same words at the same places.
    var hashes: [UInt64?]
    /// How often each word stands in the query.
    var weights: [Float]
    /// The words before stemming, as `Term.surface` tells them.
    var surfaces: [UInt64]
    /// The terms of each quoted phrase, in order.
    var phrases: [[UInt64]]

    /// Distinct words that are searched for; the rest of a very long query is dropped.
    static let maximumWords = 64

    init(_ query: QueryText, language: String) {
        let analysis = TextAnalysis(language: language)
        let terms = analysis.terms(in: query.words)
        let keepsAll = terms.allSatisfy(\.isStopWord)
        var places: [UInt64: Int] = [:]
        hashes = []
        weights = []
        surfaces = []
        for term in terms {
            if let place = places[term.surface] {
                weights[place] += 1
            } else if hashes.count < Self.maximumWords {
                places[term.surface] = hashes.count
                hashes.append(term.isStopWord && !keepsAll ? nil : term.hash)
                weights.append(1)
                surfaces.append(term.surface)
            }
        }
        phrases = query.phrases.map { analysis.terms(in: $0).map(\.hash) }.filter { !$0.isEmpty }
    }

    /// True when there is nothing to look up.
    var isEmpty: Bool { hashes.allSatisfy { $0 == nil } }
}
