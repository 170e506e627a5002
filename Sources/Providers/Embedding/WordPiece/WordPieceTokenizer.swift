/// BERT's uncased tokenizer: characters normalised, words split, each word cut into the longest known pieces.
///
/// Gives the ids of the Python package `tokenizers` for `bert-base-uncased` (the test compares more than ten thousand
/// strings), with one wanted difference: the words `[CLS]`, `[SEP]`, `[MASK]`, `[PAD]` and `[UNK]` inside a text are
/// text, not control tokens (`encode_special_tokens=True` there).
struct WordPieceTokenizer: Sendable {
    /// The most tokens a text becomes, `[CLS]` and `[SEP]` included; the rest of a longer text is dropped.
    let maximumTokens: Int

    private let characters: CharacterTable
    private let trie: VocabularyTrie
    private let unknown: Int32
    private let start: Int32
    private let end: Int32
    private let ascii: [UInt8]

    /// A longer word (in characters) is unknown as a whole.
    static let maximumWordLength = 100
    /// More lines than this are not a vocabulary.
    static let maximumVocabulary = 1 << 20

    /// Reads a vocabulary of one token a line, whose line number is its id.
    ///
    /// - Throws: ``ProviderError/Kind/damaged`` when a control token is missing, or the file is far too large.
    init(vocabulary: [UInt8], maximumTokens: Int) throws {
        precondition(maximumTokens > 2)
        let tokens = Self.lines(of: vocabulary)
        func id(_ name: String) throws -> Int32 {
            guard let index = tokens.firstIndex(where: { $0.elementsEqual(name.utf8) }) else {
                throw ProviderError(.damaged, "The vocabulary has no token \(name).")
            }
            return Int32(index)
        }
        guard tokens.count <= Self.maximumVocabulary else {
            throw ProviderError(.damaged, "The vocabulary has \(tokens.count) tokens: that is no vocabulary.")
        }
        (unknown, start, end) = (try id("[UNK]"), try id("[CLS]"), try id("[SEP]"))
        self.maximumTokens = maximumTokens
        trie = VocabularyTrie(tokens: tokens)
        characters = .bertUncased()
        ascii = Self.asciiActions(characters)
    }

    /// The ids of `text`, from `[CLS]` to `[SEP]`.
    func identifiers(of text: String) -> [Int32] {
        var ids: [Int32] = []
        append(text, to: &ids)
        return ids
    }

    /// Appends the ids of `text`, from `[CLS]` to `[SEP]`, and returns how many there are.
    @discardableResult
    func append(_ text: String, to ids: inout [Int32]) -> Int {
        let before = ids.count
        ids.append(start)
        var words = WordReader(limit: before + maximumTokens - 1)
        var text = text
        text.withUTF8 { read($0, &words, &ids) }
        finishWord(&words, &ids)
        if ids.count > words.limit { ids.removeLast(ids.count - words.limit) }
        ids.append(end)
        return ids.count - before
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>, _ words: inout WordReader, _ ids: inout [Int32]) {
        var position = 0
        while position < bytes.count && ids.count < words.limit {
            let byte = bytes[position]
            if byte < 0x80 {
                position += 1
                readASCII(byte, &words, &ids)
            } else {
                readScalar(Self.decode(bytes, &position), &words, &ids)
            }
        }
    }

    @inline(__always)
    private func readASCII(_ byte: UInt8, _ words: inout WordReader, _ ids: inout [Int32]) {
        let action = ascii[Int(byte)]
        switch action {
        case Self.skip: break
        case Self.separate: finishWord(&words, &ids)
        case Self.isolate:
            finishWord(&words, &ids)
            words.append(ascii: byte)
            finishWord(&words, &ids)
        default: words.append(ascii: action)
        }
    }

    private func readScalar(_ scalar: UInt32, _ words: inout WordReader, _ ids: inout [Int32]) {
        switch characters.fate(of: scalar) {
        case .same: words.append(scalar)
        case .removed: break
        case .space: finishWord(&words, &ids)
        case .isolated(let target):
            finishWord(&words, &ids)
            words.append(target)
            finishWord(&words, &ids)
        case .mapped(let target): words.append(target)
        case .sequence(let targets): targets.forEach { words.append($0) }
        }
    }

    /// Cuts the word that was read into pieces: the longest that matches, again and again; one gap makes all unknown.
    private func finishWord(_ words: inout WordReader, _ ids: inout [Int32]) {
        guard words.length > 0 else { return }
        defer { words.clear() }
        guard words.length <= Self.maximumWordLength else { return ids.append(unknown) }
        let before = ids.count
        words.bytes.withUnsafeBufferPointer { word in
            var position = 0
            while position < word.count {
                let root = position == 0 ? VocabularyTrie.wordStart : VocabularyTrie.continuation
                guard let match = trie.longestMatch(in: word, from: position, root: root) else {
                    ids.removeLast(ids.count - before)
                    return ids.append(unknown)
                }
                ids.append(match.token)
                position = match.end
            }
        }
    }

    /// The scalar at `position` of valid UTF-8.
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt32 {
        let first = UInt32(bytes[position])
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = first & (0x7F >> UInt32(count))
        for offset in 1..<count { scalar = scalar << 6 | UInt32(bytes[position + offset]) & 0x3F }
        position += count
        return scalar
    }

    private static func lines(of vocabulary: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }

    // What to do with an ASCII byte: one of these, or the byte that it becomes.
    private static let skip: UInt8 = 0
    private static let separate: UInt8 = 1
    private static let isolate: UInt8 = 2

    private static func asciiActions(_ characters: CharacterTable) -> [UInt8] {
        (UInt32(0)..<128).map { byte in
            switch characters.fate(of: byte) {
            case .same: UInt8(byte)
            case .removed, .sequence: skip
            case .space: separate
            case .isolated: isolate
            case .mapped(let target): UInt8(target)
            }
        }
    }
}

/// The word that is being read: its normalised bytes and its length in characters.
private struct WordReader {
    /// Once there are this many ids, nothing more is read.
    let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var length = 0

    init(limit: Int) {
        self.limit = limit
        bytes.reserveCapacity(WordPieceTokenizer.maximumWordLength * 4)
    }

    @inline(__always)
    mutating func append(ascii byte: UInt8) {
        length += 1
        if length <= WordPieceTokenizer.maximumWordLength { bytes.append(byte) }
    }

    mutating func append(_ scalar: UInt32) {
        length += 1
        guard length <= WordPieceTokenizer.maximumWordLength else { return }
        switch scalar {
        case ..<0x80: bytes.append(UInt8(scalar))
        case ..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        length = 0
    }
}
