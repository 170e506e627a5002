/// The words that say what a question is about.
enum ContentWords {
    /// Characters of a question in a script without spaces that are carried along.
    private static let maximumUnspaced = 40

    /// The words as they are written, without those that every question has; in a script without spaces the question.
    static func of(_ question: String) -> [String] {
        if UnspacedFollowUp.needsContext(question) != nil {
            let words = question.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
            return words.isEmpty ? [] : [String(words.prefix(maximumUnspaced))]
        }
        let words = QuestionWords(question)
        let lexicon = FollowUpLexicon.of(words.words)
        let ignored = lexicon.function.union(lexicon.verbs).union(lexicon.imperatives)
        var seen: Set<String> = []
        return words.words.indices.compactMap { place in
            let word = words.words[place]
            guard !ignored.contains(word), word.last != "'", seen.insert(word).inserted else { return nil }
            let written = words.written(place..<place + 1)
            // A part of a contraction stands in no place of its own.
            return written.count == word.count ? written : word
        }
    }

    /// Whether two texts have one of these words, or two neighbouring characters of a script without spaces, in common.
    static func share(_ one: String, with other: String) -> Bool {
        !keys(of: one).isDisjoint(with: keys(of: other))
    }

    private static func keys(of text: String) -> Set<UInt64> {
        let words = of(text).joined(separator: " ")
        return Set(TextAnalysis(language: nil).terms(in: words).map(\.hash))
    }
}

/// What a follow-up takes along of the questions before it, where no model rewrites it.
enum CarriedWords {
    /// Words that are carried along.
    static let maximum = 12
    /// Questions that are looked back at.
    static let maximumQuestions = 4

    /// The content words of the last question that has some, and of those on which it leans itself.
    static func from(_ questions: [String], for question: String) -> [String] {
        var present = Set(ContentWords.of(question).map { $0.lowercased() })
        var carried: [String] = []
        for earlier in questions.suffix(maximumQuestions).reversed() {
            let words = ContentWords.of(earlier)
            carried += words.filter { present.insert($0.lowercased()).inserted }
            if !words.isEmpty, !FollowUp.needsContext(earlier) { break }
        }
        return Array(carried.prefix(maximum))
    }
}
