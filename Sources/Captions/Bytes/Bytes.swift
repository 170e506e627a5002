/// A bounds-checked view of bytes that outlive it: as quick as a pointer, but hostile input can't read beyond it.
struct Bytes {
    let base: UnsafePointer<UInt8>
    let count: Int

    /// A view that is valid as long as `buffer` is.
    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        base = buffer.baseAddress ?? Bytes.nowhere
        count = buffer.count
    }

    private init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    /// The address of an empty view: never read, because `count` is 0.
    private static var nowhere: UnsafePointer<UInt8> { UnsafePointer(bitPattern: 1).unsafelyUnwrapped }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return base[index]
    }

    /// The byte at `index`, or 0 outside the view.
    @inline(__always)
    func at(_ index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: count) ? base[index] : 0
    }

    @inline(__always)
    subscript(range: Range<Int>) -> Bytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return Bytes(base: base + range.lowerBound, count: range.count)
    }

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    var string: String { String(decoding: buffer, as: UTF8.self) }
}

extension Bytes {
    /// Where `byte` is first found in `from..<to`, or `to`; eight bytes at a time.
    @inline(__always)
    func first(_ byte: UInt8, from: Int, to: Int) -> Int {
        precondition(from >= 0 && to <= count)
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        let raw = UnsafeRawPointer(base)
        var index = from
        while index + 8 <= to {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ pattern
            let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < to {
            if base[index] == byte { return index }
            index += 1
        }
        return to
    }

    /// Whether the ASCII `text` (lower case) stands at `index`, in any case.
    func hasPrefix(_ text: StaticString, at index: Int = 0) -> Bool {
        guard index >= 0, index + text.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = base[index + offset]
            let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            if lower != text.utf8Start[offset] { return false }
        }
        return true
    }

    /// Whether the two hold the same bytes.
    @inline(__always)
    static func == (left: Bytes, right: Bytes) -> Bool {
        if left.count != right.count { return false }
        var index = 0
        while index < left.count {
            if left.base[index] != right.base[index] { return false }
            index += 1
        }
        return true
    }

    /// Whether the view is the ASCII `text` (lower case), in any case.
    func isEqual(to text: StaticString) -> Bool { count == text.utf8CodeUnitCount && hasPrefix(text) }

    /// Without ASCII white space at both ends.
    var trimmed: Bytes {
        var lower = 0
        var upper = count
        while lower < upper, base[lower].isSpace { lower += 1 }
        while upper > lower, base[upper - 1].isSpace { upper -= 1 }
        return self[lower..<upper]
    }

    /// Where the line that begins at `from` ends (before its CR, LF or CRLF), and where the next one begins.
    @inline(__always)
    func line(from: Int) -> (end: Int, next: Int) {
        let feed = first(0x0A, from: from, to: count)
        let carriage = first(0x0D, from: from, to: feed)
        if carriage < feed { return (carriage, carriage + 1 == feed && feed < count ? feed + 1 : carriage + 1) }
        return (feed, min(feed + 1, count))
    }
}

extension UInt8 {
    /// ASCII white space.
    @inline(__always) var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
    @inline(__always) var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    @inline(__always) var isUpper: Bool { self >= 0x41 && self <= 0x5A }
    @inline(__always) var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
}
