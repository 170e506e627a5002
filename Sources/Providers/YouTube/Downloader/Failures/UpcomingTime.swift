/// Reads "in 3 days", "in 1 hour 30 minutes": all that YouTube says of when something begins.
enum UpcomingTime {
    /// The time from now in a text of small letters; nil where none is said ("in a few moments").
    static func wait(in text: String) -> Duration? {
        guard let start = text.firstRange(of: " in ") else { return nil }
        let words = text[start.upperBound...].split { !$0.isLetter && !$0.isNumber }
        var seconds: Int?
        var index = words.startIndex
        while index + 1 < words.endIndex, let number = Int(words[index]), (0...maximumNumber).contains(number),
            let unit = unit(words[index + 1])
        {
            seconds = (seconds ?? 0) + number * unit
            index += 2
            if index < words.endIndex, words[index] == "and" { index += 1 }
        }
        return seconds.map { .seconds($0) }
    }

    /// A text with a greater number means something else.
    private static let maximumNumber = 100_000

    private static func unit(_ word: Substring) -> Int? {
        switch word.hasSuffix("s") ? word.dropLast() : word {
        case "second": 1
        case "minute": 60
        case "hour": 60 * 60
        case "day": 24 * 60 * 60
        case "week": 7 * 24 * 60 * 60
        case "month": 30 * 24 * 60 * 60
        default: nil
        }
    }
}
