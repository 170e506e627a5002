import Providers
import Testing

@Suite struct TokenEstimateTests {
    @Test("English costs a token for 3 bytes, other scripts one for 2; nothing costs one")
    func estimate() {
        #expect(TokenEstimate.tokens(in: "") == 1)
        #expect(TokenEstimate.tokens(in: "abcdef") == 3)
        #expect(TokenEstimate.tokens(in: "蜜蜂") == 4)
        #expect(TokenEstimate.tokens(in: "🐝") == 3)
    }

    @Test("what is cut is the beginning and no longer than asked", arguments: ["word ", "蜜蜂", "é🐝a", "👨‍👩‍👧"])
    func cut(piece: String) {
        let text = String(repeating: piece, count: 500)
        for limit in [1, 2, 7, 100, 10_000] {
            let cut = TokenEstimate.cut(text, toTokens: limit)
            #expect(TokenEstimate.tokens(in: cut) <= limit && text.unicodeScalars.starts(with: cut.unicodeScalars))
        }
        #expect(TokenEstimate.cut(text, toTokens: 10_000) == text)
    }
}
