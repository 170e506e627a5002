import Testing

@testable import Providers

@Suite("The end of an endless text")
struct OutputTailTests {
    @Test("the same whatever the pieces, and no half character", arguments: 1...30)
    func anyPieces(_ size: Int) {
        let text = Array(String(repeating: "aé€", count: 10).utf8)
        for limit in 0...20 {
            var tail = OutputTail(limit: limit)
            for start in stride(from: 0, to: text.count, by: size) {
                tail.append(Array(text[start..<min(start + size, text.count)]))
            }
            let expected = String(decoding: text.suffix(limit).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
            #expect(tail.text == expected)
            #expect(tail.text.utf8.count > limit - 3)
        }
    }

    @Test("what fits is kept as it is, even when it begins in the middle of a character")
    func fits() {
        var tail = OutputTail(limit: 4)
        tail.append([0x80, 0x61])
        #expect(tail.text == "\u{FFFD}a")
    }
}
