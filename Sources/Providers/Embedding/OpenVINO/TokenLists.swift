/// The token ids of many texts in one flat array, and the order in which to compute them.
struct TokenLists: Sendable {
    /// Texts of similar length that are computed together.
    struct Batch: Sendable, Equatable {
        /// Which texts.
        var rows: ArraySlice<Int>
        /// The tokens of the longest, rounded up to ``lengthStep``.
        var length: Int
    }

    private var identifiers: [Int32] = []
    private var starts = [0]

    init(_ texts: [String], _ tokenizer: WordPieceTokenizer) {
        starts.reserveCapacity(texts.count + 1)
        for text in texts {
            tokenizer.append(text, to: &identifiers)
            starts.append(identifiers.count)
        }
    }

    func identifiers(of text: Int) -> ArraySlice<Int32> { identifiers[starts[text]..<starts[text + 1]] }

    func length(of text: Int) -> Int { starts[text + 1] - starts[text] }

    /// Batches are as long as a multiple of this. Each new shape (texts, tokens) makes OpenVINO compile and keep kernels,
    /// about 1 MB: the fewer shapes, the less memory.
    static let lengthStep = 16

    /// All texts, longest first, cut into batches of 1, 2, 4, 8… texts within the limits of `options`.
    func batches(_ options: OpenVINOEmbeddingModel.Options) -> [Batch] {
        let order = (0..<starts.count - 1).sorted { (length(of: $0), $1) > (length(of: $1), $0) }
        var batches: [Batch] = []
        var start = 0
        while start < order.count {
            let longest = length(of: order[start])
            let padded = (longest + Self.lengthStep - 1) / Self.lengthStep * Self.lengthStep
            let room = max(1, min(options.batchSize, options.batchTokens / padded))
            let similar = order[start...].prefix(room).prefix { longest - length(of: $0) <= options.padding }.count
            let end = start + Self.powerOfTwo(atMost: similar)
            batches.append(Batch(rows: order[start..<end], length: padded))
            start = end
        }
        return batches
    }

    private static func powerOfTwo(atMost count: Int) -> Int { 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount) }
}
