import CSearch

/// Turns text into the terms that are indexed and searched for.
///
/// A word is a run of letters, digits and marks; it is lower-cased, its apostrophes are folded ("it's" is "it", "l'eau"
/// is "eau"), stemmed by the language's Snowball algorithm and stripped of its Latin accents. Scripts without spaces
/// (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar) give overlapping pairs of characters instead of words.
///
/// Not `Sendable`: a Snowball stemmer has state. Make one for each task; it costs about a microsecond.
final class TextAnalysis {
    /// Bytes after which a word is cut: nothing that is spoken is longer.
    static let maximumWordBytes = 64

    /// The primary subtag in lower case ("en" of "en-US"), or empty when it isn't known.
    let language: String

    private let stemmer: Stemmer?
    private let stopWords: Set<String>
    private var word = WordBuffer()
    private var run = CharacterRun()

    init(language: String?) {
        self.language = Self.primarySubtag(of: language)
        stemmer = Stemmer(language: self.language)
        stopWords = StopWords.of(language: self.language)
    }

    /// "en-US" and "EN_us" are "en"; Norwegian's two written forms are "no"; nil is "".
    static func primarySubtag(of language: String?) -> String {
        let subtag = (language ?? "").prefix { $0 != "-" && $0 != "_" }.lowercased()
        return subtag == "nb" || subtag == "nn" ? "no" : subtag
    }

    /// The terms of a text in reading order.
    func terms(in text: String) -> [Term] {
        var text = text
        return text.withUTF8 { bytes in
            var terms: [Term] = []
            terms.reserveCapacity(bytes.count / 5)
            scan(bytes) { terms.append($0) }
            return terms
        }
    }

    /// True for a word as it was written that carries no meaning of its own in this language.
    private func isStopWord(_ word: ArraySlice<UInt8>) -> Bool {
        !stopWords.isEmpty && stopWords.contains(String(decoding: word, as: UTF8.self))
    }
}

/// One term of a text.
struct Term: Sendable, Hashable {
    /// XXH64 of the stem's UTF-8: the identity of a term everywhere in the index.
    var hash: UInt64
    /// Where the word stands in the text, as UTF-8 offsets.
    var range: Range<Int>
    /// XXH64 of the word before stemming, which is the same in every language.
    var surface: UInt64
    var isStopWord: Bool
}

extension TextAnalysis {
    private func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ emit: (Term) -> Void) {
        word.removeAll()
        run.removeAll()
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte < 0x80 {
                run.finish(emit)
                let folded = CharacterClass.ascii[Int(byte)]
                if folded != 0 {
                    word.append(folded, at: at)
                } else if byte == UInt8(ascii: "'") {
                    word.appendApostrophe(at: at, length: 1)
                } else {
                    finishWord(emit)
                }
                at += 1
            } else {
                let (scalar, length) = bytes.scalar(at: at)
                take(scalar, at: at, length: length, emit)
                at += length
            }
        }
        run.finish(emit)
        finishWord(emit)
    }

    private func take(_ scalar: Unicode.Scalar, at: Int, length: Int, _ emit: (Term) -> Void) {
        switch CharacterClass.of(scalar) {
        case .ignored:
            word.extend(to: at + length)
        case .paired:
            finishWord(emit)
            run.append(scalar, range: at..<at + length, emit)
            return
        case .letter:
            CharacterClass.forEachLowercased(scalar) { word.append($0, at: at, length: length) }
        case .apostrophe:
            word.appendApostrophe(at: at, length: length)
        case .other:
            finishWord(emit)
        }
        run.finish(emit)
    }

    private func finishWord(_ emit: (Term) -> Void) {
        guard !word.isEmpty else { return }
        defer { word.removeAll() }
        let (surface, range) = word.folded()
        guard !surface.isEmpty else { return }
        let stem = AccentFolding.fold(stemmer?.stem(surface) ?? surface)
        emit(
            Term(
                hash: hash(of: stem), range: range, surface: hash(of: surface), isStopWord: isStopWord(surface)))
    }

    private func hash(of bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { csearch_hash($0.baseAddress, $0.count) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Decodes the scalar that starts at a byte ≥ 0x80 of valid UTF-8 (which a `String` always is).
    fileprivate func scalar(at index: Int) -> (Unicode.Scalar, length: Int) {
        let first = UInt32(self[index])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= count else { return ("\u{FFFD}", count - index) }
        var value = first & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(self[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
