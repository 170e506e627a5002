/// The last bytes of something that may be endless.
struct OutputTail: Sendable {
    private let limit: Int
    private var kept: [UInt8] = []
    private var isCut = false

    init(limit: Int) { self.limit = max(limit, 0) }

    /// The bytes as text, from the first whole character on.
    var text: String {
        let bytes = kept.suffix(limit)
        return String(decoding: isCut ? bytes.drop { $0 & 0xC0 == 0x80 } : bytes, as: UTF8.self)
    }

    mutating func append(_ piece: [UInt8]) {
        isCut = isCut || kept.count + piece.count > limit
        kept += piece.suffix(limit)
        // Cut rarely, so that each byte is moved once or twice, not with each piece.
        if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
    }
}
