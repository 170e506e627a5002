import Testing

@testable import Providers

@Suite("The words of a text")
struct TextTokenTests {
    @Test("are cut at spaces, and in scripts without spaces at each character")
    func tokens() {
        #expect(TextToken.tokens(of: " Don't —\n stop, 「now」! ").map(\.text) == ["Don't", "—", "stop,", "「now」!"])
        #expect(TextToken.tokens(of: "「你好。」iPhone很贵!").map(\.text) == ["「你", "好。」", "iPhone", "很", "贵!"])
        #expect(TextToken.tokens(of: "你好 世").map(\.isGlued) == [false, true, false])
        #expect(TextToken.tokens(of: " \n").isEmpty)
    }

    @Test(
        "are the text again, glued together as they were", arguments: ["It's 北京。really\u{301} so!", "ไทย ok", "a—b c"])
    func roundTrip(text: String) {
        let tokens = TextToken.tokens(of: text)
        #expect(tokens.reduce("") { $0 + ($1.isGlued || $0.isEmpty ? "" : " ") + $1.text } == text)
        #expect(TextToken.areGlued(tokens.map(\.text), in: text) == tokens.map(\.isGlued))
    }

    @Test("are recognised by letters and digits, whatever their case")
    func keys() {
        #expect(TextToken.key(of: "Don't,") == "dont")
        #expect(TextToken.key(of: "ÉCOLE—") == "école")
        #expect(TextToken.key(of: "$5") == "5")
        #expect(TextToken.key(of: "—") == "—")
        #expect(TextToken.letters(of: "\u{FFFD}!").isEmpty)
    }

    @Test(
        "the language is known by name or code",
        arguments: [
            ("english", "en"), ("Haitian Creole", "ht"), ("cantonese", "yue"), ("de", "de"), ("PT", "pt"),
        ])
    func languages(name: String, code: String) {
        #expect(SpokenLanguage.code(name) == code)
    }

    @Test("what is no language is none", arguments: ["", "klingonish", "e1", "unknown"])
    func noLanguage(name: String) {
        #expect(SpokenLanguage.code(name) == nil)
    }
}
