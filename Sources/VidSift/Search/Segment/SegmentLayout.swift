/// Where the parts of a segment lie.
///
/// A segment is one blob, little endian. Its header has 64 bytes:
///
///     offset  type    content
///          0  4 × u8  "VSEG"
///          4  u16     version, 1
///          6  u16     flags: bit 0 set when it has vectors, bit 1 when the sequence is u32 (else u16)
///          8  u64     XXH64 (seed 0) of all bytes from 16 on
///         16  u32     length of the whole blob in bytes
///         20  u32     P, passages (at most 65,535)
///         24  u32     U, units
///         28  u32     D, dimensions of a vector (0 without vectors)
///         32  u32     T, distinct terms
///         36  u32     B, binary logarithm of the number of buckets of terms
///         40  u32     N, postings
///         44  u32     S, words in all passages
///         48  u16     length of the language in bytes
///         50  u16     length of the model's name in bytes
///         52  u32     L, sum of the lengths of all passages
///         56  8 × u8  0
///
/// The parts follow without gaps, in this order, each a multiple of 4 bytes long (padded with 0):
///
///     P × u32         start of each passage, milliseconds
///     P × u32         end of each passage, milliseconds
///     P × u32         length of each passage in terms, its context included
///     (P + 1) × u32   first unit of each passage; the last entry is U
///     U × u32         start of each unit, milliseconds
///     U × u32         end of each unit, milliseconds
///     (2^B + 1) × u32 first term of each bucket; the last entry is T
///     (T + 1) × 2 u32 terms: the upper half of the term's XXH64, and the index of its first posting.
///                     A term lies in the bucket of the B lowest bits of its hash, in rising order of the upper half.
///                     The last entry is (0, N).
///     N × u32         postings in rising order of passages: passage in the low 16 bits, occurrences in the high 16
///     (P + 1) × u32   first word of each passage in the sequence; the last entry is S
///     S × u16 or u32  the sequence: the index of each word's term, in reading order, without the context
///     (U + P) × f32   with vectors: scale of each vector, units first, then passages; 0 means "has none"
///     language, model in UTF-8
///     0 to 63 bytes   padding to a multiple of 64
///     (U + P) × D × i8  with vectors: the vectors, -127...127, in the same order
struct SegmentLayout: Sendable, Hashable {
    static let magic: [UInt8] = Array("VSEG".utf8)
    static let version: UInt16 = 1
    static let headerBytes = 64
    static let maximumPassages = 65_535
    static let maximumUnits = 1 << 20
    static let maximumDimensions = 16_384
    static let maximumBytes = 1 << 30
    static let maximumBucketBits = 16
    static let vectorsFlag: UInt16 = 1
    static let wideSequenceFlag: UInt16 = 2

    var passages = 0
    var units = 0
    var dimensions = 0
    var terms = 0
    var bucketBits = 0
    var postings = 0
    var words = 0
    var totalLength = 0
    var languageBytes = 0
    var modelBytes = 0
    var hasVectors = false
    var hasWideSequence = false

    var vectors: Int { hasVectors ? units + passages : 0 }

    var passageStarts: Int { Self.headerBytes }
    var passageEnds: Int { passageStarts + 4 * passages }
    var passageLengths: Int { passageEnds + 4 * passages }
    var passageUnits: Int { passageLengths + 4 * passages }
    var unitStarts: Int { passageUnits + 4 * (passages + 1) }
    var unitEnds: Int { unitStarts + 4 * units }
    var buckets: Int { unitEnds + 4 * units }
    var termTable: Int { buckets + 4 * ((1 << bucketBits) + 1) }
    var postingList: Int { termTable + 8 * (terms + 1) }
    var sequenceStarts: Int { postingList + 4 * postings }
    var sequence: Int { sequenceStarts + 4 * (passages + 1) }
    var scales: Int { sequence + (words * (hasWideSequence ? 4 : 2) + 3) / 4 * 4 }
    var languageName: Int { scales + 4 * vectors }
    var modelName: Int { languageName + languageBytes }
    var vectorRows: Int { (modelName + modelBytes + 63) / 64 * 64 }
    var byteCount: Int { vectorRows + vectors * dimensions }

    /// The narrowest bucket table that leaves about four terms to a bucket.
    static func bucketBits(forTerms terms: Int) -> Int {
        var bits = 0
        while bits < maximumBucketBits, terms >> (bits + 2) > 0 { bits += 1 }
        return bits
    }
}
