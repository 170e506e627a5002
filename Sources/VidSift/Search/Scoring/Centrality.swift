import CSearch
import Foundation

/// How much of its video each part stands for: by meaning where there are vectors, else by words.
enum Centrality {
    /// The share that each passage has of the most central one's, 0...1.
    static func ofPassages(_ segment: Segment) -> [Float] {
        let view = segment.view
        guard view.dimensions > 0, let centre = view.centre() else {
            return shares(view.wordCentralities(terms: segment.layout.terms))
        }
        return shares(view.cosines(centre, first: Int(view.units), count: Int(view.passages)))
    }

    /// The same of each unit; none without vectors.
    static func ofUnits(_ segment: Segment) -> [Float] {
        let view = segment.view
        guard view.dimensions > 0, let centre = view.centre() else { return [] }
        return shares(view.cosines(centre, first: 0, count: Int(view.units)))
    }

    private static func shares(_ scores: [Float]) -> [Float] {
        let best = scores.max() ?? 0
        return best > 0 ? scores.map { max(0, $0 / best) } : scores.map { _ in 0 }
    }

    /// The place of the most central one in each of so many stretches of equal length, in reading order.
    static func keyPlaces(_ shares: [Float], count: Int) -> [Int] {
        guard count > 0, !shares.isEmpty else { return [] }
        let stretches = min(count, shares.count)
        return (0..<stretches).compactMap { stretch in
            let range = shares.count * stretch / stretches..<shares.count * (stretch + 1) / stretches
            return range.max { shares[$0] == shares[$1] ? $0 > $1 : shares[$0] < shares[$1] }
        }
    }
}

extension SegmentView {
    /// The mean of the passages' vectors; nil where there is no length in it.
    fileprivate func centre() -> QueryVector? {
        let dimensions = Int(dimensions)
        var sum = [Float](repeating: 0, count: dimensions)
        for passage in Int(units)..<Int(units + passages) {
            let scale = scales[passage]
            let row = rows + passage * dimensions
            for dimension in 0..<dimensions { sum[dimension] += scale * Float(row[dimension]) }
        }
        return QueryVector(sum)
    }

    fileprivate func cosines(_ vector: QueryVector, first: Int, count: Int) -> [Float] {
        guard count > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            buffer.baseAddress.map { vector.cosines(self, first: first, count: count, into: $0) }
            initialised = count
        }
    }

    /// The cosine of each passage's words with those of all, weighed by how rare they are in the video; words of one
    /// passage say nothing of the others and count for its length only.
    fileprivate func wordCentralities(terms: Int) -> [Float] {
        let count = Int(passages)
        var products = [Float](repeating: 0, count: count)
        var squares = [Float](repeating: 0, count: count)
        for term in 0..<terms {
            let postings = postings(ofTerm: term)
            let holding = Float(postings.count)
            let rarity = log(1 + (Float(count) - holding + 0.5) / (holding + 0.5))
            let inAll = postings.reduce(Float(0)) { $0 + Self.weight($1, rarity) }
            for posting in postings {
                let weight = Self.weight(posting, rarity)
                let passage = Int(posting & 0xFFFF)
                squares[passage] += weight * weight
                if postings.count > 1 { products[passage] += weight * inAll }
            }
        }
        return zip(products, squares).map { $1 > 0 ? $0 / $1.squareRoot() : 0 }
    }

    /// Repeated words count by their logarithm.
    private static func weight(_ posting: UInt32, _ rarity: Float) -> Float {
        (1 + log(Float(max(1, posting >> 16)))) * rarity
    }
}
