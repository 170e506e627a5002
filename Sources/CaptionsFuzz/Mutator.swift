/// A seeded generator (SplitMix64), so that every input can be made again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }
}

/// Makes broken files of whole ones.
struct Mutator {
    /// Inputs are cut to this many bytes, so that a million of them take minutes.
    static let maximumBytes = 4096

    var generator: SeededGenerator
    private let seeds: [[UInt8]]

    init(seeds: [[UInt8]], seed: UInt64) {
        self.seeds = seeds
        generator = SeededGenerator(seed: seed)
    }

    /// The next input: a window of a seed with one to eight changes.
    mutating func next() -> [UInt8] {
        var input = window()
        for _ in 0...generator.below(8) { change(&input) }
        if input.count > Mutator.maximumBytes { input.removeLast(input.count - Mutator.maximumBytes) }
        return input
    }

    private mutating func window() -> [UInt8] {
        let seed = seeds[generator.below(seeds.count)]
        guard seed.count > 1024 else { return seed }
        let length = 64 + generator.below(1024)
        let start = generator.below(3) == 0 ? 0 : generator.below(seed.count - length)
        let slice = Array(seed[start..<min(seed.count, start + length)])
        guard start > 0, seed[0] == 0x7B, let brace = slice.firstIndex(of: 0x7B) else { return slice }
        return Array("{\"events\":[".utf8) + slice[brace...]
    }

    private mutating func change(_ input: inout [UInt8]) {
        let position = generator.below(input.count + 1)
        switch generator.below(8) {
        case 0: flipBit(&input)
        case 1: if !input.isEmpty { input[generator.below(input.count)] = UInt8(truncatingIfNeeded: generator.next()) }
        case 2: input.removeLast(generator.below(input.count + 1) / 2)
        case 3: input.removeSubrange(range(input))
        case 4: input.insert(contentsOf: input[range(input)], at: position)
        case 5: splice(&input, at: position)
        default: input.insert(contentsOf: Samples.tokens[generator.below(Samples.tokens.count)].utf8, at: position)
        }
    }

    private mutating func flipBit(_ input: inout [UInt8]) {
        guard !input.isEmpty else { return }
        input[generator.below(input.count)] ^= 1 << UInt8(generator.below(8))
    }

    private mutating func range(_ input: [UInt8]) -> Range<Int> {
        let start = generator.below(input.count + 1)
        return start..<min(input.count, start + generator.below(64))
    }

    private mutating func splice(_ input: inout [UInt8], at position: Int) {
        let other = seeds[generator.below(seeds.count)]
        let start = generator.below(other.count + 1)
        input.insert(contentsOf: other[start..<min(other.count, start + generator.below(256))], at: position)
    }
}
