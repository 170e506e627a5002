/// Turns what a language model writes into text with citations: finds the markers, takes out whatever could pass for a
/// citation or a link, and proves each sentence by the words that were said.
///
/// Pure: the same text gives the same answer however it is cut up. After `.unsettled` it waits for `settle`.
struct CitationMachine: Sendable {
    /// Citations of one answer.
    static let maximumCitations = 256

    /// What comes out.
    enum Step: Sendable {
        case text(String)
        case citation(Citation)
        /// Words alone don't settle it: to be answered by `settle` before anything else follows.
        case unsettled(UnsettledClaim)
    }

    let evidence: Evidence
    let spansVideos: Bool
    let isStrict: Bool
    /// Whether any sentence so far is verified or close to what was said.
    private(set) var hasSupportedSentence = false

    private var scanner: AnswerScanner
    private var layout = AnswerLayout()
    /// How the text was laid out before the sentence that is being written.
    private var layoutBefore = AnswerLayout()
    private var sentence = AnswerSentence()
    private var sentenceBefore = ""
    private var tokens: [AnswerToken] = []
    private var nextToken = 0
    private var requests: [Request] = []
    private var question: UnsettledClaim?
    private var output: AnswerOutput
    private var citations = 0

    /// Something to be done before the next token.
    private enum Request: Sendable {
        case cite(Int, EvidenceMatch)
        case prove
        case close
    }

    init(evidence: Evidence, spansVideos: Bool, isStrict: Bool) {
        self.evidence = evidence
        self.spansVideos = spansVideos
        self.isStrict = isStrict
        scanner = AnswerScanner(spokenTimes: evidence.spokenTimes)
        output = AnswerOutput(holdsSentences: isStrict)
    }

    /// Reads on, and gives what can be sent.
    mutating func read(_ text: String) -> [Step] {
        scanner.read(text, into: &tokens)
        return advance()
    }

    /// The model has ended.
    mutating func finish() -> [Step] {
        scanner.finish(into: &tokens)
        return advance()
    }

    /// Goes on after `.unsettled`.
    ///
    /// - Parameter likeness: the cosine of the claim with each candidate; nil where there is no model.
    mutating func settle(_ likeness: [Float]?) -> [Step] {
        guard let claim = question else { return advance() }
        question = nil
        let (window, status) = Support(evidence: evidence).settle(claim, likeness)
        cite(window, status)
        return advance()
    }

    private mutating func advance() -> [Step] {
        while question == nil {
            if !requests.isEmpty {
                answer(requests.removeFirst())
            } else if nextToken < tokens.count {
                nextToken += 1
                take(tokens[nextToken - 1])
            } else {
                break
            }
        }
        if nextToken == tokens.count {
            tokens.removeAll(keepingCapacity: tokens.count <= Self.keptTokens)
            nextToken = 0
        }
        return output.take() + (question.map { [.unsettled($0)] } ?? [])
    }

    /// Tokens whose memory is kept between two pieces of text.
    private static let keptTokens = 256
}

// MARK: - Reading

extension CitationMachine {
    private mutating func take(_ token: AnswerToken) {
        switch token {
        case .content(let scalar): take(scalar)
        case .removed: layout.takeOut()
        case .marker(let numbers): take(numbers.map { $0 - 1 }.filter(evidence.passages.indices.contains))
        case .end: end()
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if scalar == "\n", !sentence.betweenLines.isEmpty { sentence.takeLinesMarkers() }
        if !scalar.isBlank, sentence.ends(before: scalar) {
            nextToken -= 1
            return close()
        }
        if !scalar.isBlank { sentence.takeLinesMarkers() }
        sentence.append(scalar)
        layout.write(scalar, to: &output.text)
    }

    /// A marker: its claim is known where enough was said before it, else when the sentence ends.
    private mutating func take(_ passages: [Int]) {
        guard !passages.isEmpty else { return }
        if !sentence.isEmpty, sentence.isBehindLine || sentence.isLed && sentence.isFinished {
            return sentence.waitBetweenLines(passages)
        }
        let isClaim = Claim.contentWords(in: sentence.part) >= Self.fewestWords
        if isClaim || sentence.isBehindMarker && sentence.deferred.isEmpty && !sentence.isEmpty {
            ask(passages, isClaim ? sentence.part : sentence.partBefore)
        } else {
            sentence.isLed = sentence.isLed || sentence.isEmpty
            sentence.wait(passages)
        }
        sentence.beginPart()
    }

    /// Words that carry meaning which the part of a sentence before a marker must have to be a claim by itself.
    static let fewestWords = 3

    private mutating func ask(_ passages: [Int], _ text: String) {
        let match = EvidenceMatch(Claim(text), in: evidence)
        requests += passages.prefix(AnswerSentence.maximumCitations).map { .cite($0, match) }
    }

    private mutating func close() {
        guard !sentence.isClosing else { return }
        sentence.isClosing = true
        if !sentence.deferred.isEmpty {
            // "Yes." says nothing by itself.
            let isClaim = Claim.contentWords(in: sentence.text) > 0
            ask(sentence.deferred, isClaim ? sentence.text : sentenceBefore + " " + sentence.text)
        }
        requests += [.prove, .close]
    }

    private mutating func end() {
        sentence.takeLinesMarkers()
        guard sentence.isEmpty else {
            nextToken -= 1
            return close()
        }
        layout.finish(to: &output.text)
        output.endSentence(isSent: true)
    }
}

// MARK: - Answering

extension CitationMachine {
    private mutating func answer(_ request: Request) {
        switch request {
        case .cite(let passage, let match):
            switch Support(evidence: evidence).verdict(on: match, cited: passage) {
            case .settled(let window, let status): cite(window, status)
            case .unsettled(let claim): question = claim
            case .nothing: break
            }
        case .prove:
            guard sentence.cited.isEmpty else { return }
            let match = EvidenceMatch(Claim(sentence.text), in: evidence)
            if let window = Support(evidence: evidence).proof(of: match) { cite(window, .verified) }
        case .close:
            finishSentence()
        }
    }

    private mutating func cite(_ window: EvidenceMatch.Window, _ status: Citation.Status) {
        let citation = evidence.citation(of: window.sentences, status: status)
        let moment = CitedMoment(video: citation.video.id, second: citation.start.wholeSeconds)
        guard !sentence.cited.contains(moment), sentence.cited.count < AnswerSentence.maximumCitations,
            citations < Self.maximumCitations, !isStrict || status != .unsupported
        else { return }
        sentence.cited.append(moment)
        citations += 1
        if status != .unsupported {
            sentence.isSupported = true
            hasSupportedSentence = true
        }
        layout.cite(
            CitationMark.text(at: citation.start, title: spansVideos ? citation.video.title : nil), to: &output.text)
        output.append(citation)
    }

    private mutating func finishSentence() {
        if isStrict, !sentence.isSupported {
            layout.goBack(to: layoutBefore)
            output.endSentence(isSent: false)
        } else {
            output.endSentence(isSent: true)
        }
        layoutBefore = layout
        sentenceBefore = sentence.text
        sentence = sentence.following()
    }
}
