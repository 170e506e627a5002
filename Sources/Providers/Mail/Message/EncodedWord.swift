/// Text outside ASCII in a header, as a series of words that are ASCII (RFC 2047): `=?UTF-8?Q?caf=C3=A9?=`.
enum EncodedWord {
    /// The longest line of a header with such words has 76 characters; the longest name before them is `Subject: `.
    private static let maximumPayload = 55
    /// The bytes whose base64 fits into that.
    private static let maximumBytes = maximumPayload / 4 * 3

    /// The words that decode to `text` when they are put together. Characters are not divided between words.
    static func words(_ text: String) -> [String] {
        let quotedTotal = text.utf8.reduce(0) { $0 + quotedLength(of: $1) }
        let base64Total = (text.utf8.count + 2) / 3 * 4
        return quotedTotal <= base64Total
            ? pieces(text) { piece in piece.reduce(0) { $0 + quotedLength(of: $1) } <= maximumPayload }
                .map { "=?UTF-8?Q?\(quoted($0))?=" }
            : pieces(text) { $0.count <= maximumBytes }.map { "=?UTF-8?B?\(TransferEncoding.base64($0))?=" }
    }

    /// Divides `text` between its characters into runs of bytes that fit, or, where a character has too many accents to
    /// fit, inside it.
    private static func pieces(_ text: String, fits: ([UInt8]) -> Bool) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        func add(_ unit: [UInt8]) {
            if !piece.isEmpty, !fits(piece + unit) {
                pieces.append(piece)
                piece = []
            }
            piece += unit
        }
        for character in text {
            let bytes = Array(String(character).utf8)
            if fits(bytes) { add(bytes) } else { character.unicodeScalars.forEach { add(Array(String($0).utf8)) } }
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: " "): text += "_"
            case _ where quotedLength(of: byte) == 1: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "=" + TransferEncoding.hexadecimal(byte)
            }
        }
        return text
    }

    /// Only what may stand for itself in names, too, does so.
    private static func quotedLength(of byte: UInt8) -> Int {
        MailSyntax.isAlphanumeric(byte) || byte == UInt8(ascii: " ") || plain.contains(byte) ? 1 : 3
    }

    private static let plain = Set("!*+-/".utf8)
}
