/// Finds the passages that hold a query's quoted phrases word for word, after stemming.
struct PhraseFilter {
    /// For each language of the scope, the terms of each phrase.
    let phrases: [[[UInt64]]]

    /// Nil when the query quotes nothing.
    init?(terms: [QueryTerms]) {
        phrases = terms.map(\.phrases)
        guard phrases.contains(where: { !$0.isEmpty }) else { return nil }
    }

    /// Clears `allowed` for each passage that lacks a phrase.
    func restrict(_ allowed: inout [Bool], scope: SearchScope) {
        for (segment, entry) in scope.entries.enumerated() {
            let range = scope.bases[segment]..<scope.bases[segment + 1]
            for phrase in phrases[entry.language] {
                let words = phrase.map { entry.view.term($0) }
                guard let known = words as? [Int], !known.isEmpty else {
                    for passage in range { allowed[passage] = false }
                    break
                }
                for passage in range where allowed[passage] {
                    allowed[passage] = Self.occurs(known, in: passage - range.lowerBound, of: entry.view)
                }
            }
        }
    }

    private static func occurs(_ phrase: [Int], in passage: Int, of view: SegmentView) -> Bool {
        guard phrase.allSatisfy({ view.holds(passage, term: $0) }) else { return false }
        let words = view.wordRange(of: passage)
        guard words.count >= phrase.count else { return false }
        return (words.lowerBound...words.upperBound - phrase.count).contains { start in
            phrase.indices.allSatisfy { view.word(start + $0) == phrase[$0] }
        }
    }
}
