import CSearch
import Testing

@testable import VidSift

@Suite("Vectors")
struct VectorTests {
    private static let kernels = [CSEARCH_KERNEL_PORTABLE, CSEARCH_KERNEL_AVX2, CSEARCH_KERNEL_AVX512_VNNI]
        .filter { csearch_kernel_available($0) != 0 }

    @Test(
        "every kernel gives the exact integer product, whatever the dimensions",
        arguments: [1, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129, 384, 385, 768, 1_000])
    func kernels(dimensions: Int) {
        var numbers = SeededNumbers(seed: UInt64(dimensions))
        let rows = 9
        let query = (0..<dimensions).map { _ in Int8.random(in: -127...127, using: &numbers) }
        let matrix = (0..<rows * dimensions).map { _ in Int8.random(in: -127...127, using: &numbers) }
        let scales = (0..<rows).map { _ in Float.random(in: 0.001...0.01, using: &numbers) }
        let expected = (0..<rows).map { row in
            let sum = (0..<dimensions).reduce(0) { $0 + Int(query[$1]) * Int(matrix[row * dimensions + $1]) }
            return Float(sum) * (scales[row] * 0.007)
        }
        for kernel in Self.kernels {
            var out = [Float](repeating: .nan, count: rows)
            csearch_dot_int8(kernel, query, 0.007, matrix, scales, rows, dimensions, &out)
            #expect(out == expected, "kernel \(kernel.rawValue)")
        }
    }

    @Test("every kernel counts the differing signs", arguments: [1, 63, 64, 65, 384, 385, 1_024])
    func hamming(dimensions: Int) {
        var numbers = SeededNumbers(seed: UInt64(dimensions))
        let rows = 7
        let words = (dimensions + 63) / 64
        let matrix = (0..<(rows + 1) * dimensions).map { _ in Int8.random(in: -127...127, using: &numbers) }
        var signatures = [UInt64](repeating: 0, count: (rows + 1) * words)
        csearch_signatures(matrix, rows + 1, dimensions, &signatures)
        let expected = (1...rows).map { row in
            UInt16((0..<dimensions).count { (matrix[$0] < 0) != (matrix[row * dimensions + $0] < 0) })
        }
        for kernel in Self.kernels {
            var out = [UInt16](repeating: 0, count: rows)
            csearch_hamming(kernel, signatures, Array(signatures[words...]), rows, words, &out)
            #expect(out == expected, "kernel \(kernel.rawValue)")
        }
    }

    @Test("cosines are those of brute force in Double, to the precision of a byte a dimension")
    func bruteForce() throws {
        var numbers = SeededNumbers(seed: 21)
        let videos = (0..<8).map { SampleVideo(id: "v\($0)", passages: 12, dimensions: 96, using: &numbers) }
        let index = SearchIndex(try videos.map { ($0.id, try Segment($0.bytes())) })
        for _ in 0..<20 {
            let vector = numbers.unitVector(96)
            var query = SearchQuery(text: "", vector: vector, mode: .semantic, limit: 96)
            query.spread.maximumOverlap = 1
            let hits = index.search(query).hits
            #expect(hits.count == 96)
            for hit in hits {
                let passage = try #require(videos.first { $0.id == hit.video }?.passages[hit.passage])
                let own = cosine(vector, passage.vector)
                let unit = passage.units.map { cosine(vector, $0) }.max() ?? own
                #expect(abs(Double(hit.passageScore ?? 9) - own) < 0.006)
                #expect(abs(Double(hit.unitScore ?? 9) - unit) < 0.006)
            }
        }
    }

    @Test("signatures choose what full comparison finds, on vectors that have near neighbours")
    func signatures() throws {
        var numbers = SeededNumbers(seed: 4)
        let centres = (0..<40).map { _ in numbers.unitVector(128) }
        let videos = (0..<40).map { place in
            var video = SampleVideo(id: "v\(place)", passages: 100, dimensions: 128, using: &numbers)
            for index in video.passages.indices {
                video.passages[index].vector = mixed(centres[index % 40], video.passages[index].vector)
                video.passages[index].units = video.passages[index].units.map { mixed(centres[(index + 1) % 40], $0) }
            }
            return video
        }
        let index = SearchIndex(try videos.map { ($0.id, try Segment($0.bytes())) })
        let scope = SearchScope(entries: index.entries, languages: index.languages, models: index.models)
        for centre in centres.prefix(10) {
            let query = try #require(QueryVector(centre))
            let all = SemanticScoring(query: query, modelName: nil, scope: scope, allowed: nil, others: [])
            let chosen = SemanticScoring(
                query: query, modelName: nil, scope: scope, allowed: nil, others: [], exactLimit: 0)
            #expect(!all.usedSignatures && chosen.usedSignatures)
            #expect(top(all) == top(chosen))
            #expect(chosen.unitRange.upperBound == all.unitRange.upperBound)
            #expect(abs(chosen.unitRange.lowerBound - all.unitRange.lowerBound) < 0.1)
        }
    }

    private func top(_ scoring: SemanticScoring) -> [Int] {
        scoring.candidates.sorted { $0.unit + $0.own > $1.unit + $1.own }.prefix(10).map(\.passage)
    }

    private func mixed(_ centre: [Float], _ noise: [Float]) -> [Float] {
        let sum = zip(centre, noise).map { $0 + 0.8 * $1 }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum.map { $0 / length }
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test("a vector without length or with values that aren't numbers finds nothing and harms nothing")
    func strangeVectors() throws {
        var numbers = SeededNumbers(seed: 4)
        let video = SampleVideo(id: "v", passages: 3, dimensions: 8, using: &numbers)
        let index = SearchIndex([("v", try Segment(video.bytes()))])
        for vector in [[Float](repeating: 0, count: 8), [.nan, 1, 0, 0, 0, 0, 0, 0], [.infinity, 1], []] {
            let hits = index.search(SearchQuery(text: video.passages[0].text, vector: vector)).hits
            #expect(hits.first?.passage == 0)
            #expect(hits.allSatisfy { $0.score.isFinite })
        }
    }
}
