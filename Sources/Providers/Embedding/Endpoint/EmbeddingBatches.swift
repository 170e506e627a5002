/// Cuts a list of texts into requests that an endpoint accepts.
struct EmbeddingBatches: Sendable {
    /// The most texts in a request.
    var maximumTexts: Int
    /// The most estimated tokens in a request.
    var maximumTokens: Int

    /// Ranges of `texts`, in order, each within the limits; a text that is too long alone is a range of its own.
    func ranges(of texts: [String]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var tokens = 0
        for (index, text) in texts.enumerated() {
            let estimate = TokenEstimate.tokens(in: text)
            if index > start && (index - start == maximumTexts || tokens + estimate > maximumTokens) {
                ranges.append(start..<index)
                (start, tokens) = (index, 0)
            }
            tokens += estimate
        }
        if start < texts.count { ranges.append(start..<texts.count) }
        return ranges
    }
}
