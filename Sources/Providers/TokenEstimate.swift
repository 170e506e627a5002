/// About how many tokens a model makes of a text, rather too many than too few.
///
/// Byte-pair tokenizers take about 4 bytes of English a token; counted are 3 bytes of ASCII. Of other scripts they take
/// 2 to 3 bytes a token, of rare characters fewer: counted are 2.
public enum TokenEstimate {
    private static let asciiBytes = 3
    private static let otherBytes = 2

    /// The tokens of `text`, at least 1.
    public static func tokens(in text: String) -> Int {
        var ascii = 0
        var others = 0
        for byte in text.utf8 {
            if byte < 0x80 { ascii += 1 } else { others += 1 }
        }
        return tokens(ascii: ascii, others: others)
    }

    /// The beginning of `text` that is estimated to have no more than `limit` tokens.
    public static func cut(_ text: String, toTokens limit: Int) -> String {
        // A text has at most one token a byte by this estimate: most are short, and not looked at again.
        guard text.utf8.count >= limit, tokens(in: text) > limit else { return text }
        var ascii = 0
        var others = 0
        let scalars = text.unicodeScalars.prefix { scalar in
            if scalar.isASCII { ascii += 1 } else { others += UTF8.width(scalar) }
            return tokens(ascii: ascii, others: others) <= limit
        }
        return String(scalars)
    }

    private static func tokens(ascii: Int, others: Int) -> Int {
        ascii / asciiBytes + (others + otherBytes - 1) / otherBytes + 1
    }
}
