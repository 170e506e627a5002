/// What comparing a claim with the evidence shows.
///
/// The thresholds were chosen on labelled answers (`CalibrationTests`): of the right passages' sentences 97 % reach
/// `closeScore`, of those of other passages of the same video 5 %, of other videos under 1 %.
struct Support: Sendable {
    /// Share of the claim's weight in the cited words from which it is verified.
    static let verifiedShare = 0.6
    /// Share from which words alone call it close.
    static let closeShare = 0.3
    /// Words that a supported claim shares with the passage that it cites, where it has so many.
    static let fewestWords = 2
    /// Words that it shares with another passage, for which no marker stood.
    static let fewestWordsElsewhere = 3
    /// Cosine of claim and sentence, and `wordsWeight` times the share, from which it is verified, and close.
    static let verifiedScore: Float = 0.8
    static let closeScore: Float = 0.55
    static let wordsWeight: Float = 0.4
    /// Sentences whose vectors are asked for.
    static let maximumCandidates = 6

    /// What words say.
    enum Verdict: Sendable {
        case settled(EvidenceMatch.Window, Citation.Status)
        /// The claim's passage may support it, in other words.
        case unsettled(UnsettledClaim)
        /// There is nothing that could be cited.
        case nothing
    }

    let evidence: Evidence

    /// Compares a claim with the passage that it cites, and with the others where that one does not hold it.
    func verdict(on match: EvidenceMatch, cited passage: Int) -> Verdict {
        guard let cited = match.best(in: passage) else { return .nothing }
        if status(of: cited, for: match) == .verified { return .settled(cited, .verified) }
        if let other = match.bestPassage(but: passage), other.isQuoted || !cited.isQuoted,
            isProof(other, of: match)
        {
            return .settled(other, .verified)
        }
        guard match.wordCount(for: passage) > 0, numbersAreSaid(in: passage, match) else {
            return .settled(cited, .unsupported)
        }
        return .unsettled(
            UnsettledClaim(
                match: match, byWords: cited, candidates: match.candidates(in: passage, limit: Self.maximumCandidates)))
    }

    /// The passage that verifies a claim for which no marker stands.
    func proof(of match: EvidenceMatch) -> EvidenceMatch.Window? {
        match.bestPassage(but: nil).flatMap { isProof($0, of: match) ? $0 : nil }
    }

    /// Whether words verify a claim where no marker says so: two words may meet by chance.
    private func isProof(_ window: EvidenceMatch.Window, of match: EvidenceMatch) -> Bool {
        (window.isQuoted || window.words >= Self.fewestWordsElsewhere) && status(of: window, for: match) == .verified
    }

    /// What words alone say.
    func status(of window: EvidenceMatch.Window, for match: EvidenceMatch) -> Citation.Status {
        if !window.isQuoted {
            let passage = evidence.sentences[window.sentences.lowerBound].passage
            let words = match.wordCount(for: passage)
            guard window.share >= Self.closeShare, window.words >= min(Self.fewestWords, words), words > 0 else {
                return .unsupported
            }
            guard window.share >= Self.verifiedShare, words >= Self.fewestWords else {
                return limit(.close, for: window, match)
            }
        }
        return limit(.verified, for: window, match)
    }

    /// Decides with the likeness of the claim to each candidate; by words where there is none.
    func settle(_ claim: UnsettledClaim, _ likeness: [Float]?) -> (EvidenceMatch.Window, Citation.Status) {
        guard let likeness, likeness.count == claim.candidates.count,
            let best = zip(claim.candidates, likeness).map({ ($0, $1 + Self.wordsWeight * Float($0.share)) })
                .max(by: { $0.1 < $1.1 })
        else { return (claim.byWords, status(of: claim.byWords, for: claim.match)) }
        let window = best.1 >= Self.closeScore ? best.0 : claim.byWords
        let status: Citation.Status =
            best.1 >= Self.verifiedScore ? .verified : best.1 >= Self.closeScore ? .close : .unsupported
        return (window, limit(status, for: window, claim.match))
    }

    /// A number or a name that wasn't said, or a "not" on one side alone, is not verified; a number that is nowhere near is
    /// not even close.
    private func limit(
        _ status: Citation.Status, for window: EvidenceMatch.Window, _ match: EvidenceMatch
    ) -> Citation.Status {
        guard status != .unsupported else { return status }
        let claim = match.claim
        let text = evidence.text(of: window.sentences)
        let passage = evidence.sentences[window.sentences.lowerBound].passage
        if !claim.numbers.all.isEmpty, !claim.numbers.areAll(in: SpokenNumbers(text)) {
            return numbersAreSaid(in: passage, match) ? .close : .unsupported
        }
        guard status == .verified, claim.isNegated == Negation.isIn(text) else { return .close }
        // The name of somebody who is "he" in this sentence stands in another one, or in the title.
        let names = claim.names(language: evidence.languages[evidence.languageOfPassage[passage]])
        return names.isEmpty || evidence.holds(names, in: passage) ? status : .close
    }

    /// Whether the numbers of a claim that tell are somewhere in a passage.
    private func numbersAreSaid(in passage: Int, _ match: EvidenceMatch) -> Bool {
        let numbers = match.claim.numbers
        return numbers.telling.isEmpty || numbers.areTold(by: SpokenNumbers(evidence.passages[passage].passage.text))
    }
}

/// A claim that words alone neither prove nor refute, with the sentences that might support it.
struct UnsettledClaim: Sendable {
    let match: EvidenceMatch
    /// What is cited where nothing more is known.
    let byWords: EvidenceMatch.Window
    let candidates: [EvidenceMatch.Window]
}
