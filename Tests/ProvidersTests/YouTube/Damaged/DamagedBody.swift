/// What can become of a body on its way, the same each time.
struct DamagedBody {
    let whole: [UInt8]
    private var state: UInt64

    init(_ whole: [UInt8], seed: UInt64 = 7) {
        self.whole = whole
        state = seed
    }

    /// The beginnings of it that are shorter: all of those that are shorter than `dense`, then one in `stride`.
    func beginnings(dense: Int = 4_096, stride: Int) -> [ArraySlice<UInt8>] {
        let first = 0..<min(dense, whole.count)
        let rest = Swift.stride(from: first.upperBound, to: whole.count, by: stride)
        return (Array(first) + Array(rest)).map { whole.prefix($0) }
    }

    /// The whole with some bytes changed, left out or put in.
    mutating func mutation() -> [UInt8] {
        var bytes = whole
        for _ in 0...random(4) where !bytes.isEmpty {
            let place = random(bytes.count)
            switch random(4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random(256))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random(200)))
            case 2:
                bytes.insert(contentsOf: Self.words[random(Self.words.count)].utf8, at: place)
            default:
                let piece = bytes[place..<min(bytes.count, place + random(200))]
                bytes.insert(contentsOf: Array(piece), at: random(bytes.count))
            }
        }
        return bytes
    }

    /// What means something in JSON or XML.
    private static let words = [
        "null", "{}", "[]", "-1e999", "\\u0000", "\\ud800", "\"", "}", "]", "<", "&", "\0",
    ]

    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
