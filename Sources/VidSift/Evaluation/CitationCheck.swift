internal import Database

/// What the citations of an answer are worth.
package struct CitationCheck: Sendable, Hashable {
    /// Citations in all.
    package var total = 0
    /// Citations whose words are said at that moment, as far as the library knows.
    package var valid = 0
    /// Citations by what comparing the sentence with their words showed.
    package var verified = 0
    package var close = 0

    /// Holds citations against what the library has.
    static func of(_ citations: [Citation], on database: Database) async throws -> CitationCheck {
        var check = CitationCheck()
        for citation in citations {
            check.total += 1
            if citation.status == .verified { check.verified += 1 }
            if citation.status == .close { check.close += 1 }
            let passages = try await StoredPassage.all(of: citation.video.id, on: database)
            if passages.contains(where: { $0.says(citation) }) { check.valid += 1 }
        }
        return check
    }

    package static func + (one: Self, other: Self) -> Self {
        CitationCheck(
            total: one.total + other.total, valid: one.valid + other.valid, verified: one.verified + other.verified,
            close: one.close + other.close)
    }
}

extension StoredPassage {
    /// Whether the words of a citation begin at its moment here.
    fileprivate func says(_ citation: Citation) -> Bool {
        let sentences = spokenSentences
        guard let first = sentences.firstIndex(where: { $0.start == citation.start }) else { return false }
        return sentences[first...].map(\.text).joined(separator: " ").hasPrefix(citation.text)
    }
}
