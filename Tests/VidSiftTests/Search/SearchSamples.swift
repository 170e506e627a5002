@testable import VidSift

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// A random direction.
    mutating func unitVector(_ dimensions: Int) -> [Float] {
        let values = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &self) }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }
}

/// Segments made for tests: what was put in, beside the bytes.
struct SampleVideo {
    struct Passage {
        var text: String
        var vector: [Float]
        var units: [[Float]]
    }

    static let vocabulary = (0..<300).map { "w\($0)" }

    var id: String
    var passages: [Passage]

    /// Random words with a few common ones, random vectors.
    init(id: String, passages: Int, dimensions: Int, using numbers: inout SeededNumbers) {
        self.id = id
        self.passages = (0..<passages).map { _ in
            let words = (0..<Int.random(in: 5...40, using: &numbers)).map { _ in
                Self.vocabulary[Int(Double(300) * pow2(Double.random(in: 0..<1, using: &numbers)))]
            }
            let units = (0..<Int.random(in: 0...4, using: &numbers)).map { _ in numbers.unitVector(dimensions) }
            return Passage(
                text: words.joined(separator: " "), vector: numbers.unitVector(dimensions), units: units)
        }
    }

    func bytes(withVectors: Bool = true) -> [UInt8] {
        let dimensions = passages.first?.vector.count ?? 0
        var builder = SegmentBuilder(
            language: "en", modelName: withVectors ? "m" : "", dimensions: withVectors ? dimensions : 0)
        for (index, passage) in passages.enumerated() {
            let start = index * 60_000
            builder.addPassage(
                text: passage.text, startMilliseconds: start, endMilliseconds: start + 65_000,
                embedding: withVectors ? passage.vector[...] : nil,
                units: passage.units.enumerated().map { place, vector in
                    UnitInput(
                        startMilliseconds: start + place * 12_000, endMilliseconds: start + place * 12_000 + 14_000,
                        embedding: withVectors ? vector[...] : nil)
                })
        }
        return builder.build()
    }
}

private func pow2(_ value: Double) -> Double { value * value }

/// Segment of one passage a text.
func segment(_ texts: [String], language: String? = "en") throws -> Segment {
    var builder = SegmentBuilder(language: language)
    for (index, text) in texts.enumerated() {
        builder.addPassage(text: text, startMilliseconds: index * 1_000, endMilliseconds: index * 1_000 + 1_000)
    }
    return try Segment(builder.build())
}
