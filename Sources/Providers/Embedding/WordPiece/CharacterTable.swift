/// What BERT's uncased normaliser and splitter do to one Unicode scalar, for all scalars, in two array look-ups.
///
/// The rules are those of the Python package `tokenizers` (`BertNormalizer`, `BertPreTokenizer`): control characters and
/// accents are removed, letters lower-cased and decomposed, white space and punctuation split, ideographs stand alone.
/// They are stored (`CharacterRules.swift`), not asked of Swift or Foundation, whose Unicode version is newer.
///
/// One rule is a span of code points and what becomes of them: `300-36F-` removed, `9-A_` white space, `21-2F!` a word of
/// its own, `41-5A=61` becomes 61 and so on upwards, `C0-C5=61*` all become 61, `1C4-1C5/2` every second code point,
/// `AC=61+62` becomes a sequence, `F900!8C48` becomes 8C48 and stands alone. What no rule names stays as it is.
///
/// Canonical reordering of marks is left out on purpose: marks are removed, and of the few combining characters that the
/// reference keeps none is in the vocabulary, so that a word with one of them is unknown in any order.
struct CharacterTable: Sendable {
    /// What becomes of one scalar.
    enum Fate {
        case same
        case removed
        case space
        case isolated(UInt32)
        case mapped(UInt32)
        case sequence(ArraySlice<UInt32>)
    }

    private var pageOfBlock: [UInt16]
    private var entries: [UInt32]
    private var sequences: [UInt32] = []

    private static let blockBits = 7
    private static let blockSize = 1 << blockBits
    private static let scalarMask: UInt32 = 0x1F_FFFF
    private static let removed: UInt32 = 1 << 31
    private static let space: UInt32 = 1 << 30
    private static let isolated: UInt32 = 1 << 29
    /// The low bits are an offset into `sequences`, where the length stands before the scalars.
    private static let sequence: UInt32 = 1 << 28

    /// The table of `bert-base-uncased`.
    static func bertUncased() -> CharacterTable { CharacterTable(rules: bertUncasedRules) }

    init(rules: StaticString) {
        pageOfBlock = [UInt16](repeating: 0, count: 0x110000 >> Self.blockBits)
        entries = [UInt32](repeating: 0, count: Self.blockSize)
        var uniformPages: [UInt32: UInt16] = [:]
        rules.withUTF8Buffer { text in
            for word in text.split(separator: UInt8(ascii: " ")) {
                apply(Rule(word), &uniformPages)
            }
        }
    }

    /// What becomes of `scalar`.
    func fate(of scalar: UInt32) -> Fate {
        if Self.hangulSyllables.contains(scalar) { return .sequence(Self.jamo(of: scalar)) }
        let page = Int(pageOfBlock[Int(scalar) >> Self.blockBits])
        let entry = entries[page << Self.blockBits | Int(scalar) & (Self.blockSize - 1)]
        if entry == 0 { return .same }
        if entry & Self.removed != 0 { return .removed }
        if entry & Self.space != 0 { return .space }
        let target = entry & Self.scalarMask
        if entry & Self.sequence != 0 {
            let start = Int(target) + 1
            return .sequence(sequences[start..<start + Int(sequences[start - 1])])
        }
        if entry & Self.isolated != 0 { return .isolated(target == 0 ? scalar : target) }
        return .mapped(target)
    }

    private mutating func apply(_ rule: Rule, _ uniformPages: inout [UInt32: UInt16]) {
        let entry = entry(for: rule)
        var code = rule.first
        while code <= rule.last {
            let block = Int(code) >> Self.blockBits
            let isWholeBlock = Int(code) & (Self.blockSize - 1) == 0 && Int(rule.last - code) >= Self.blockSize - 1
            if isWholeBlock && !rule.climbs && rule.stride == 1 {
                pageOfBlock[block] = uniformPage(of: entry, &uniformPages)
                code += UInt32(Self.blockSize)
                continue
            }
            if pageOfBlock[block] == 0 { pageOfBlock[block] = addPage(filledWith: 0) }
            let page = Int(pageOfBlock[block])
            entries[page << Self.blockBits | Int(code) & (Self.blockSize - 1)] =
                rule.climbs ? entry + (code - rule.first) : entry
            code += rule.stride
        }
    }

    private mutating func entry(for rule: Rule) -> UInt32 {
        switch rule.action {
        case .remove: return Self.removed
        case .space: return Self.space
        case .isolate: return Self.isolated | (rule.targets.first ?? 0)
        case .map where rule.targets.count == 1: return rule.targets[0]
        case .map:
            sequences.append(UInt32(rule.targets.count))
            sequences.append(contentsOf: rule.targets)
            return Self.sequence | UInt32(sequences.count - rule.targets.count - 1)
        }
    }

    private mutating func uniformPage(of entry: UInt32, _ pages: inout [UInt32: UInt16]) -> UInt16 {
        if let page = pages[entry] { return page }
        let page = addPage(filledWith: entry)
        pages[entry] = page
        return page
    }

    private mutating func addPage(filledWith entry: UInt32) -> UInt16 {
        entries.append(contentsOf: repeatElement(entry, count: Self.blockSize))
        return UInt16(entries.count >> Self.blockBits) - 1
    }

    // Hangul syllables by arithmetic: The Unicode Standard, section 3.12.
    private static let hangulSyllables: ClosedRange<UInt32> = 0xAC00...0xD7A3

    private static func jamo(of syllable: UInt32) -> ArraySlice<UInt32> {
        let index = syllable - 0xAC00
        let leadAndVowel = [0x1100 + index / 588, 0x1161 + index % 588 / 28]
        return index % 28 == 0 ? leadAndVowel[...] : (leadAndVowel + [0x11A7 + index % 28])[...]
    }
}

/// One word of the rules, read.
private struct Rule {
    enum Action { case remove, space, isolate, map }

    var first: UInt32
    var last: UInt32
    var stride: UInt32 = 1
    var action = Action.map
    var targets: [UInt32] = []
    /// Whether the target grows with the code point.
    var climbs = false

    init(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
        var rest = word[...]
        first = Self.hexadecimal(&rest)
        last = first
        // A dash before a digit is a span, a dash at the end means removal.
        if rest.first == UInt8(ascii: "-"), rest.count > 1 {
            rest.removeFirst()
            last = Self.hexadecimal(&rest)
        }
        if rest.first == UInt8(ascii: "/") {
            rest.removeFirst()
            stride = Self.hexadecimal(&rest)
        }
        switch rest.popFirst() {
        case UInt8(ascii: "-"): action = .remove
        case UInt8(ascii: "_"): action = .space
        case UInt8(ascii: "!"): action = .isolate
        default: action = .map
        }
        while let byte = rest.first, byte != UInt8(ascii: "*") {
            if byte == UInt8(ascii: "+") { rest.removeFirst() }
            targets.append(Self.hexadecimal(&rest))
        }
        climbs = rest.isEmpty && targets.count == 1 && first != last
    }

    private static func hexadecimal(_ bytes: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
        var value: UInt32 = 0
        while let byte = bytes.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return value
            }
            bytes.removeFirst()
        }
        return value
    }
}
