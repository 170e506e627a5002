import CSearch
import Foundation

/// How alike a video is before and behind each passage: where it is least so, the subject changes.
///
/// The blocks of passages on both sides are compared by their vectors, where there are some, else by their words.
/// Source: Hearst, TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages (1997).
enum TopicShift {
    /// Passages on each side.
    static let block = 3

    /// The likeness, -1...1, of what is before and from each of the places on; the first has nothing before it.
    ///
    /// - Parameter places: passages in reading order that hardly overlap.
    static func likeness(_ segment: Segment, at places: [Int]) -> [Float] {
        let rows =
            segment.view.dimensions > 0 ? segment.view.vectors(of: places) : segment.view.words(of: places, segment)
        return places.indices.map { gap in
            guard gap > 0 else { return 1 }
            return cosine(sum(rows[max(0, gap - block)..<gap]), sum(rows[gap..<min(rows.count, gap + block)]))
        }
    }

    /// How deep the likeness falls at each place below what it rises to on either side, whichever is less: near the ends
    /// there is little to compare with, and only one side rises.
    static func depths(_ likeness: [Float]) -> [Float] {
        likeness.indices.map { place in
            guard place > 0 else { return 0 }
            return min(rise(likeness, from: place, by: -1), rise(likeness, from: place, by: 1))
        }
    }

    private static func rise(_ likeness: [Float], from place: Int, by step: Int) -> Float {
        var best = likeness[place]
        var next = place + step
        // The first has no likeness of its own.
        while next > 0, next < likeness.count, likeness[next] >= best {
            best = likeness[next]
            next += step
        }
        return best - likeness[place]
    }

    private static func sum(_ rows: ArraySlice<[Int: Float]>) -> [Int: Float] {
        rows.reduce(into: [:]) { sum, row in sum.merge(row) { $0 + $1 } }
    }

    private static func cosine(_ one: [Int: Float], _ other: [Int: Float]) -> Float {
        let product = one.reduce(Float(0)) { $0 + $1.value * (other[$1.key] ?? 0) }
        let lengths = (square(one) * square(other)).squareRoot()
        return lengths > 0 ? product / lengths : 0
    }

    private static func square(_ row: [Int: Float]) -> Float { row.values.reduce(0) { $0 + $1 * $1 } }
}

extension SegmentView {
    fileprivate func vectors(of places: [Int]) -> [[Int: Float]] {
        let dimensions = Int(dimensions)
        return places.map { place in
            let row = Int(units) + place
            return Dictionary(
                uniqueKeysWithValues: (0..<dimensions).map { ($0, scales[row] * Float(rows[row * dimensions + $0])) })
        }
    }

    /// The words of passages, without those of one passage alone, weighed by how rare they are in the video.
    fileprivate func words(of places: [Int], _ segment: Segment) -> [[Int: Float]] {
        var rows = [[Int: Float]](repeating: [:], count: Int(passages))
        for term in 0..<segment.layout.terms {
            let postings = postings(ofTerm: term)
            guard postings.count > 1 else { continue }
            let holding = Float(postings.count)
            let rarity = log(1 + (Float(passages) - holding + 0.5) / (holding + 0.5))
            for posting in postings {
                rows[Int(posting & 0xFFFF)][term] = (1 + log(Float(max(1, posting >> 16)))) * rarity
            }
        }
        return places.map { rows[$0] }
    }
}
