/// Finds the words of a text among pieces that have times: the pieces may be parts of words, lack punctuation, lack some
/// words, or have others.
///
/// Letters are followed, not words, so that it does not matter where either side cuts. Where the two differ, the nearest
/// place is looked for at which they agree again.
struct WordAlignment {
    /// A place in a piece: which one, and how far into it, from 0 to 1.
    struct Place: Equatable {
        var piece: Int
        var share: Double
    }

    /// Where a word begins and ends.
    struct Match: Equatable {
        var first: Place
        var last: Place
    }

    /// So many letters must agree for two places to belong together again.
    private static let agreement = 4
    /// So many where both end with them.
    private static let agreementAtEnd = 2
    /// So many letters further on it is looked for them, on both sides together.
    private static let lookAhead = 200
    /// After so many looks the rest is given up: the two have nothing to do with each other.
    private static let patience = 20_000_000

    private struct Letter {
        var scalar: Unicode.Scalar
        /// Of the token or piece that it is from.
        var owner: Int
        var offset: Int
        var count: Int
    }

    private let text: [Letter]
    private let pieces: [Letter]
    private var looks = 0

    private init(_ tokens: [[Unicode.Scalar]], _ pieces: [[Unicode.Scalar]]) {
        text = Self.letters(tokens)
        self.pieces = Self.letters(pieces)
    }

    /// For each token its place among the pieces, where it has one. Both are given by their letters.
    static func matches(of tokens: [[Unicode.Scalar]], in pieces: [[Unicode.Scalar]]) -> [Match?] {
        var alignment = WordAlignment(tokens, pieces)
        return alignment.matches(count: tokens.count)
    }

    private static func letters(_ owners: [[Unicode.Scalar]]) -> [Letter] {
        owners.enumerated().flatMap { owner, scalars in
            scalars.enumerated().map { Letter(scalar: $1, owner: owner, offset: $0, count: scalars.count) }
        }
    }

    private typealias Position = (text: Int, pieces: Int)

    private mutating func matches(count: Int) -> [Match?] {
        var matches = [Match?](repeating: nil, count: count)
        var position = (text: 0, pieces: 0)
        while position.text < text.count, position.pieces < pieces.count {
            let letter = text[position.text]
            let other = pieces[position.pieces]
            guard letter.scalar == other.scalar else {
                guard let next = nextAgreement(from: position) else { break }
                position = next
                continue
            }
            let length = Double(other.count)
            let first = Place(piece: other.owner, share: Double(other.offset) / length)
            let last = Place(piece: other.owner, share: Double(other.offset + 1) / length)
            matches[letter.owner] = Match(first: matches[letter.owner]?.first ?? first, last: last)
            position = (position.text + 1, position.pieces + 1)
        }
        return matches
    }

    /// Where both agree again; nil where they don't.
    private mutating func nextAgreement(from start: Position) -> Position? {
        var position = start
        while position.text < text.count, position.pieces < pieces.count, looks < Self.patience {
            for distance in 0...Self.lookAhead {
                looks += distance + 1
                for ahead in 0...distance {
                    let candidate = (text: position.text + ahead, pieces: position.pieces + distance - ahead)
                    if agree(at: candidate) { return candidate }
                }
            }
            position = (position.text + Self.lookAhead, position.pieces + Self.lookAhead)
        }
        return nil
    }

    private func agree(at position: Position) -> Bool {
        let rests = (text: text.count - position.text, pieces: pieces.count - position.pieces)
        let isEnd = rests.text == rests.pieces
        let letters = min(rests.text, rests.pieces, Self.agreement)
        guard letters >= (isEnd ? Self.agreementAtEnd : Self.agreement) else { return false }
        return (0..<letters).allSatisfy {
            text[position.text + $0].scalar == pieces[position.pieces + $0].scalar
        }
    }
}
