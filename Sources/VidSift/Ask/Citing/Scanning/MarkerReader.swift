/// Reads what stands between brackets, a character at a time, as long as it can be a marker: `[1]`, `[1, 3]`, `[1-3]`,
/// `[^1]`, `【1†source】`, `[passage 2]`; or a time: `[1:23]`.
struct MarkerReader: Sendable {
    /// Characters between the brackets; what is longer is no marker, and its numbers aren't read.
    static let maximumLength = 64
    /// Passages that one marker may name.
    static let maximumNumbers = 8
    /// A greater number is none that was given.
    static let greatestNumber = 1_000_000

    /// What the brackets turned out to be.
    enum Outcome: Sendable {
        case more
        /// Not a marker: the text stays.
        case text
        case marker([Int])
        /// A time, or nothing between the brackets.
        case removed
    }

    private var numbers: [Int] = []
    private var number: Int?
    private var rangeStart: Int?
    /// The number before white space, with which a range may begin.
    private var numberBefore: Int?
    private var word = ""
    private var hasNumber = false
    private var hasText = false
    private var isTime = false
    private var isNote = false

    mutating func take(_ scalar: Unicode.Scalar) -> Outcome {
        if scalar.closesBracket { return close() }
        if isNote { return scalar == "\n" ? .text : .more }
        hasText = hasText || !scalar.isBlank
        if let digit = scalar.digit { return takeDigit(digit) }
        if scalar.isASCIILetter { return takeLetter(scalar) }
        guard finishWord() else { return .text }
        switch scalar {
        case ":", "：", ".":
            isTime = isTime || number != nil
            return .more
        case "-", "–", "—", "−", "‑":
            let start = number ?? numberBefore
            finishNumber()
            rangeStart = start
        case ",", ";", "&", "/", "+", "，", "、", "#", "^":
            finishNumber()
            rangeStart = nil
        case "†":
            finishNumber()
            isNote = true
        default:
            guard scalar.isBlank, scalar != "\n" else { return .text }
            let before = number ?? numberBefore
            let start = number == nil ? rangeStart : nil
            finishNumber()
            numberBefore = before
            rangeStart = start
        }
        return .more
    }

    /// Whether a number was read, so that what isn't closed was meant as a marker.
    var isNumbered: Bool { hasNumber }

    private mutating func takeDigit(_ digit: Int) -> Outcome {
        guard finishWord() else { return .text }
        hasNumber = true
        numberBefore = nil
        number = min(Self.greatestNumber, (number ?? 0) * 10 + digit)
        return .more
    }

    private mutating func takeLetter(_ scalar: Unicode.Scalar) -> Outcome {
        finishNumber()
        numberBefore = nil
        word.unicodeScalars.append(scalar.lowercasedASCII)
        return Self.words.contains { $0.hasPrefix(word) } ? .more : .text
    }

    /// False where the word is none that stands in a marker.
    private mutating func finishWord() -> Bool {
        defer { word = "" }
        return word.isEmpty || Self.words.contains(word)
    }

    private mutating func finishNumber() {
        guard let number else { return }
        self.number = nil
        let other = rangeStart ?? number
        rangeStart = nil
        for value in min(other, number)...max(other, number) {
            guard numbers.count < Self.maximumNumbers else { break }
            if !numbers.contains(value) { numbers.append(value) }
        }
    }

    private mutating func close() -> Outcome {
        guard isNote || finishWord() else { return .text }
        finishNumber()
        if isTime || !hasText { return .removed }
        return hasNumber ? .marker(numbers) : .text
    }

    /// What models write before a number, and between two.
    private static let words: Set<String> = [
        "passage", "passages", "source", "sources", "excerpt", "quote", "citation", "cite", "ref", "refs", "reference",
        "and", "to", "at", "timestamp", "time", "see", "n", "no", "p",
    ]
}

extension Unicode.Scalar {
    var opensBracket: Bool { self == "[" || self == "【" || self == "［" }
    var closesBracket: Bool { self == "]" || self == "】" || self == "］" }
    /// White space that separates words and lines.
    var isBlank: Bool { self == " " || self == "\n" || self == "\t" || (value > 0x7F && properties.isWhitespace) }
    var isASCIILetter: Bool { (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7A }
    var lowercasedASCII: Unicode.Scalar {
        value >= 0x41 && value <= 0x5A ? Unicode.Scalar(UInt8(value) + 0x20) : self
    }
    /// The value of a digit, full width included.
    var digit: Int? {
        switch value {
        case 0x30...0x39: Int(value) - 0x30
        case 0xFF10...0xFF19: Int(value) - 0xFF10
        default: nil
        }
    }
    /// A letter or digit of any script.
    var isWordPart: Bool {
        value < 0x80 ? isASCIILetter || digit != nil : properties.isAlphabetic || digit != nil
    }
}
