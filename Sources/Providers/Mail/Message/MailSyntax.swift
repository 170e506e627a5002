/// The character classes of RFC 5322, on bytes.
enum MailSyntax {
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// What an atom may consist of (`atext`).
    static func isAtom(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || specialAtoms.contains(byte)
    }

    private static let specialAtoms = Set("!#$%&'*+-/=?^_`{|}~".utf8)

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A printable ASCII character or a space.
    static func isPrintable(_ byte: UInt8) -> Bool { (32...126).contains(byte) }

    /// Whether `text` may stand in a header: no line break, no NUL, no other control character could end or hide it.
    static func isHeaderText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    /// `text` as the bytes of a quoted string (RFC 5322, section 3.2.4).
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// `text` without the blanks around it.
    static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
