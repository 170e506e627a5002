internal import Captions

/// The passages that an answer may draw on, prepared for looking up what supports a claim.
struct Evidence: Sendable {
    /// The greatest number of passages; a marker of a later one names nothing.
    static let maximumPassages = 200

    /// A sentence of a passage. Small, because all sentences of all passages are kept for as long as an answer takes.
    struct Sentence: Sendable {
        private let passageNumber: UInt8
        let precision: TimePrecision
        private let termsEndOffset: UInt32
        private let textStart: UInt32
        private let textEnd: UInt32
        private let startMilliseconds: Int32
        private let endMilliseconds: Int32

        var passage: Int { Int(passageNumber) }
        /// The end of its words in `terms`; they begin where those of the sentence before end.
        var termsEnd: Int { Int(termsEndOffset) }
        /// In UTF-8 bytes of the passage's text.
        var text: Range<Int> { Int(textStart)..<Int(textEnd) }
        var start: MediaTime { MediaTime(milliseconds: Int(startMilliseconds)) }
        var end: MediaTime { MediaTime(milliseconds: Int(endMilliseconds)) }

        init(_ sentence: SpokenSentence, passage: Int, termsEnd: Int, text: Range<Int>) {
            passageNumber = UInt8(passage)
            precision = sentence.precision
            termsEndOffset = UInt32(termsEnd)
            textStart = UInt32(text.lowerBound)
            textEnd = UInt32(text.upperBound)
            startMilliseconds = Int32(clamping: sentence.start.milliseconds)
            endMilliseconds = Int32(clamping: sentence.end.milliseconds)
        }
    }

    let passages: [Retrieval.Passage]
    let sentences: [Sentence]
    /// The places of a passage's sentences.
    let sentencesOfPassage: [Range<Int>]
    /// The fingerprints of all words in reading order.
    let terms: [UInt32]
    /// The languages of the passages, each once, and the place there of each passage's.
    let languages: [String]
    let languageOfPassage: [Int]
    /// Times that somebody says: they may stand in an answer.
    let spokenTimes: Set<String>

    /// Passage i is number i + 1.
    init(_ passages: [Retrieval.Passage]) {
        // Not copied where it need not be: an answer takes a while, and many are made at a time.
        self.passages = passages.limited(to: Self.maximumPassages)
        var builder = EvidenceBuilder()
        for (place, found) in self.passages.enumerated() { builder.add(found, at: place) }
        // Without the room that they have for more.
        sentences = builder.sentences.withUnsafeBufferPointer(Array.init)
        sentencesOfPassage = builder.sentencesOfPassage
        terms = builder.terms.withUnsafeBufferPointer(Array.init)
        languages = builder.languages
        languageOfPassage = builder.languageOfPassage
        spokenTimes = builder.spokenTimes
    }

    var count: Int { passages.count }

    func terms(of sentence: Int) -> ArraySlice<UInt32> {
        terms[(sentence == 0 ? 0 : sentences[sentence - 1].termsEnd)..<sentences[sentence].termsEnd]
    }

    /// Whether words are said in a passage, or stand in its title or its chapter's.
    func holds(_ words: [UInt32], in passage: Int) -> Bool {
        let said = sentencesOfPassage[passage].lazy.flatMap { self.terms(of: $0) }
        let missing = Set(words).subtracting(said)
        guard !missing.isEmpty else { return true }
        let analysis = TextAnalysis(language: languages[languageOfPassage[passage]])
        let titles = [passages[passage].video.title, passages[passage].passage.chapter ?? ""].joined(separator: "\n")
        return missing.isSubset(of: analysis.terms(in: titles).map { UInt32(truncatingIfNeeded: $0.hash) })
    }

    /// The words of neighbouring sentences of one passage, as they were said.
    func text(of window: Range<Int>) -> String {
        let text = passages[sentences[window.lowerBound].passage].passage.text
        let bytes = sentences[window.lowerBound].text.lowerBound..<sentences[window.upperBound - 1].text.upperBound
        return String(Substring(text.utf8.dropFirst(bytes.lowerBound).prefix(bytes.count)))
    }

    func citation(of window: Range<Int>, status: Citation.Status) -> Citation {
        let first = sentences[window.lowerBound]
        let end = sentences[window].map(\.end).max() ?? first.end
        return Citation(
            number: first.passage + 1, video: passages[first.passage].video, start: first.start,
            end: max(first.start, end), text: text(of: window), precision: .init(first.precision), status: status)
    }
}

/// Reads passages into what `Evidence` holds.
private struct EvidenceBuilder {
    var sentences: [Evidence.Sentence] = []
    var sentencesOfPassage: [Range<Int>] = []
    var terms: [UInt32] = []
    var languages: [String] = []
    var languageOfPassage: [Int] = []
    var spokenTimes: Set<String> = []
    private var analyses: [TextAnalysis] = []

    mutating func add(_ found: Retrieval.Passage, at place: Int) {
        let first = sentences.count
        let analysis = analysis(of: found.language)
        let text = found.passage.text
        for sentence in found.passage.citableSentences {
            let start = text.utf8.distance(from: text.startIndex, to: sentence.text.startIndex)
            terms += analysis.terms(in: String(sentence.text)).map { UInt32(truncatingIfNeeded: $0.hash) }
            sentences.append(
                Evidence.Sentence(
                    sentence, passage: place, termsEnd: terms.count, text: start..<start + sentence.text.utf8.count))
        }
        sentencesOfPassage.append(first..<sentences.count)
        spokenTimes.formUnion(TypedTimes.all(in: text))
    }

    private mutating func analysis(of language: String?) -> TextAnalysis {
        let language = TextAnalysis.primarySubtag(of: language)
        let place = languages.firstIndex(of: language) ?? languages.count
        languageOfPassage.append(place)
        if place == languages.count {
            languages.append(language)
            analyses.append(TextAnalysis(language: language))
        }
        return analyses[place]
    }
}

extension StoredPassage {
    /// The passage's sentences; the whole of it where none are stored.
    fileprivate var citableSentences: [SpokenSentence] {
        let spoken = spokenSentences
        guard spoken.isEmpty, !text.isEmpty else { return spoken }
        return [
            SpokenSentence(
                text: text[...], start: MediaTime(milliseconds: startMilliseconds),
                end: MediaTime(milliseconds: endMilliseconds), precision: .passage)
        ]
    }
}
