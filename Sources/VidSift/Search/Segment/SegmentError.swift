/// Why a blob can't be used as a segment. The remedy is always the same: build the segment again from its passages.
struct SegmentError: Error, Hashable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        case tooShort, notASegment, unknownVersion, wrongLength, wrongChecksum, invalidContent
    }

    let kind: Kind
    let detail: String

    var description: String { "The search index of a video is damaged: \(detail)." }

    /// Reading the same bytes again can't help.
    var isRetryable: Bool { false }
}
