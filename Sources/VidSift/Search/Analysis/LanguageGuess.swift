/// Tells the language of a text whose file does not say it: by its script, else by its most common words.
///
/// Meant for transcripts: some dozens of words are enough. It guesses among the languages that have a stop list.
enum LanguageGuess {
    /// Bytes of a text that are looked at.
    static let maximumBytes = 32 << 10
    /// Words that a text must have.
    static let fewestWords = 20
    /// Share of the words that must be common ones of the language.
    static let leastShare = 0.2
    /// How much better than the next language the best one must be.
    static let leastLead = 1.3

    /// The primary subtag ("en"), or nil where it can't be told.
    static func of(_ text: String) -> String? {
        let sample = String(decoding: text.utf8.prefix(maximumBytes), as: UTF8.self)
        return byScript(sample) ?? byCommonWords(sample)
    }

    private static func byCommonWords(_ text: String) -> String? {
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }.map(String.init)
        guard words.count >= fewestWords else { return nil }
        let counts = StopWords.languages.map { language in
            let common = StopWords.of(language: language)
            return (language: language, count: words.count { common.contains($0) })
        }.sorted { ($0.count, $1.language) > ($1.count, $0.language) }
        guard let best = counts.first, Double(best.count) >= leastShare * Double(words.count) else { return nil }
        let next = counts.count > 1 ? counts[1].count : 0
        return Double(best.count) >= leastLead * Double(next) ? best.language : nil
    }

    /// Languages that a script tells, or nearly so; nil for Latin letters.
    private static func byScript(_ text: String) -> String? {
        var counts: [String: Int] = [:]
        var letters = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            if let language = language(ofScript: scalar.value) { counts[language, default: 0] += 1 }
        }
        if let kana = counts["ja"], kana * 10 > letters { return "ja" }
        guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        return best.value * 2 > letters ? best.key : nil
    }

    private static func language(ofScript value: UInt32) -> String? {
        switch value {
        case 0x0370...0x03FF: "el"
        case 0x0400...0x04FF: "ru"
        case 0x0590...0x05FF: "he"
        case 0x0600...0x06FF: "ar"
        case 0x0900...0x097F: "hi"
        case 0x0E00...0x0E7F: "th"
        case 0x3040...0x30FF: "ja"
        case 0x4E00...0x9FFF: "zh"
        case 0xAC00...0xD7AF: "ko"
        default: nil
        }
    }
}
