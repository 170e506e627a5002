import CSearch

/// The word that is being read: its lower-cased bytes, where it stands, and its first apostrophe.
struct WordBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    private var end = 0
    private var apostrophe: (index: Int, after: Int)?

    /// What Romance languages put before an apostrophe and a noun; never part of the word.
    private static let elisions: Set<[UInt8]> = Set(
        ["l", "d", "j", "m", "t", "s", "n", "c", "qu"].map { Array($0.utf8) })
    private static let mark = UInt8(ascii: "'")

    var isEmpty: Bool { bytes.isEmpty }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        apostrophe = nil
    }

    mutating func append(_ byte: UInt8, at offset: Int, length: Int = 1) {
        if bytes.isEmpty { start = offset }
        if bytes.count < TextAnalysis.maximumWordBytes { bytes.append(byte) }
        end = offset + length
    }

    /// An apostrophe inside a word belongs to it; one before a word doesn't, and one after it is dropped by `folded`.
    mutating func appendApostrophe(at offset: Int, length: Int) {
        guard !bytes.isEmpty, bytes.count < TextAnalysis.maximumWordBytes else { return }
        if apostrophe == nil { apostrophe = (bytes.count, offset + length) }
        bytes.append(Self.mark)
    }

    /// A mark without a sound of its own lengthens the word's range only.
    mutating func extend(to offset: Int) {
        if !bytes.isEmpty { end = offset }
    }

    /// The word without its apostrophes, elided article and possessive s.
    mutating func folded() -> (bytes: ArraySlice<UInt8>, range: Range<Int>) {
        guard let apostrophe else { return (bytes[...], start..<end) }
        while bytes.last == Self.mark { bytes.removeLast() }
        if bytes.count > apostrophe.index + 2, Self.elisions.contains(Array(bytes[..<apostrophe.index])) {
            bytes.removeFirst(apostrophe.index + 1)
            start = apostrophe.after
        } else if bytes.suffix(2) == [Self.mark, UInt8(ascii: "s")] {
            bytes.removeLast(2)
        }
        bytes.removeAll { $0 == Self.mark }
        return (bytes[...], start..<max(start, end))
    }
}

/// A run of characters of a script without spaces, given out as overlapping pairs; a lone one stands for itself.
struct CharacterRun {
    private var previous: (scalar: Unicode.Scalar, range: Range<Int>)?
    private var hasPairs = false

    mutating func removeAll() {
        previous = nil
        hasPairs = false
    }

    mutating func append(_ scalar: Unicode.Scalar, range: Range<Int>, _ emit: (Term) -> Void) {
        if let previous {
            emit(Self.term(previous.scalar, scalar, range: previous.range.lowerBound..<range.upperBound))
            hasPairs = true
        }
        previous = (scalar, range)
    }

    mutating func finish(_ emit: (Term) -> Void) {
        guard let last = previous else { return }
        if !hasPairs { emit(Self.term(last.scalar, nil, range: last.range)) }
        removeAll()
    }

    private static func term(_ first: Unicode.Scalar, _ second: Unicode.Scalar?, range: Range<Int>) -> Term {
        var value = (UInt64(first.value) << 32 | UInt64(second?.value ?? 0)).littleEndian
        let hash = csearch_hash(&value, 8)
        return Term(hash: hash, range: range, surface: hash, isStopWord: false)
    }
}
