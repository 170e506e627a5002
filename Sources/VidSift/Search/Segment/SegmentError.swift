/// Why a blob can't be used as a segment. The remedy is always the same: build the segment again from its passages.
package struct SegmentError: Error, Hashable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        case tooShort, notASegment, unknownVersion, wrongLength, wrongChecksum, invalidContent
    }

    package let kind: Kind
    package let detail: String

    package var description: String { "The search index of a video is damaged: \(detail)." }

    /// Reading the same bytes again can't help.
    package var isRetryable: Bool { false }
}
