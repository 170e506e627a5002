/// What a character is to the reader of words.
enum CharacterClass {
    /// Part of a word.
    case letter
    /// A character of a script without spaces, indexed in pairs.
    case paired
    /// Has no sound: accents written apart, vowel points, zero-width characters. Skipped inside a word.
    case ignored
    case apostrophe
    /// Ends a word.
    case other

    /// For each ASCII byte the lower-case letter or digit that it stands for, or 0.
    static let ascii: [UInt8] = (0..<128).map { (byte: UInt8) -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
        default: 0
        }
    }

    /// The class of a character beyond ASCII.
    static func of(_ scalar: Unicode.Scalar) -> CharacterClass {
        switch scalar.value {
        case 0xD7, 0xF7: .other
        case 0xC0...0x24F, 0x400...0x481, 0x48A...0x52F: .letter
        case 0x2019, 0x02BC, 0x2018, 0xFF07, 0xB4: .apostrophe
        case 0x300...0x36F, 0x591...0x5C7, 0x640, 0x64B...0x652, 0x670, 0xAD, 0x200B...0x200D, 0xFEFF: .ignored
        case 0x30FB, 0xE3F, 0xE4F, 0xE5A...0xE5B, 0x104A...0x104F, 0x17D4...0x17DB: .other
        case 0xE01...0xEFF, 0x1000...0x109F, 0x1780...0x17FF: .paired  // Thai, Lao, Myanmar, Khmer
        case 0x3005, 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: .paired  // Kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .paired  // Han
        case 0xAC00...0xD7A3: .paired  // Hangul
        default: isWordPart(scalar) ? .letter : .other
        }
    }

    /// Calls `body` with the UTF-8 of the lower-case form, full-width ASCII made narrow.
    static func forEachLowercased(_ scalar: Unicode.Scalar, _ body: (UInt8) -> Void) {
        switch scalar.value {
        case 0xC0...0xDE, 0x391...0x3A9, 0x410...0x42F: encode(scalar.value + 0x20, body)
        case 0xDF...0xFF, 0x430...0x45F: encode(scalar.value, body)
        case 0xFF10...0xFF5A: forEachLowercased(narrow: scalar.value - 0xFEE0, body)
        default:
            guard scalar.properties.changesWhenLowercased else { return encode(scalar.value, body) }
            for part in scalar.properties.lowercaseMapping.unicodeScalars where !(0x300...0x36F).contains(part.value) {
                encode(part.value, body)
            }
        }
    }

    private static func forEachLowercased(narrow value: UInt32, _ body: (UInt8) -> Void) {
        let byte = UInt8(truncatingIfNeeded: value)
        body(ascii[Int(byte & 0x7F)] == 0 ? byte : ascii[Int(byte & 0x7F)])
    }

    private static func encode(_ value: UInt32, _ body: (UInt8) -> Void) {
        guard let scalar = Unicode.Scalar(value) else { return }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { body(byte) }
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
