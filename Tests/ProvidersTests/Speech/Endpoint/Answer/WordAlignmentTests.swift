import Testing

@testable import Providers

@Suite("Words of a text are found among pieces with times")
struct WordAlignmentTests {
    @Test("however the pieces are cut")
    func cuts() {
        #expect(Self.found(["un", "fort", "unately", "so"], of: "Unfortunately, so.") == [0...2, 3...3])
        #expect(Self.found(["New York"], of: "New York") == [0...0, 0...0])
        #expect(Self.found(["twenty", "one"], of: "twenty-one") == [0...1])
    }

    @Test("also where some are missing, or others stand between them")
    func differences() {
        #expect(
            Self.found(["the", "deep", "blue", "sea"], of: "the wide and deep blue sea") == [
                0...0, nil, nil, 1...1, 2...2, 3...3,
            ])
        #expect(
            Self.found(["the", "uh", "wide", "er", "ocean", "floor"], of: "the wide ocean floor") == [
                0...0, 2...2, 4...4, 5...5,
            ])
        #expect(Self.found(["something", "else"], of: "ni hao") == [nil, nil])
        // The end of one in the middle of the other.
        #expect(Self.found(["person"], of: "I do so") == [nil, nil, nil])
        #expect(Self.found(["a", "green", "sea"], of: "a blue sea") == [0...0, nil, 2...2])
        #expect(Self.found([], of: "ni hao") == [nil, nil])
    }

    @Test("a word in the middle of a piece knows how far into it it stands")
    func shares() throws {
        let match = WordAlignment.matches(
            of: ["new", "york"].map { TextToken.letters(of: $0) }, in: [TextToken.letters(of: "New York!")])
        #expect(match[1]?.first == WordAlignment.Place(piece: 0, share: 3.0 / 7))
        #expect(match[1]?.last == WordAlignment.Place(piece: 0, share: 1))
    }

    @Test("two long texts that have nothing in common take no longer than a moment", .timeLimit(.minutes(1)))
    func strangers() {
        let matches = WordAlignment.matches(
            of: Array(repeating: TextToken.letters(of: "abcd"), count: 100_000),
            in: Array(repeating: TextToken.letters(of: "efgh"), count: 100_000))
        #expect(matches.allSatisfy { $0 == nil })
    }

    private static func found(_ pieces: [String], of text: String) -> [ClosedRange<Int>?] {
        WordAlignment.matches(
            of: TextToken.tokens(of: text).map(\.letters), in: pieces.map { TextToken.letters(of: $0) }
        ).map { $0.map { $0.first.piece...$0.last.piece } }
    }
}
