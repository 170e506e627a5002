/// The passages of a video that hold all words of a text.
struct PassageMatches: Sendable, Hashable {
    var video: String
    /// The language by whose rules the words were compared.
    var language: String
    /// Their places in the video, in order.
    var passages: [Int]
}

extension SearchIndex {
    /// Every passage that holds all words of a text, in whatever order; of words that carry no meaning only those in
    /// quotation marks are looked for, unless there are no others. Videos without any are left out.
    func passages(holding text: QueryText, videos: Set<String>?) -> [PassageMatches] {
        let terms = languages.map { SoughtTerms(text, language: $0).all }
        return entries.compactMap { entry in
            guard videos?.contains(entry.video) ?? true else { return nil }
            let passages = entry.view.passages(holding: terms[entry.language])
            guard !passages.isEmpty else { return nil }
            return PassageMatches(video: entry.video, language: languages[entry.language], passages: passages)
        }
    }
}

/// What a text must hold to mention another one, in one language.
struct SoughtTerms: Sendable {
    /// Words that must be there, in whatever order.
    var words: Set<UInt64>
    /// Words that must follow one another.
    var phrases: [[UInt64]]

    init(_ text: QueryText, language: String) {
        let terms = QueryTerms(text, language: language)
        phrases = terms.phrases
        words = Set(terms.hashes.compactMap(\.self)).subtracting(phrases.joined())
    }

    var all: Set<UInt64> { words.union(phrases.joined()) }
}

extension SegmentView {
    /// The passages that hold all of these terms, in order; none for no terms.
    fileprivate func passages(holding terms: Set<UInt64>) -> [Int] {
        let known = terms.compactMap(term)
        guard !known.isEmpty, known.count == terms.count else { return [] }
        let rarestFirst = known.sorted { postings(ofTerm: $0).count < postings(ofTerm: $1).count }
        return postings(ofTerm: rarestFirst[0]).compactMap { posting in
            let passage = Int(posting & 0xFFFF)
            return rarestFirst.dropFirst().allSatisfy { holds(passage, term: $0) } ? passage : nil
        }
    }
}
