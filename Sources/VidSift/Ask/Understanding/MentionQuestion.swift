/// A question for every place at which something was said, or for how many they are.
enum MentionQuestion {
    /// What is to be counted; nil for any other question.
    static func phrase(of question: QuestionWords) -> String? {
        for (patterns, isSpoken) in [(MentionPatterns.spoken, true), (MentionPatterns.about, false)] {
            for pattern in patterns {
                guard let range = pattern.sought(in: question) else { continue }
                if let phrase = SoughtPhrase(range, of: question, isSpoken: isSpoken).text { return phrase }
            }
        }
        return nil
    }
}

/// The words that are sought, without what is around them in the question.
struct SoughtPhrase {
    /// As it is searched for, in quotation marks where it must stand word for word; nil where nothing is left to seek.
    let text: String?

    private static let leading = FollowUpLexicon.words(
        """
        about that anything something of on to how
        """)
    private static let articles = FollowUpLexicon.words(
        """
        the a an das der die den le la les l' el los las
        """)
    private static let words = FollowUpLexicon.words(
        """
        word words phrase phrases term terms expression sentence name topic subject concept wort begriff mot \
        palabra
        """)
    private static let trailing = FollowUpLexicon.words(
        """
        please overall altogether total here ever exactly anywhere throughout bitte insgesamt s'il
        """)
    private static let prepositions = FollowUpLexicon.words(
        """
        in on across throughout over from during within im auf dans sur en
        """)
    private static let determiners = FollowUpLexicon.words(
        """
        this the these all her his their your my that each any every of our whole entire its diesem diesen \
        dem den allen cette ces la les ce toutes este esta estos todos los las so far total
        """)
    private static let additions = FollowUpLexicon.words(
        """
        when where list give show link links timestamp timestamps times timecodes quotes count what how \
        which who
        """)
    private static let pointing = FollowUpLexicon.words(
        """
        it that this these those them him her so one something anything things es das ihn ça cela eso esto
        """)

    init(_ range: Range<Int>, of question: QuestionWords, isSpoken: Bool) {
        if let quoted = QueryText(question.text).phrases.first {
            text = Self.quoted(quoted)
            return
        }
        var isExact = isSpoken
        var range = Self.withoutEnd(range, of: question)
        while let first = range.first, Self.leading.contains(question.words[first]), range.count > 1 {
            isExact = false
            range = range.dropFirst()
        }
        let (named, isNamed) = Self.withoutWordFor(range, of: question)
        isExact = isExact || isNamed
        let words = named.map { question.words[$0] }
        let isPointing = words.allSatisfy { Self.pointing.contains($0) || Self.articles.contains($0) }
        guard !words.isEmpty, !isPointing, isExact || Self.sayAnything(words) else {
            text = nil
            return
        }
        let written = question.written(named)
        text = isExact ? Self.quoted(written) : written.filter { $0 != "\"" }
    }

    /// "the word X", "the phrase X": X, as it stands.
    private static func withoutWordFor(_ range: Range<Int>, of question: QuestionWords) -> (Range<Int>, Bool) {
        var rest = range
        if let first = rest.first, articles.contains(question.words[first]) { rest = rest.dropFirst() }
        guard let first = rest.first, rest.count > 1, words.contains(question.words[first]) else {
            return (range, false)
        }
        return (rest.dropFirst(), !["topic", "subject", "concept"].contains(question.words[first]))
    }

    /// Without "in this video", "please", "and when".
    private static func withoutEnd(_ range: Range<Int>, of question: QuestionWords) -> Range<Int> {
        var range = range
        for place in range.dropFirst() where ["and", "with"].contains(question.words[place]) {
            guard place + 1 < range.upperBound, additions.contains(question.words[place + 1]) else { continue }
            range = range.lowerBound..<place
            break
        }
        while true {
            let before = range
            if let last = range.last, range.count > 1, trailing.contains(question.words[last]) {
                range = range.dropLast()
            }
            for place in range where prepositions.contains(question.words[place]) {
                let tail = question.words[place + 1..<range.upperBound]
                if tail.allSatisfy({ determiners.contains($0) || FollowUpLexicon.isScopeNoun($0) }) {
                    range = range.lowerBound..<place
                    break
                }
            }
            if range == before { return range }
        }
    }

    private static func sayAnything(_ words: [String]) -> Bool {
        words.contains { word in !FollowUpLexicon.all.contains { $0.function.contains(word) } }
            || words.contains {
                $0.count > 3 && !pointing.contains($0) && !FollowUpLexicon.english.function.contains($0)
            }
    }

    private static func quoted(_ text: String) -> String { "\"\(text.filter { $0 != "\"" })\"" }
}

extension FollowUpLexicon {
    static func isScopeNoun(_ word: String) -> Bool { all.contains { $0.scopeNouns.contains(word) } }
}
