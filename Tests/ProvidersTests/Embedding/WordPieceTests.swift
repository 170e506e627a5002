import Foundation
import Testing

@testable import Providers

@Suite("Tokens", .enabled(if: TestFiles.isModelInstalled, "the embedding model is not installed: scripts/setup"))
struct WordPieceTests {
    private static let tokenizer = Result {
        try WordPieceTokenizer(
            vocabulary: try TestFiles.bytes(TestFiles.model + "/vocab.txt"), maximumTokens: 256)
    }

    @Test("are those of the reference for every one of more than ten thousand strings")
    func agreesWithReference() throws {
        let tokenizer = try Self.tokenizer.get()
        let cases = try TestFiles.cases("tokenizer-cases.tsv")
        #expect(cases.count > 10_000)
        var wrong: [String] = []
        for (text, answer) in cases {
            let expected = Self.identifiers(answer)
            let found = tokenizer.identifiers(of: Self.unescaped(text))
            if Array(found.dropFirst().dropLast()) != expected { wrong.append(text) }
        }
        #expect(wrong.isEmpty, "\(wrong.count) strings differ, such as \(wrong.prefix(5))")
    }

    @Test("of an empty text are the start and the end")
    func emptyText() throws {
        #expect(try Self.tokenizer.get().identifiers(of: "") == [101, 102])
        #expect(try Self.tokenizer.get().identifiers(of: " \n\u{200B}") == [101, 102])
    }

    @Test("of a long text stop at the limit, with the end mark in the last place")
    func truncation() throws {
        let long = try Self.tokenizer.get().identifiers(of: String(repeating: "deoxyribonucleic ", count: 500))
        #expect(long.count == 256)
        #expect(long.last == 102)
        let unbroken = try Self.tokenizer.get().identifiers(of: String(repeating: "a", count: 1 << 20))
        #expect(unbroken == [101, 100, 102])
    }

    @Test("of control words inside a text are those of their letters")
    func controlWordsAreText() throws {
        let ids = try Self.tokenizer.get().identifiers(of: "[SEP] [CLS]")
        #expect(!ids.dropFirst().dropLast().contains { $0 == 101 || $0 == 102 })
    }

    @Test("need a vocabulary with the control tokens")
    func damagedVocabulary() {
        for vocabulary in ["", "a\nb\n", "[UNK]\n[CLS]\n"] {
            #expect {
                try WordPieceTokenizer(vocabulary: Array(vocabulary.utf8), maximumTokens: 8)
            } throws: {
                ($0 as? ProviderError)?.kind == .damaged
            }
        }
    }

    @Test("come from a vocabulary with Windows line ends as well")
    func carriageReturns() throws {
        let tokenizer = try WordPieceTokenizer(
            vocabulary: Array("[UNK]\r\n[CLS]\r\n[SEP]\r\nab\r\n##c\r\n".utf8), maximumTokens: 8)
        #expect(tokenizer.identifiers(of: "abc AB x abcx") == [1, 3, 4, 3, 0, 0, 2])
    }

    /// Reverses `base36` and the differences of make-tokenizer-cases.py.
    private static func identifiers(_ answer: String) -> [Int32] {
        var last: Int32 = 0
        return answer.split(separator: " ").map { digits in
            last += Int32(digits, radix: 36) ?? .min
            return last
        }
    }

    /// Reverses `escaped` of make-tokenizer-cases.py.
    private static func unescaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard rest.popFirst() == "u" else {
                result.append("\\")
                continue
            }
            let code = UInt32(String(rest.prefix(6)), radix: 16) ?? 0
            rest = rest.dropFirst(6)
            result.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        }
        return String(result)
    }
}
