import NIOCore

/// A word that tells which token it is and when it was sent, such as `t00017x000031967123456789z`.
///
/// Always of one length, without anything that a reader of answers could take for a marker, a time or a link.
struct Stamp: Sendable, Equatable {
    static let (numberDigits, timeDigits) = (5, 18)
    static let largestNumber = 99_999

    var number: Int
    /// Nanoseconds of the machine's monotonic clock, which all of its processes share.
    var sentAt: Int64

    static func now(_ number: Int) -> Stamp { Stamp(number: number, sentAt: monotonicNanoseconds()) }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(ascii: "t"))
        Self.write(Int64(number), digits: Self.numberDigits, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "x"))
        Self.write(sentAt, digits: Self.timeDigits, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "z"))
    }

    private static func write(_ value: Int64, digits: Int, to buffer: inout ByteBuffer) {
        var rest = value
        var place = buffer.writerIndex + digits
        buffer.writeRepeatingByte(UInt8(ascii: "0"), count: digits)
        while rest > 0, place > buffer.writerIndex - digits {
            place -= 1
            buffer.setInteger(UInt8(ascii: "0") + UInt8(rest % 10), at: place)
            rest /= 10
        }
    }
}

/// CLOCK_MONOTONIC.
func monotonicNanoseconds() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

/// Finds stamps in a stream of bytes, however it is cut.
struct StampReader: Sendable {
    private static let x = 1 + Stamp.numberDigits
    private static let z = x + 1 + Stamp.timeDigits

    private var place = 0
    private var number = 0
    private var time: Int64 = 0

    /// The stamp that ends with this byte.
    mutating func read(_ byte: UInt8) -> Stamp? {
        switch place {
        case 0: break
        case Self.x where byte == UInt8(ascii: "x"): return advance()
        case Self.z where byte == UInt8(ascii: "z"):
            place = 0
            return Stamp(number: number, sentAt: time)
        case Self.x, Self.z: break
        case _ where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
            let digit = Int64(byte - UInt8(ascii: "0"))
            if place < Self.x { number = number * 10 + Int(digit) } else { time = time * 10 + digit }
            return advance()
        default: break
        }
        (place, number, time) = (byte == UInt8(ascii: "t") ? 1 : 0, 0, 0)
        return nil
    }

    private mutating func advance() -> Stamp? {
        place += 1
        return nil
    }
}
