/// The numbers that a text names, in digits or in English words.
struct SpokenNumbers: Sendable {
    /// Each number once.
    private(set) var all: Set<Double> = []
    /// Those whose absence tells: written in digits, or as words for what nobody counts in passing.
    private(set) var telling: Set<Double> = []

    private var total = 0.0
    private var current: Double?
    private var isInDigits = false
    private var century: Double?

    init(_ text: String) {
        var token = ""
        for scalar in text.unicodeScalars {
            if scalar.isWordPart || (scalar == "," || scalar == "." || scalar == "'") && token.last?.isNumber == true {
                token.unicodeScalars.append(scalar.lowercasedASCII)
            } else if !token.isEmpty {
                take(token)
                token = ""
            }
        }
        if !token.isEmpty { take(token) }
        finish()
    }

    /// Whether each number that tells is among those of another text.
    func areTold(by other: SpokenNumbers) -> Bool { telling.isSubset(of: other.all) }
    func areAll(in other: SpokenNumbers) -> Bool { all.isSubset(of: other.all) }

    private mutating func take(_ token: String) {
        if let value = Self.digits(token) {
            finish()
            current = value
            isInDigits = true
        } else if let scale = Self.scales[token] {
            total += (current ?? 1) * scale
            current = 0
        } else if token == "hundred", let hundreds = current, hundreds < 100 {
            current = max(1, hundreds) * 100
        } else if token == "hundred" {
            current = 100
        } else if let value = Self.words[token] {
            add(value)
        } else if token != "and" || current == nil {
            finish()
        }
    }

    /// Twenty and five are one number; three and five are two; nineteen and forty-five are a year, too.
    private mutating func add(_ value: Double) {
        guard let so = current, !isInDigits else {
            finish()
            current = value
            return
        }
        let tens = Int(so) % 100
        let fits = value < 10 ? tens % 10 == 0 && tens != 10 : tens == 0
        guard !fits || so == 0 && total == 0 else {
            current = so + value
            return
        }
        let first = total == 0 && so >= 10 && so < 100 && value >= 10 ? so : nil
        finish()
        current = value
        century = first
    }

    private mutating func finish() {
        defer {
            total = 0
            current = nil
            isInDigits = false
        }
        guard let current else { return }
        let value = total + current
        if value == 1, !isInDigits { return }
        all.insert(value)
        if let century { all.insert(century * 100 + value) }
        century = nil
        if isInDigits || value > Self.greatestCount { telling.insert(value) }
    }

    private static let greatestCount = 12.0

    /// `2,000`, `1.5`, `19th`, `1990s`.
    private static func digits(_ token: String) -> Double? {
        guard token.first?.isNumber == true else { return nil }
        var plain = token.filter { $0 != "," && $0 != "'" }
        while let last = plain.last, !last.isNumber { plain.removeLast() }
        return Double(plain)
    }

    private static let scales: [String: Double] = [
        "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12,
    ]
    private static let words: [String: Double] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    ]
}
