/// Cuts a list of texts into requests that an endpoint accepts.
struct EmbeddingBatches: Sendable {
    /// The most texts in a request.
    var maximumTexts: Int
    /// The most estimated tokens in a request.
    var maximumTokens: Int

    /// About how many tokens `text` has, rather too many than too few.
    ///
    /// Byte-pair tokenizers take about 4 bytes of English a token; counted are 3 ASCII bytes, or one other character.
    static func estimatedTokens(_ text: String) -> Int {
        var ascii = 0
        var others = 0
        for byte in text.utf8 {
            if byte < 0x80 { ascii += 1 } else if byte & 0xC0 != 0x80 { others += 1 }
        }
        return ascii / 3 + others + 1
    }

    /// Ranges of `texts`, in order, each within the limits; a text that is too long alone is a range of its own.
    func ranges(of texts: [String]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var tokens = 0
        for (index, text) in texts.enumerated() {
            let estimate = Self.estimatedTokens(text)
            if index > start && (index - start == maximumTexts || tokens + estimate > maximumTokens) {
                ranges.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += estimate
        }
        if start < texts.count { ranges.append(start..<texts.count) }
        return ranges
    }

    /// The beginning of `text` that is estimated to have no more than `limit` tokens.
    static func cut(_ text: String, toTokens limit: Int) -> String {
        // A text has at most one token a byte by this estimate: most are short, and not looked at again.
        guard text.utf8.count >= limit, estimatedTokens(text) > limit else { return text }
        var ascii = 0
        var others = 0
        let scalars = text.unicodeScalars.prefix { scalar in
            if scalar.isASCII { ascii += 1 } else { others += 1 }
            return ascii / 3 + others + 1 <= limit
        }
        return String(scalars)
    }
}
