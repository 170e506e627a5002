/// Tells a question that leans on what was said before ("and why?", "what about her?") from one that stands alone.
///
/// By words alone, and rather once too often: a question that is rewritten for nothing comes back as it was.
enum FollowUp {
    /// With so few words a question without a verb says only what is new.
    private static let fewWords = 4
    /// A comparison of so few words names only one side.
    private static let shortComparison = 5

    static func needsContext(_ question: String) -> Bool {
        if let answer = UnspacedFollowUp.needsContext(question) { return answer }
        let question = QuestionWords(question)
        guard !question.isLong else { return false }
        let lexicon = FollowUpLexicon.of(question.words)
        guard question.words.contains(where: { !lexicon.function.contains($0) }) else { return true }
        return isOpened(question, lexicon) || isFragment(question, lexicon) || refers(question, lexicon)
            || question.words.indices.contains { isUnresolved($0, of: question, lexicon) }
    }

    private static func isOpened(_ question: QuestionWords, _ lexicon: FollowUpLexicon) -> Bool {
        lexicon.openers.contains { question.has($0, at: 0) }
    }

    /// A few words without a verb: "In winter?", "The drones too?"
    private static func isFragment(_ question: QuestionWords, _ lexicon: FollowUpLexicon) -> Bool {
        guard question.count <= fewWords, let first = question.words.first else { return false }
        if question.count == 1 { return true }
        return !lexicon.imperatives.contains(first) && first != "explain" && first != "erkläre" && first != "explique"
            && !question.words.contains(where: lexicon.verbs.contains)
    }

    private static func refers(_ question: QuestionWords, _ lexicon: FollowUpLexicon) -> Bool {
        if let last = question.words.last, lexicon.endings.contains(last) { return true }
        if isOneSidedComparison(question) { return true }
        return lexicon.references.contains { reference in
            question.words.indices.contains { question.has(reference, at: $0) }
        }
    }

    /// "Which is faster?"
    private static func isOneSidedComparison(_ question: QuestionWords) -> Bool {
        guard question.count <= shortComparison, question.words.first == "which", question.count > 1 else {
            return false
        }
        return ["is", "are", "was", "were", "of"].contains(question.words[1])
            && !question.words.contains("than") && !question.words.contains("or")
    }

    /// Whether the word means something that the question does not name.
    private static func isUnresolved(
        _ place: Int, of question: QuestionWords, _ lexicon: FollowUpLexicon
    ) -> Bool {
        let word = question.words[place]
        if isPointingThat(place, of: question) { return true }
        if lexicon.demonstratives.contains(word) {
            let next = place + 1 < question.count ? question.words[place + 1] : ""
            return !lexicon.scopeNouns.contains(next)
        }
        let isPossessive = lexicon.possessives.contains(word) && isBeforeNoun(place, of: question, lexicon)
        guard isPossessive || lexicon.pronouns.contains(word) || lexicon.possessives.contains(word) else {
            return false
        }
        if word == "sie" && place > 0 && question.isCapitalised(place) { return false }
        if isImpersonal(place, of: question, lexicon) { return false }
        guard question.words[..<place].contains(where: { !lexicon.function.contains($0) }) else { return true }
        return !isPossessive && !mayMeanWhatPrecedes(place, of: question, lexicon)
    }

    private static func isBeforeNoun(_ place: Int, of question: QuestionWords, _ lexicon: FollowUpLexicon) -> Bool {
        place + 1 < question.count && !lexicon.function.contains(question.words[place + 1])
    }

    /// Behind "when", "because", "she said" and the like, or where a name was named, a pronoun has what it means.
    private static func mayMeanWhatPrecedes(
        _ place: Int, of question: QuestionWords, _ lexicon: FollowUpLexicon
    ) -> Bool {
        if lexicon.subordinators.contains(question.words[place - 1]) { return true }
        // French puts the pronoun of a noun that was said behind the verb: "la reine pond-elle".
        if ["il", "elle", "ils", "elles"].contains(question.words[place]) {
            return question.words[..<place].count { !lexicon.function.contains($0) } > 1
        }
        let isThing = ["it", "es", "them", "ça", "cela", "eso", "esto"].contains(question.words[place])
        return !isThing
            && (1..<place).contains { question.isCapitalised($0) && !lexicon.function.contains(question.words[$0]) }
    }

    /// "Is it true that …", "gibt es"
    private static func isImpersonal(_ place: Int, of question: QuestionWords, _ lexicon: FollowUpLexicon) -> Bool {
        lexicon.impersonal.contains { phrase in
            phrase.indices.contains {
                phrase[$0] == question.words[place] && question.has(phrase, at: place - $0)
            }
        }
    }

    private static let beforePointing: Set<String> = [
        "about", "after", "are", "before", "by", "can", "could", "did", "do", "does", "for", "from", "is", "like", "of",
        "on", "should", "than", "to", "was", "were", "why", "will", "with", "would", "how", "what", "who", "when",
        "where", "in", "at", "if", "mean", "and",
        "ist", "war", "für", "über", "von", "mit", "heißt", "bedeutet", "wird", "hat", "warum", "wie", "was", "wann",
    ]

    /// "That" and "das" are most often no pronouns: they are at the ends, and behind a verb or a preposition.
    private static func isPointingThat(_ place: Int, of question: QuestionWords) -> Bool {
        let word = question.words[place]
        guard word == "that" || word == "das" else { return false }
        if place + 1 == question.count { return true }
        let isBeforeNoun = word == "das" && question.isCapitalised(place + 1)
        guard !isBeforeNoun else { return false }
        return place == 0 ? word == "that" : beforePointing.contains(question.words[place - 1])
    }
}

/// The same for the scripts without spaces, by what such questions begin with and hold.
enum UnspacedFollowUp {
    /// A question of so few characters says only what is new.
    private static let fewCharacters = 4

    private static let openers = [
        "那", "那么", "那麼", "还有", "還有", "但是", "然后", "為什麼呢", "为什么呢", "それ", "その", "じゃあ", "では", "そして", "でも", "なぜです", "ほか",
        "他に", "그럼", "그리고", "하지만", "그건", "그는", "왜요",
    ]
    private static let references = [
        "它", "他们", "他說", "他说", "她", "这个", "這個", "那个", "那個", "这些", "這些", "上面", "刚才", "それ", "彼", "彼女", "これ", "그것", "그녀",
    ]
    private static let scopeNouns = ["视频", "視頻", "影片", "频道", "頻道", "動画", "チャンネル", "영상", "채널"]

    /// Nil for a question in another script.
    static func needsContext(_ question: String) -> Bool? {
        let letters = question.unicodeScalars.filter { $0.properties.isAlphabetic }
        guard letters.count(where: { isUnspaced($0) }) * 2 > letters.count else { return nil }
        if letters.count <= fewCharacters { return true }
        let text = scopeNouns.reduce(question) { text, noun in
            ["这个", "這個", "这些", "這些", "この"].reduce(text) { $0.replacing($1 + noun, with: noun) }
        }
        return openers.contains(where: text.hasPrefix) || references.contains(where: text.contains)
    }

    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF: true
        default: false
        }
    }
}
