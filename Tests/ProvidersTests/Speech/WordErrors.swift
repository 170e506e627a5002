@testable import Providers

/// How many words of a reference a transcript has wrong: substituted, left out, or added.
struct WordErrors: CustomStringConvertible {
    var errors = 0
    var words = 0

    init() {}

    /// Case, punctuation and hyphens don't count; "Mr." is "mister".
    init(_ transcript: String, reference: String) {
        let heard = Self.words(of: transcript)
        let said = Self.words(of: reference)
        errors = Self.distance(said, heard)
        words = said.count
    }

    var rate: Double { words == 0 ? 0 : Double(errors) / Double(words) }
    var description: String { "\(errors) of \(words) words (\(Int((rate * 1000).rounded())) ‰)" }

    static func += (left: inout WordErrors, right: WordErrors) {
        left.errors += right.errors
        left.words += right.words
    }

    private static func words(of text: String) -> [String] {
        text.split { $0.isWhitespace || $0 == "-" }.map { TextToken.key(of: String($0)) }
            .filter { $0.contains(where: \.isLetter) || $0.contains(where: \.isNumber) }
            .map { $0 == "mr" ? "mister" : $0 }
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [String], _ right: [String]) -> Int {
        var row = Array(0...right.count)
        for (index, word) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let substituted = diagonal + (word == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(substituted, row[place] + 1, row[place + 1] + 1)
            }
        }
        return row[right.count]
    }
}
