/// Finds the words of a query in a text: for marking them, and for choosing the sentences that answer.
package enum MatchedWords {
    /// The UTF-8 ranges of the words of `text` whose stems are in the query, in order and without overlap.
    /// The language is the text's; both are stemmed by it.
    package static func ranges(in text: String, query: String, language: String?) -> [Range<Int>] {
        let terms = QueryTerms(QueryText(query), language: TextAnalysis.primarySubtag(of: language))
        let wanted = Set(terms.hashes.compactMap(\.self) + terms.phrases.joined())
        guard !wanted.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        for term in TextAnalysis(language: language).terms(in: text) where wanted.contains(term.hash) {
            if let last = ranges.last, last.upperBound > term.range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<term.range.upperBound
            } else {
                ranges.append(term.range)
            }
        }
        return ranges
    }
}
