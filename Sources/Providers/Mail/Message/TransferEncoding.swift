internal import Foundation

/// How text travels in lines of ASCII (RFC 2045): readable where it is mostly ASCII, else as base64.
enum TransferEncoding: String {
    case quotedPrintable = "quoted-printable"
    case base64 = "base64"

    /// The longest line, without its end.
    static let maximumLine = 76

    /// The shorter encoding of `text`, whose lines end as mail's do. What comes back ends with a line end.
    static func encode(_ text: String) -> (encoding: TransferEncoding, bytes: [UInt8]) {
        let canonical = canonical(text)
        let readable = quotedPrintable(canonical)
        guard readable.count > canonical.count * 3 / 2 else { return (.quotedPrintable, readable) }
        return (.base64, base64Lines(canonical))
    }

    /// `text` with CRLF at the end of each line, and of the last.
    static func canonical(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 64)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case lineFeed where previous == carriageReturn: break
            case lineFeed, carriageReturn: bytes += [carriageReturn, lineFeed]
            default: bytes.append(byte)
            }
            previous = byte
        }
        if bytes.last != lineFeed { bytes += [carriageReturn, lineFeed] }
        return bytes
    }

    /// Quoted-printable; `bytes` has CRLF at the end of each line, and nowhere else a CR or LF.
    static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count + bytes.count / 8)
        var column = 0
        for (index, byte) in bytes.enumerated() {
            guard byte != carriageReturn, byte != lineFeed else {
                encoded.append(byte)
                column = 0
                continue
            }
            let isLast = index + 1 == bytes.count || bytes[index + 1] == carriageReturn
            let isPlain = byte == space || byte == tab ? !isLast : (33...126).contains(byte) && byte != equals
            let width = isPlain ? 1 : 3
            // The last place of a line is for the sign that it goes on.
            if column + width > maximumLine - (isLast ? 0 : 1) {
                encoded += [equals, carriageReturn, lineFeed]
                column = 0
            }
            if isPlain { encoded.append(byte) } else { encoded += [equals] + hexadecimal(byte).utf8 }
            column += width
        }
        return encoded
    }

    /// Base64 in lines, each with its end.
    static func base64Lines(_ bytes: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        let bytesOfLine = maximumLine / 4 * 3
        for start in stride(from: 0, to: bytes.count, by: bytesOfLine) {
            lines += base64(Array(bytes[start..<min(start + bytesOfLine, bytes.count)])).utf8
            lines += [carriageReturn, lineFeed]
        }
        return lines
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
    private static let equals = UInt8(ascii: "=")
}
