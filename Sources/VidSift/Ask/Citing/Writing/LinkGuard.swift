/// The last look at text that a model or a speaker has worded: whatever was taken out before, no two pieces may meet as a link or a tag.
struct LinkGuard: Sendable {
    private var before: Unicode.Scalar = " "
    private var last: Unicode.Scalar = " "
    /// The last twelve letters, five bits each; nothing after what is no letter.
    private var letters: UInt64 = 0

    /// Appends a character, apart from the one before it where the two would make a link.
    mutating func write(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "[": return write("(", to: &text)
        case "]": return write(")", to: &text)
        case "." where letters & Self.hostMask == Self.host: return
        case ":" where letters & Self.scriptMask == Self.script || letters & Self.javascriptMask == Self.javascript:
            return
        default: break
        }
        if isJoined(to: scalar) { append(" ", to: &text) }
        append(scalar, to: &text)
    }

    /// What stands between citations and text is the citations' own business.
    mutating func pass(_ mark: String, to text: inout String) {
        text += mark
        before = " "
        last = mark.unicodeScalars.last ?? " "
        letters = 0
    }

    private mutating func append(_ scalar: Unicode.Scalar, to text: inout String) {
        text.unicodeScalars.append(scalar)
        before = last
        last = scalar
        letters = scalar.isASCIILetter ? (letters << 5 | UInt64(scalar.value & 0x1F)) & Self.allLetters : 0
    }

    private func isJoined(to scalar: Unicode.Scalar) -> Bool {
        switch last {
        case "<": scalar.isASCIILetter || "/!?".unicodeScalars.contains(scalar)
        case "/": before == ":" && scalar == "/"
        case "]": scalar == "(" || scalar == ":"
        case "@": before.isWordPart && scalar.isWordPart
        default: false
        }
    }

    private static let allLetters: UInt64 = 1 << 60 - 1
    private static let host = packed("www")
    private static let hostMask: UInt64 = 1 << 15 - 1
    private static let javascript = packed("javascript")
    private static let javascriptMask: UInt64 = 1 << 50 - 1
    private static let script = packed("vbscript")
    private static let scriptMask: UInt64 = 1 << 40 - 1

    private static func packed(_ word: String) -> UInt64 {
        word.unicodeScalars.reduce(0) { $0 << 5 | UInt64($1.value & 0x1F) }
    }
}
