import CSearch

/// Pointers into a segment, kept side by side in an index so that a search touches no objects.
///
/// Whoever holds a view holds its segment too.
struct SegmentView: @unchecked Sendable {  // the memory behind the pointers never changes
    let passages: Int32
    let units: Int32
    let totalLength: Int32
    let bucketMask: UInt32
    let dimensions: Int32
    let hasWideSequence: Bool

    private let buckets: UnsafePointer<UInt32>
    private let terms: UnsafePointer<UInt32>
    private let postingList: UnsafePointer<UInt32>
    private let sequenceStarts: UnsafePointer<UInt32>
    private let sequence: UnsafeRawPointer
    let lengths: UnsafePointer<UInt32>
    let passageUnits: UnsafePointer<UInt32>
    private let times: UnsafePointer<UInt32>
    private let unitTimes: UnsafePointer<UInt32>
    let scales: UnsafePointer<Float>
    let rows: UnsafePointer<Int8>
    let signatures: UnsafePointer<UInt64>

    init(base: UnsafeRawPointer, layout: SegmentLayout, signatures: UnsafeRawPointer) {
        passages = Int32(layout.passages)
        units = Int32(layout.units)
        totalLength = Int32(clamping: layout.totalLength)
        bucketMask = UInt32(1 << layout.bucketBits - 1)
        dimensions = Int32(layout.dimensions)
        hasWideSequence = layout.hasWideSequence
        buckets = (base + layout.buckets).assumingMemoryBound(to: UInt32.self)
        terms = (base + layout.termTable).assumingMemoryBound(to: UInt32.self)
        postingList = (base + layout.postingList).assumingMemoryBound(to: UInt32.self)
        sequenceStarts = (base + layout.sequenceStarts).assumingMemoryBound(to: UInt32.self)
        sequence = base + layout.sequence
        lengths = (base + layout.passageLengths).assumingMemoryBound(to: UInt32.self)
        passageUnits = (base + layout.passageUnits).assumingMemoryBound(to: UInt32.self)
        times = (base + layout.passageStarts).assumingMemoryBound(to: UInt32.self)
        unitTimes = (base + layout.unitStarts).assumingMemoryBound(to: UInt32.self)
        scales = (base + layout.scales).assumingMemoryBound(to: Float.self)
        rows = (base + layout.vectorRows).assumingMemoryBound(to: Int8.self)
        self.signatures = signatures.assumingMemoryBound(to: UInt64.self)
    }

    func passageTimes(_ passage: Int) -> Range<Int> {
        let start = Int(times[passage])
        return start..<max(start, Int(times[Int(passages) + passage]))
    }

    func unitTimes(_ unit: Int) -> Range<Int> {
        let start = Int(unitTimes[unit])
        return start..<max(start, Int(unitTimes[Int(units) + unit]))
    }

    /// Has the signatures fetched ahead.
    func fetchSignatures() {
        csearch_prefetch_range(signatures, Int(units + passages) * ((Int(dimensions) + 63) / 64) * 8)
    }

    /// Has the vectors of a passage and its units fetched ahead.
    func fetchRows(of passage: Int) {
        let units = units(of: passage)
        csearch_prefetch_range(rows + units.lowerBound * Int(dimensions), units.count * Int(dimensions))
        csearch_prefetch_range(rows + (Int(self.units) + passage) * Int(dimensions), Int(dimensions))
    }

    /// The units of a passage.
    func units(of passage: Int) -> Range<Int> { Int(passageUnits[passage])..<Int(passageUnits[passage + 1]) }

    /// The address that a look-up of the term reads first, for fetching it ahead.
    func bucketAddress(_ hash: UInt64) -> UnsafeRawPointer {
        UnsafeRawPointer(buckets + Int(UInt32(truncatingIfNeeded: hash) & bucketMask))
    }

    /// The second address that a look-up reads.
    func termAddress(_ hash: UInt64) -> UnsafeRawPointer {
        UnsafeRawPointer(terms + 2 * Int(buckets[Int(UInt32(truncatingIfNeeded: hash) & bucketMask)]))
    }

    /// The term's index in this segment. A term is known by the upper 32 bits of its hash and its bucket, about 40 bits:
    /// the chance of a wrong match is about one in 10^9 for each look-up.
    @inline(__always)
    func term(_ hash: UInt64) -> Int? {
        let bucket = Int(UInt32(truncatingIfNeeded: hash) & bucketMask)
        let key = UInt32(truncatingIfNeeded: hash >> 32)
        var index = Int(buckets[bucket])
        let end = Int(buckets[bucket + 1])
        while index < end {
            if terms[2 * index] == key { return index }
            index += 1
        }
        return nil
    }

    /// The postings of a term: passage in the low 16 bits, occurrences in the high 16.
    @inline(__always)
    func postings(ofTerm index: Int) -> UnsafeBufferPointer<UInt32> {
        let start = Int(terms[2 * index + 1])
        return UnsafeBufferPointer(start: postingList + start, count: Int(terms[2 * index + 3]) - start)
    }

    /// The words of a passage as indices of terms.
    func wordRange(of passage: Int) -> Range<Int> { Int(sequenceStarts[passage])..<Int(sequenceStarts[passage + 1]) }

    func word(_ index: Int) -> Int {
        hasWideSequence
            ? Int(sequence.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
            : Int(sequence.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
    }
}
