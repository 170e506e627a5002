import Foundation

/// How much each word of a query weighs in the scope that was searched: the rarer, the more.
struct QueryWeights: Sendable {
    private let query: QueryText
    private let weights: [UInt64: Float]
    private let frequencies: [UInt64: Int]
    /// Which part of the query's weight stands in words that occur in the scope at all, 0...1; 1 for no words.
    let knownShare: Float

    /// In a smaller scope a word that occurs would weigh next to nothing beside one that doesn't.
    static let fewestPassages: Float = 20

    /// - Parameter statistics: what a search for the query saw.
    init(_ query: String, _ statistics: SearchStatistics) {
        self.query = QueryText(query)
        let passages = max(Self.fewestPassages, Float(statistics.passages))
        var total: Float = 0
        var known: Float = 0
        var weights: [UInt64: Float] = [:]
        for (word, holding) in statistics.frequencies {
            let odds: Float = (passages - Float(holding) + 0.5) / (Float(holding) + 0.5)
            let weight = log(1 + max(0, odds))
            weights[word] = weight
            total += weight
            if holding > 0 { known += weight }
        }
        frequencies = statistics.frequencies
        self.weights = weights
        knownShare = total > 0 ? known / total : 1
    }

    /// Whether a word of the query occurs in the scope; true for words that are not looked up.
    func isKnown(_ word: String) -> Bool {
        TextAnalysis(language: nil).terms(in: word).allSatisfy { frequencies[$0.surface] != 0 }
    }

    /// Which part of the query's weight a text's words hold, 0...1; 0 for no words.
    func share(of text: String, language: String?) -> Float {
        let terms = QueryTerms(query, language: TextAnalysis.primarySubtag(of: language))
        let present = Set(TextAnalysis(language: language).terms(in: text).map(\.hash))
        var total: Float = 0
        var held: Float = 0
        for (hash, surface) in zip(terms.hashes, terms.surfaces) {
            guard let hash, let weight = weights[surface] else { continue }
            total += weight
            if present.contains(hash) { held += weight }
        }
        return total > 0 ? held / total : 0
    }
}
