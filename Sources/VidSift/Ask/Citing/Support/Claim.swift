/// What an answer says in one sentence, or in the part of it that one marker stands for.
struct Claim: Sendable {
    /// Words of a claim that are compared; later ones are not.
    static let maximumWords = 64
    /// Words that a quotation must have.
    static let fewestQuotedWords = 4

    let text: String
    let numbers: SpokenNumbers
    /// What stands in quotation marks.
    let quotes: [String]

    init(_ text: String) {
        self.text = text
        numbers = SpokenNumbers(text)
        quotes = QueryText(text).phrases
    }

    var isNegated: Bool { Negation.isIn(text) }

    /// The fingerprints of the words that carry meaning, each once.
    func words(language: String) -> [UInt32] {
        var words: [UInt32] = []
        for term in TextAnalysis(language: language).terms(in: text)
        where !term.isStopWord && !Self.frame.contains(term.surface) {
            let word = UInt32(truncatingIfNeeded: term.hash)
            if words.count < Self.maximumWords, !words.contains(word) { words.append(word) }
        }
        return words
    }

    /// The fingerprints of names: words that begin with a capital letter though nothing else does there. In a language that
    /// gives one to every noun there is no telling.
    func names(language: String) -> [UInt32] {
        let terms = TextAnalysis(language: language).terms(in: text)
        guard !hasCapitalNouns(language, stopWords: terms.count(where: \.isStopWord)) else { return [] }
        return terms.dropFirst().compactMap { term in
            guard !term.isStopWord, !Self.frame.contains(term.surface) else { return nil }
            let start = text.utf8.index(text.startIndex, offsetBy: term.range.lowerBound)
            guard text.unicodeScalars[start].properties.isUppercase, !beginsSomething(at: start) else { return nil }
            return UInt32(truncatingIfNeeded: term.hash)
        }
    }

    /// - Parameter stopWords: how many words of that language it has that carry no meaning.
    private func hasCapitalNouns(_ language: String, stopWords: Int) -> Bool {
        if Self.languagesOfCapitalNouns.contains(language) { return true }
        // The passage's language may have no list of them, or not be the answer's.
        let others = max(stopWords, stopWordCount("en"))
        return Self.languagesOfCapitalNouns.contains { stopWordCount($0) > others }
    }

    private func stopWordCount(_ language: String) -> Int {
        TextAnalysis(language: language).terms(in: text).count(where: \.isStopWord)
    }

    /// Whether a quotation, or an item of a list, begins here, as far as signs tell. (A full stop inside a claim is an
    /// abbreviation's.)
    private func beginsSomething(at start: String.Index) -> Bool {
        let ahead = text.unicodeScalars[..<start]
        let sign = ahead.lastIndex { !$0.properties.isWhitespace && !Self.opening.contains($0) }
        guard let sign else { return true }
        // Not inside of "Jean-Luc".
        return Self.leading.contains(ahead[sign]) && ahead.index(after: sign) < start
    }

    private static let languagesOfCapitalNouns = ["de"]
    private static let opening = Set("*_\"'“‘«„([".unicodeScalars)
    private static let leading = Set(":;–—-•".unicodeScalars)

    /// The words of the quotations that are long enough, in order.
    func quotedWords(language: String) -> [[UInt32]] {
        guard !quotes.isEmpty else { return [] }
        let analysis = TextAnalysis(language: language)
        return quotes.map { analysis.terms(in: $0).map { UInt32(truncatingIfNeeded: $0.hash) } }
            .filter { $0.count >= Self.fewestQuotedWords }
    }

    /// How many words of a text carry meaning, each counted once.
    static func contentWords(in text: String) -> Int {
        let terms = TextAnalysis(language: "en").terms(in: text)
        return Set(terms.filter { !$0.isStopWord && !frame.contains($0.surface) }.map(\.hash)).count
    }

    /// Words of an answer that speak about the recording and aren't said in it.
    private static let frame: Set<UInt64> = Set(
        TextAnalysis(language: nil).terms(
            in: """
                according speaker speakers says said say states stated explains explained mentions mentioned describes \
                described notes noted passage passages video videos talk transcript excerpt source sources host guest \
                example however also therefore thus because while although additionally moreover specifically
                """
        ).map(\.surface))
}

/// Words that turn a statement into its opposite.
enum Negation {
    static func isIn(_ text: String) -> Bool {
        TextAnalysis(language: nil).terms(in: text).contains { words.contains($0.surface) }
    }

    private static let words: Set<UInt64> = Set(
        TextAnalysis(language: nil).terms(
            in: """
                not no never none cannot nothing nobody neither nor without nowhere isn't aren't wasn't weren't don't \
                doesn't didn't can't couldn't won't wouldn't shouldn't hasn't haven't hadn't mustn't needn't ain't \
                nicht kein keine keinen keiner keinem nie niemals nichts niemand ohne \
                ne pas jamais rien aucun aucune personne sans nunca nada nadie ningún ninguna sin \
                non mai niente nessuno nessuna senza não nenhum nenhuma sem niet geen nooit niets zonder \
                не нет ни никогда без
                """
        ).map(\.surface))
}
