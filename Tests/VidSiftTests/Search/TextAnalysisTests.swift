import Testing

@testable import VidSift

@Suite("Words of a text")
struct TextAnalysisTests {
    private func words(_ text: String, _ language: String? = nil) -> [String] {
        TextAnalysis(language: language).terms(in: text).map { String(text.utf8.slice($0.range)) }
    }

    private func hashes(_ text: String, _ language: String? = nil) -> [UInt64] {
        TextAnalysis(language: language).terms(in: text).map(\.hash)
    }

    @Test("words are runs of letters and digits, and know where they stand")
    func ranges() {
        #expect(words("Hello, world! C3PO — naïve café.") == ["Hello", "world", "C3PO", "naïve", "café"])
        #expect(words("") == [])
        #expect(words("… — !? 🎉") == [])
    }

    @Test(
        "forms of one word have one stem",
        arguments: [
            ("en", "running", "runs"), ("en", "Transformers", "transformer"), ("de", "Häuser", "Häusern"),
            ("fr", "continuellement", "continuelle"), ("es", "canciones", "canción"), ("ru", "книги", "книгу"),
            ("en-US", "It's", "it"), ("en", "O’Brien's", "obrien"), ("fr", "l’école", "école"),
        ])
    func stems(language: String, one: String, other: String) {
        #expect(hashes(one, language) == hashes(other, language))
        #expect(hashes(one, language).count == 1)
    }

    @Test("without a known language words aren't stemmed")
    func unstemmed() {
        #expect(hashes("running") != hashes("run"))
        #expect(hashes("running", "xx") == hashes("RUNNING"))
    }

    @Test("accents, full-width letters and marks without sound make no difference")
    func folding() {
        #expect(hashes("über café", "en") == hashes("uber cafe", "en"))
        #expect(hashes("cafe\u{301}") == hashes("cafe"))
        #expect(hashes("ＡＢＣ１") == hashes("abc1"))
        #expect(hashes("soft\u{AD}ware zero\u{200B}width") == hashes("software zerowidth"))
        #expect(hashes("ΛΌΓΟΣ Привет") == hashes("λόγος".replacing("ς", with: "σ") + " привет"))
    }

    @Test("scripts without spaces give overlapping pairs, a lone character itself")
    func pairs() {
        #expect(words("機械学習 AI 水。") == ["機械", "械学", "学習", "AI", "水"])
        #expect(words("スマートフォン").count == 6)
        #expect(words("ภาษา").count == 3)
        #expect(words("안녕하세요 세계") == ["안녕", "녕하", "하세", "세요", "세계"])
    }

    @Test("stop words are indexed, and skipped in a query that has others")
    func stopWords() {
        #expect(hashes("what is the answer", "en").count == 4)
        #expect(QueryTerms(QueryText("what is the answer"), language: "en").hashes.compactMap(\.self).count == 1)
        #expect(QueryTerms(QueryText("who are you"), language: "en").hashes.compactMap(\.self).count == 3)
    }

    @Test("quoted words are phrases; a mark that isn't closed is none")
    func phrases() {
        #expect(QueryText("say \"hello world\" and „guten Tag“").phrases == ["hello world", "guten Tag"])
        #expect(QueryText("6\" long").phrases == [])
        #expect(QueryText("6\" long").words.contains("long"))
        #expect(QueryText("\"\" \"—\"").phrases == [])
    }

    @Test("a query of any length is cut, not refused")
    func longQuery() {
        let text = (0..<100_000).map { "word\($0)" }.joined(separator: " ")
        #expect(QueryTerms(QueryText(text), language: "en").hashes.count == QueryTerms.maximumWords)
    }

    @Test("the words of a query are found in a text in whatever form")
    func matchedWords() {
        let text = "We trained neural networks; training a network costs. 学習する機械"
        let matched = MatchedWords.ranges(in: text, query: "how do I train a \"network\"?", language: "en")
        #expect(matched.map { String(text.utf8.slice($0)) } == ["trained", "networks", "training", "network"])
        let pairs = MatchedWords.ranges(in: text, query: "学習する", language: "ja")
        #expect(pairs.map { String(text.utf8.slice($0)) } == ["学習する"])
    }
}

extension String.UTF8View {
    /// The text at UTF-8 offsets.
    func slice(_ range: Range<Int>) -> Substring {
        let start = index(startIndex, offsetBy: range.lowerBound)
        return Substring(self[start..<index(start, offsetBy: range.count)])
    }
}
