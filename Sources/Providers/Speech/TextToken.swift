/// A word as it stands in a text. Scripts without spaces give a token for each character.
struct TextToken: Sendable, Equatable {
    /// With the punctuation around it.
    var text: String
    /// Whether there is no white space before it.
    var isGlued: Bool

    /// The words of `text`, in order.
    static func tokens(of text: String) -> [TextToken] {
        text.split(whereSeparator: \.isWhitespace).flatMap(tokens(ofRun:))
    }

    private static func tokens(ofRun run: Substring) -> [TextToken] {
        var tokens: [TextToken] = []
        // The last letter or digit of the token that is being made.
        var last: Character?
        for character in run {
            let isWord = character.isWord
            if tokens.isEmpty || isWord && (last.map { $0.isUnspaced || character.isUnspaced } ?? false) {
                tokens.append(TextToken(text: String(character), isGlued: !tokens.isEmpty))
                last = nil
            } else {
                tokens[tokens.count - 1].text.append(character)
            }
            if isWord { last = character }
        }
        return tokens
    }

    /// For each of `words`, which stand in `text` in this order, whether there is no white space before it.
    static func areGlued(_ words: [String], in text: String) -> [Bool] {
        var rest = text[...]
        return words.map { word in
            let behind = rest.drop(while: \.isWhitespace)
            let isGlued = behind.startIndex == rest.startIndex && behind.startIndex != text.startIndex
            rest = behind.hasPrefix(word) ? behind.dropFirst(word.count) : behind
            return isGlued
        }
    }

    /// What a word is recognised by: its letters and digits, in lower case.
    var letters: [Unicode.Scalar] { Self.letters(of: text) }

    /// The letters and digits of `text`, in lower case.
    static func letters(of text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter(\.isPartOfWord).flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }

    /// What a word is recognised by, as text; a word of signs only is itself.
    static func key(of word: String) -> String {
        let letters = letters(of: word)
        if letters.isEmpty { return word }
        var key = String.UnicodeScalarView()
        key.append(contentsOf: letters)
        return String(key)
    }
}

extension Character {
    fileprivate var isWord: Bool { unicodeScalars.contains(where: \.isPartOfWord) }
    fileprivate var isUnspaced: Bool { unicodeScalars.first?.isOfUnspacedScript ?? false }
}

extension Unicode.Scalar {
    /// Letters, digits, and the marks that belong to letters.
    fileprivate var isPartOfWord: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    /// Han, Kana, Thai, Lao, Khmer, Myanmar: scripts whose words are not told apart by spaces.
    fileprivate var isOfUnspacedScript: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF, 0xFF00...0xFF65, 0x20000...0x2FA1F:
            true
        default: false
        }
    }
}
