/// Reads `numeric`, the type of sums and averages of large integers: an integer where it is one that fits, else real.
///
/// The format (`numeric_send`): four 16-bit fields (how many digits, the weight of the first, the sign, how many
/// decimal places are shown), then digits to the base of 10,000.
enum PostgresNumeric {
    private static let headerSize = 8
    private static let negative: UInt16 = 0x4000
    private static let notANumber: UInt16 = 0xC000
    private static let infinity: UInt16 = 0xD000
    private static let negativeInfinity: UInt16 = 0xF000

    static func value(_ bytes: UnsafeRawBufferPointer) throws(PostgresBinary.Malformed) -> SQLValue {
        guard bytes.count >= headerSize else { throw PostgresBinary.Malformed() }
        let field = { (index: Int) in UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        }
        let count = Int(field(0))
        guard bytes.count == headerSize + count * 2 else { throw PostgresBinary.Malformed() }
        switch field(2) {
        case notANumber: return .real(.nan)
        case infinity: return .real(.infinity)
        case negativeInfinity: return .real(-.infinity)
        case let sign where sign == 0 || sign == negative:
            let digits = (0..<count).map { field(4 + $0) }
            guard digits.allSatisfy({ $0 < 10_000 }) else { throw PostgresBinary.Malformed() }
            let weight = Int(Int16(bitPattern: field(1)))
            return value(digits, weight: weight, isNegative: sign == negative, places: field(3))
        default: throw PostgresBinary.Malformed()
        }
    }

    private static func value(_ digits: [UInt16], weight: Int, isNegative: Bool, places: UInt16) -> SQLValue {
        if places == 0, let number = integer(digits, weight: weight, isNegative: isNegative) { return .integer(number) }
        // "0." and the digits, four places each; the exponent says where the point belongs.
        let text = digits.map { digit in
            let text = String(digit)
            return String(repeating: "0", count: 4 - text.count) + text
        }.joined()
        return .real(Double("\(isNegative ? "-" : "")0.\(text)0e\((weight + 1) * 4)") ?? .nan)
    }

    private static func integer(_ digits: [UInt16], weight: Int, isNegative: Bool) -> Int64? {
        guard digits.count <= weight + 1 || digits.isEmpty else { return nil }
        var number: Int64 = 0
        guard !digits.isEmpty else { return number }
        for index in 0...weight {
            let digit = index < digits.count ? Int64(digits[index]) : 0
            let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 10_000)
            // Counted downwards: the most negative number has no positive counterpart.
            let (sum, isStillTooLarge) = shifted.subtractingReportingOverflow(digit)
            guard !isTooLarge, !isStillTooLarge else { return nil }
            number = sum
        }
        guard !isNegative else { return number }
        return number == .min ? nil : -number
    }
}
