internal import Foundation

/// Text of others on its way into a prompt: what it holds can be read, and can't be taken for what the program writes.
enum QuotedData {
    /// The text on one line, without the characters that fences, passage numbers and the tokens of chat templates are
    /// made of, and without what can't be seen.
    ///
    /// - Parameter mark: this request's own, which must not occur either.
    static func line(_ text: String, without mark: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let plain = plain(scalar)
            if let plain, plain != " " || line.last != " " { line.append(plain) }
        }
        return removing(mark, from: String(line)).trimmingCharacters(in: .whitespaces)
    }

    /// What was said in a conversation, with its lines; only what a chat template would take for its own is made plain.
    static func turn(_ text: String, without mark: String) -> String {
        var text = String(text.unicodeScalars.filter { isReadable($0) }.map(Character.init))
        let isPlain = text.utf8.allSatisfy {
            $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "[")
        }
        for token in isPlain ? [] : templateTokens {
            text = text.replacingOccurrences(of: token.written, with: token.plain, options: .caseInsensitive)
        }
        return removing(mark, from: text).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let templateTokens: [(written: String, plain: String)] =
        [
            "<|", "|>", "<s>", "</s>", "<<sys>>", "<</sys>>", "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>",
            "<think>", "</think>", "<passages", "</passages", "<notes", "</notes", "<conversation", "</conversation",
        ].map { ($0, $0.replacing("<", with: "‹").replacing(">", with: "›")) } + [
            ("[inst]", "(inst)"), ("[/inst]", "(/inst)"),
        ]

    /// The character as it may stand in a line; nil for what is left out.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "<": "‹"
        case ">": "›"
        case "[": "("
        case "]": ")"
        // Most characters, without a look at Unicode's tables.
        case " "..."~": scalar
        default:
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                " "
            } else {
                isReadable(scalar) ? scalar : nil
            }
        }
    }

    /// Nothing that is unseen, but for line ends, tabs and the joiners that some scripts and emoji need: words for the
    /// model alone can be hidden in such characters.
    private static func isReadable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\t"
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        case .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    private static func removing(_ mark: String, from text: String) -> String {
        var text = text
        while !mark.isEmpty, let range = text.range(of: mark, options: .caseInsensitive) { text.removeSubrange(range) }
        return text
    }
}

/// What tells the fences of one request from all that anyone could have written before.
enum PromptMark {
    private static let bytes = 12

    /// A new one: 96 random bits.
    static func random() -> String {
        (0..<bytes).map { _ in
            let digits = String(UInt8.random(in: .min ... .max), radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
