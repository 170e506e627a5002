import Testing

@testable import VidSift

@Suite("What a model thinks aloud") struct ReasoningFilterTests {
    private static func read(_ pieces: [String]) -> String {
        var filter = ReasoningFilter()
        return pieces.map { filter.read($0) }.joined() + filter.finish()
    }

    private static let samples: [(said: String, heard: String)] = [
        ("<think>Bees? [1] é蜂</think>\n\nThe queen lays eggs [1].", "The queen lays eggs [1]."),
        (" \n\t<THINK>x < y</THINK>Yes é", "Yes é"),
        ("<thinking>a</think>b</thinking><reasoning>c</reasoning> D.", "D."),
        ("<think></think>", ""), ("<think>never ends </thin", ""), ("  <think>", ""), ("", ""), (" \n", ""),
        ("<thin", "<thin"), ("<thinker>No</thinker>", "<thinker>No</thinker>"), ("<", "<"), ("  <p>Yes", "<p>Yes"),
        ("So <think>this</think> is text.", "So <think>this</think> is text."),
        ("<think>a</think>So <think>b</think>", "So <think>b</think>"),
        ("</think>Yes.", "</think>Yes."), ("<think>\u{301}a</think\u{301}></think>\u{301}x", "\u{301}x"),
    ]

    @Test("is left out where it stands at the very beginning, cut at every byte", arguments: samples)
    func everyCut(said: String, heard: String) {
        #expect(Self.read([said]) == heard)
        let bytes = Array(said.utf8)
        for cut in 0...bytes.count {
            let place = said.utf8.index(said.utf8.startIndex, offsetBy: cut)
            // Endpoints hand over whole characters.
            guard place.samePosition(in: said.unicodeScalars) != nil else { continue }
            let pieces = [String(said.unicodeScalars[..<place]), String(said.unicodeScalars[place...])]
            #expect(Self.read(pieces).unicodeScalars.elementsEqual(heard.unicodeScalars), "cut at \(cut)")
        }
        let scalars = said.unicodeScalars.map { String($0) }
        #expect(Self.read(scalars).unicodeScalars.elementsEqual(heard.unicodeScalars))
    }

    @Test("what can't be a mark any more is handed over at once")
    func atOnce() {
        var filter = ReasoningFilter()
        #expect(filter.read(" <t") == "")
        #expect(filter.read("he") == "<the")
        #expect(filter.read(" <think>") == " <think>")
    }

    @Test("takes no memory, however long it is")
    func bounded() {
        var filter = ReasoningFilter()
        #expect(filter.read(String(repeating: " ", count: 100_000)) == "" && filter.held.isEmpty)
        #expect(filter.read("<think>") == "")
        for _ in 0..<10_000 {
            #expect(filter.read("hm </thin </reasoning> 蜂蜂蜂蜂") == "")
            #expect(filter.held.count < 16)
        }
    }

    @Test(
        "a short answer is taken without it, too",
        arguments: [("<think>a</think>Yes", "Yes"), ("a</think>Yes", "Yes"), ("<reasoning>a", "")])
    func whole(said: String, expected: String) {
        #expect(ModelText.withoutReasoning(said) == expected)
    }
}
