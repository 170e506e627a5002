/// A file's bytes as valid UTF-8 without a byte order mark.
struct DecodedText {
    /// Valid UTF-8.
    var utf8: [UInt8]
    /// How many bytes were no text and were replaced.
    var replaced = 0
    /// The encoding it was read as, when it was not UTF-8.
    var encoding: String?

    /// Decodes by byte order mark, else as UTF-8; a file with stray bytes and no valid sequence is Windows-1252.
    init(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            self.init(unmarked: Array(bytes[3...]))
        } else if bytes.starts(with: [0xFF, 0xFE]) || DecodedText.looksLikeUTF16(bytes, zeroAt: 1) {
            self.init(utf16: bytes, isLittleEndian: true)
        } else if bytes.starts(with: [0xFE, 0xFF]) || DecodedText.looksLikeUTF16(bytes, zeroAt: 0) {
            self.init(utf16: bytes, isLittleEndian: false)
        } else {
            self.init(unmarked: bytes)
        }
    }

    private init(unmarked bytes: [UInt8]) {
        let (invalid, sequences) = bytes.withUnsafeBufferPointer { UTF8Check.count(Bytes($0)) }
        utf8 = bytes
        guard invalid > 0 else { return }
        replaced = invalid
        let isWindows = sequences == 0
        if isWindows { encoding = "Windows-1252" }
        utf8 = bytes.withUnsafeBufferPointer { UTF8Check.repair(Bytes($0), stray: isWindows ? .windows1252 : .replace) }
    }

    private init(utf16 bytes: [UInt8], isLittleEndian: Bool) {
        let hasMark = bytes[0] >= 0xFE
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = hasMark ? 2 : 0
        while index + 1 < bytes.count {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isLittleEndian ? second << 8 | first : first << 8 | second)
            index += 2
        }
        utf8 = []
        utf8.reserveCapacity(bytes.count)
        var stray = 0
        let failed = transcode(
            units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false, into: { utf8.append($0) })
        if failed || bytes.count % 2 == 1 { stray = 1 }
        replaced = stray
        encoding = isLittleEndian ? "UTF-16LE" : "UTF-16BE"
    }

    /// Whether every second byte of the beginning is 0 and the others are not, as in UTF-16 without a mark.
    private static func looksLikeUTF16(_ bytes: [UInt8], zeroAt parity: Int) -> Bool {
        guard bytes.count >= 8 else { return false }
        let sample = bytes.prefix(64).count & ~1
        for index in 0..<sample where (bytes[index] == 0) != (index % 2 == parity) { return false }
        return true
    }
}

/// Finds and mends what is not valid UTF-8 (Unicode 16, table 3-7).
enum UTF8Check {
    /// What becomes of a byte that belongs to no valid sequence.
    enum Stray { case replace, windows1252 }

    /// How many bytes belong to no valid sequence, and how many valid sequences of several bytes there are.
    static func count(_ bytes: Bytes) -> (invalid: Int, sequences: Int) {
        var (invalid, sequences, index) = (0, 0, 0)
        let raw = UnsafeRawPointer(bytes.base)
        while index < bytes.count {
            if index + 8 <= bytes.count,
                raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                index += 8
                continue
            }
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let length = sequenceLength(bytes, at: index)
            if length == 0 { invalid += 1 } else { sequences += 1 }
            index += max(1, length)
        }
        return (invalid, sequences)
    }

    /// A valid copy.
    static func repair(_ bytes: Bytes, stray: Stray) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 8)
        var index = 0
        while index < bytes.count {
            let length = bytes[index] < 0x80 ? 1 : sequenceLength(bytes, at: index)
            if length > 0 {
                output.append(contentsOf: bytes[index..<index + length].buffer)
            } else {
                output.append(contentsOf: replacement(bytes[index], stray))
            }
            index += max(1, length)
        }
        return output
    }

    /// The length of the valid sequence of 2 to 4 bytes at `index`, or 0.
    @inline(__always)
    private static func sequenceLength(_ bytes: Bytes, at index: Int) -> Int {
        let first = bytes[index]
        let second = bytes.at(index + 1)
        func continues(_ offset: Int) -> Bool { bytes.at(index + offset) & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return second >= 0xA0 && second <= 0xBF && continues(2) ? 3 : 0
        case 0xED: return second >= 0x80 && second <= 0x9F && continues(2) ? 3 : 0
        case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return second >= 0x90 && second <= 0xBF && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return second >= 0x80 && second <= 0x8F && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }

    private static func replacement(_ byte: UInt8, _ stray: Stray) -> String.UTF8View {
        guard stray == .windows1252, byte >= 0x80 else { return "\u{FFFD}".utf8 }
        let scalar = byte < 0xA0 ? upperControls[Int(byte) - 0x80] : UInt32(byte)
        return String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8
    }

    /// What Windows-1252 has at 0x80–0x9F.
    private static let upperControls: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
