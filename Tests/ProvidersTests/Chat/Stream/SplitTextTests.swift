import Testing

@testable import Providers

@Suite("Text in pieces")
struct SplitTextTests {
    @Test(
        "is what JSON says it is",
        arguments: [
            (#"plain"#, "plain"), (#"a\n\t\r\b\f\"\\\/z"#, "a\n\t\r\u{8}\u{C}\"\\/z"), (#"\u0041\u00fc\u20AC"#, "Aü€"),
            (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00!"#, "😀!"), ("ü😀", "ü😀"),
        ])
    func escapes(contents: String, text: String) {
        #expect(Self.text([contents]) == text)
    }

    @Test(
        "is repaired where it is no text",
        arguments: [
            (#"\ud83d"#, "\u{FFFD}"), (#"\ud83dx"#, "\u{FFFD}x"), (#"\ude00x"#, "\u{FFFD}x"),
            (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\u12"#, "\u{FFFD}12"),
            (#"\uzzzz"#, "\u{FFFD}zzzz"), (#"\u0000"#, "\u{FFFD}"), (#"\q"#, "q"), (#"\"#, ""),
        ])
    func repairs(contents: String, text: String) {
        #expect(Self.text([contents]) == text)
    }

    @Test("is put together from halves of a pair, and from bytes of a character")
    func halves() {
        #expect(Self.text([#"a\ud83d"#, #"\ude00b"#]) == "a😀b")
        #expect(Self.text([#"a\ud83d"#, "", "b"]) == "a\u{FFFD}b")
        let bytes = Array("aü€😀z".utf8)
        for cut in bytes.indices {
            var split = SplitText()
            split.append(bytes[..<cut])
            var text = split.take()
            #expect("aü€😀z".unicodeScalars.starts(with: text.unicodeScalars))
            split.append(bytes[cut...])
            text += split.take()
            text += split.end()
            #expect(text == "aü€😀z")
        }
    }

    @Test("is repaired where bytes are no UTF-8, whenever they come")
    func invalidBytes() {
        let bytes: [UInt8] = [0x61, 0xE2, 0x82, 0x62, 0xFF, 0xC3, 0xA9, 0x80, 0xF0, 0x9F]
        let whole = String(decoding: bytes, as: UTF8.self)
        var split = SplitText()
        var text = ""
        for byte in bytes {
            split.append([byte])
            text += split.take()
        }
        text += split.end()
        #expect(Array(text.utf8) == Array(whole.utf8))
    }

    private static func text(_ pieces: [String]) -> String {
        var split = SplitText()
        var text = ""
        for piece in pieces {
            split.append(Array(piece.utf8)[...])
            text += split.take()
        }
        return text + split.end()
    }
}
