import CSearch
import Foundation

/// What BM25 must know of all passages to weigh a word.
package struct CorpusStatistics: Sendable, Hashable {
    var passages = 0
    /// Sum of the passages' lengths in words.
    var totalLength = 0
    /// How many passages hold each word of the query, by `Term.surface`.
    var frequencies: [UInt64: Int] = [:]

    /// The statistics of both.
    func adding(_ other: SearchStatistics) -> CorpusStatistics {
        CorpusStatistics(
            passages: passages + other.passages, totalLength: totalLength + other.totalLength,
            frequencies: frequencies.merging(other.frequencies) { $0 + $1 })
    }
}

/// BM25 over a scope, as the Python package bm25s computes it (method "lucene", its default).
///
/// A passage's score is the sum over the query's words of idf × tf / (tf + k1 × (1 − b + b × length / average length)),
/// with idf = ln(1 + (N − n + .5) / (n + .5)) for a word in n of N passages.
/// Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009); Kamphuis et al., Which BM25 Do You
/// Mean? (2020).
struct KeywordScoring {
    /// The two constants of BM25.
    struct Parameters: Sendable, Hashable {
        /// How quickly repeated words stop counting. Measured: .9 is better than 1.5 on SciFact and on transcripts.
        var k1: Float = 0.9
        /// How much a long passage is held back: 0 not at all, 1 in full.
        var b: Float = 0.4
    }

    /// Segments whose term tables are fetched ahead.
    private static let distance = 8

    /// One for each passage of the scope.
    private(set) var scores: [Float]
    /// Passages in scope that hold each word of the query.
    private(set) var documentFrequencies: [Int]
    /// The weight of each word: its idf times its occurrences in the query; 0 when it is skipped.
    private(set) var wordWeights: [Float] = []

    private var matches: [Match] = []

    /// A word's postings in one segment.
    private struct Match {
        var segment: Int32
        var word: Int32
        var term: Int32
    }

    private let parameters: Parameters
    private let corpus: CorpusStatistics?

    /// - Parameter terms: The query's terms, one for each language of the scope.
    init(
        terms: [QueryTerms], scope: SearchScope, corpus: CorpusStatistics? = nil, parameters: Parameters = Parameters()
    ) {
        self.parameters = parameters
        self.corpus = corpus
        scores = [Float](repeating: 0, count: scope.passages)
        documentFrequencies = [Int](repeating: 0, count: terms.first?.hashes.count ?? 0)
        guard scope.passages > 0, terms.contains(where: { !$0.isEmpty }) else {
            wordWeights = documentFrequencies.map { _ in 0 }
            return
        }
        find(terms, scope)
        weigh(terms, scope)
        score(scope)
    }

    /// How many passages hold each word that is not skipped, by the word before stemming.
    func frequencies(_ terms: [QueryTerms]) -> [UInt64: Int] {
        var frequencies: [UInt64: Int] = [:]
        for word in documentFrequencies.indices where terms.contains(where: { $0.hashes[word] != nil }) {
            frequencies[terms[0].surfaces[word]] = documentFrequencies[word]
        }
        return frequencies
    }

    private mutating func find(_ terms: [QueryTerms], _ scope: SearchScope) {
        let count = scope.entries.count
        for segment in 0..<count {
            if segment + Self.distance < count { fetch(terms, scope, segment + Self.distance, atTerms: false) }
            if segment + Self.distance / 2 < count {
                fetch(terms, scope, segment + Self.distance / 2, atTerms: true)
            }
            let hashes = terms[scope.languageNumbers[segment]].hashes
            let view = scope.views[segment]
            for word in hashes.indices {
                guard let hash = hashes[word], let term = view.term(hash) else { continue }
                matches.append(Match(segment: Int32(segment), word: Int32(word), term: Int32(term)))
                let postings = view.postings(ofTerm: term)
                documentFrequencies[word] += postings.count
                if let first = postings.baseAddress { csearch_prefetch(first) }
            }
        }
    }

    @inline(__always)
    private func fetch(_ terms: [QueryTerms], _ scope: SearchScope, _ segment: Int, atTerms: Bool) {
        let view = scope.views[segment]
        for hash in terms[scope.languageNumbers[segment]].hashes {
            guard let hash else { continue }
            csearch_prefetch(atTerms ? view.termAddress(hash) : view.bucketAddress(hash))
        }
    }

    private mutating func weigh(_ terms: [QueryTerms], _ scope: SearchScope) {
        let passages = Float(corpus?.passages ?? scope.passages)
        wordWeights = documentFrequencies.indices.map { word in
            guard terms.contains(where: { $0.hashes[word] != nil }) else { return 0 }
            let holding = Float(corpus?.frequencies[terms[0].surfaces[word]] ?? documentFrequencies[word])
            let odds: Float = (passages - holding + 0.5) / (holding + 0.5)
            return log(1 + odds) * terms[0].weights[word]
        }
    }

    private mutating func score(_ scope: SearchScope) {
        let average = max(
            Float(corpus?.totalLength ?? scope.totalLength) / Float(max(1, corpus?.passages ?? scope.passages)), 1)
        let constant = parameters.k1 * (1 - parameters.b)
        let slope = parameters.k1 * parameters.b / average
        scores.withUnsafeMutableBufferPointer { scores in
            for match in matches {
                let segment = Int(match.segment)
                let view = scope.views[segment]
                let weight = wordWeights[Int(match.word)]
                let base = scope.bases[segment]
                for posting in view.postings(ofTerm: Int(match.term)) {
                    let passage = Int(posting & 0xFFFF)
                    let occurrences = Float(posting >> 16)
                    let norm = constant + slope * Float(view.lengths[passage])
                    scores[base + passage] += weight * occurrences / (occurrences + norm)
                }
            }
        }
    }
}

extension SegmentView {
    /// True when a passage holds a term.
    func holds(_ passage: Int, term: Int) -> Bool {
        let postings = postings(ofTerm: term)
        var low = 0
        var high = postings.count
        while low < high {
            let middle = (low + high) / 2
            if Int(postings[middle] & 0xFFFF) < passage { low = middle + 1 } else { high = middle }
        }
        return low < postings.count && Int(postings[low] & 0xFFFF) == passage
    }
}
