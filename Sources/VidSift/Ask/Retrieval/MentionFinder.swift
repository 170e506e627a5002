/// Finds the sentences of passages in which something is said, by its stemmed words.
///
/// Not `Sendable`: a stemmer has state.
final class MentionFinder {
    private let text: QueryText
    private var languages: [String: (analysis: TextAnalysis, terms: SoughtTerms)] = [:]

    /// - Parameter text: words in quotation marks must follow one another.
    init(_ text: QueryText) {
        self.text = text
    }

    /// A sentence in which it is said.
    struct Found: Hashable {
        /// The sentence's place in the passage.
        var place: Int
        /// How often it is said in it.
        var times: Int
    }

    /// The sentences of a passage that hold all words; a phrase that goes over the end of a sentence counts where it
    /// begins.
    func sentences(of passage: StoredPassage, language: String) -> [Found] {
        let (analysis, terms) = rules(of: language)
        guard !terms.all.isEmpty else { return [] }
        let said = analysis.terms(in: passage.text)
        var counts = passage.sentences.map { _ in SentenceCounts() }
        let places = places(of: said, in: passage)
        for (index, term) in said.enumerated() {
            guard let place = places[index] else { continue }
            if terms.words.contains(term.hash) { counts[place].words[term.hash, default: 0] += 1 }
            for (number, phrase) in terms.phrases.enumerated() where phrase[0] == term.hash {
                guard index + phrase.count <= said.count,
                    phrase.indices.allSatisfy({ said[index + $0].hash == phrase[$0] })
                else { continue }
                counts[place].phrases[number, default: 0] += 1
            }
        }
        return counts.enumerated().compactMap { place, counts in
            let times = counts.times(terms)
            return times > 0 ? Found(place: place, times: times) : nil
        }
    }

    private struct SentenceCounts {
        var words: [UInt64: Int] = [:]
        var phrases: [Int: Int] = [:]

        /// How often all is said.
        func times(_ terms: SoughtTerms) -> Int {
            let counts =
                terms.words.map { words[$0] ?? 0 } + terms.phrases.indices.map { phrases[$0] ?? 0 }
            return counts.min() ?? 0
        }
    }

    private func rules(of language: String) -> (analysis: TextAnalysis, terms: SoughtTerms) {
        if let known = languages[language] { return known }
        let made = (TextAnalysis(language: language), SoughtTerms(text, language: language))
        languages[language] = made
        return made
    }

    /// The sentence in which each word stands.
    private func places(of terms: [Term], in passage: StoredPassage) -> [Int?] {
        var ends: [Int] = []
        var end = 0
        for span in passage.sentences {
            end += span.length + 1
            ends.append(end)
        }
        var place = 0
        return terms.map { term in
            while place < ends.count, term.range.lowerBound >= ends[place] { place += 1 }
            return place < ends.count ? place : nil
        }
    }
}
