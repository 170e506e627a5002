internal import Captions

/// Finds where in an answer's text its citations stand, in Unicode scalars from the text's beginning.
struct CitedRanges: Sendable {
    /// The most bytes that are kept of a text without citations, to look for the next one in.
    static let maximumKept = 16 << 10

    /// The text since the last citation, or the end of it.
    private var recent: [UInt8] = []
    private var scalarsBefore = 0

    mutating func append(_ text: String) {
        recent.append(contentsOf: text.utf8)
        if recent.count > Self.maximumKept { forget(recent.count - Self.maximumKept / 2) }
    }

    /// Where the citation's `[m:ss]` stands: after the citation before it; the text's end where it can't be found.
    mutating func range(of citation: Citation) -> Range<Int> {
        let marker = Array("[\(citation.start.timestamp)]".utf8)
        guard let place = recent.firstRange(of: marker) else {
            let end = scalarsBefore + Self.scalars(recent[...])
            return end..<end
        }
        let start = scalarsBefore + Self.scalars(recent[..<place.lowerBound])
        forget(place.upperBound)
        return start..<start + marker.count
    }

    private mutating func forget(_ count: Int) {
        scalarsBefore += Self.scalars(recent[..<count])
        recent.removeFirst(count)
    }

    /// The scalars that begin in these bytes.
    private static func scalars(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { $0 & 0xC0 != 0x80 }
    }
}
