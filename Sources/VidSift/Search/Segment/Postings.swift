/// The term table and postings of a segment that is being built.
struct Postings {
    let bucketBits: Int
    /// The place of each term in the table, by the builder's number of it.
    let order: [Int]
    /// Sorted by the term's place, then by passage.
    private(set) var entries: [UInt32] = []

    private let table: [UInt64]
    private var starts: [UInt32] = []

    init(passages: [SegmentBuilder.Passage], terms: [UInt64]) {
        let bits = SegmentLayout.bucketBits(forTerms: terms.count)
        bucketBits = bits
        let sorted = terms.indices.sorted {
            let (a, b) = (Self.bucket(terms[$0], bits), Self.bucket(terms[$1], bits))
            return a == b ? terms[$0] >> 32 < terms[$1] >> 32 : a < b
        }
        var order = [Int](repeating: 0, count: terms.count)
        for (place, number) in sorted.enumerated() { order[number] = place }
        self.order = order
        table = sorted.map { terms[$0] }
        collect(passages)
    }

    /// Writes buckets, term table and posting list.
    func write(into bytes: inout [UInt8], _ layout: SegmentLayout) {
        var buckets = [UInt32](repeating: 0, count: 1 << bucketBits + 1)
        for hash in table { buckets[Self.bucket(hash, bucketBits) + 1] += 1 }
        for index in buckets.indices.dropFirst() { buckets[index] += buckets[index - 1] }
        bytes.write(buckets, at: layout.buckets)
        for (place, hash) in table.enumerated() {
            bytes.write(UInt32(truncatingIfNeeded: hash >> 32), at: layout.termTable + 8 * place)
            bytes.write(starts[place], at: layout.termTable + 8 * place + 4)
        }
        bytes.write(UInt32(entries.count), at: layout.termTable + 8 * table.count + 4)
        bytes.write(entries, at: layout.postingList)
    }

    private mutating func collect(_ passages: [SegmentBuilder.Passage]) {
        var lists = [[UInt32]](repeating: [], count: table.count)
        for (index, passage) in passages.enumerated() {
            var counts: [Int: Int] = [:]
            for number in passage.words { counts[order[number], default: 0] += 1 }
            for number in passage.contextWords { counts[order[number], default: 0] += 1 }
            for (place, count) in counts { lists[place].append(UInt32(index) | UInt32(min(count, 0xFFFF)) << 16) }
        }
        for list in lists {
            starts.append(UInt32(entries.count))
            entries.append(contentsOf: list)
        }
    }

    private static func bucket(_ hash: UInt64, _ bits: Int) -> Int {
        Int(truncatingIfNeeded: hash & (1 << UInt64(bits) - 1))
    }
}
