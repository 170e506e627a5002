import Testing

@testable import VidSift

@Suite struct AnswerSentenceTests {
    /// Cuts a text into sentences the way the machine does.
    private func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var sentence = AnswerSentence()
        for scalar in text.unicodeScalars {
            if !scalar.isBlank, sentence.ends(before: scalar) {
                sentences.append(sentence.text)
                sentence = sentence.following()
            }
            sentence.append(scalar)
        }
        return sentence.isEmpty ? sentences : sentences + [sentence.text]
    }

    @Test(
        "an answer is cut into its sentences",
        arguments: [
            ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
            ("It is 3.5 km, e.g. so. Yes.", ["It is 3.5 km, e.g. so.", "Yes."]),
            ("Dr. Who met J. Smith. Then no. 5 came.", ["Dr. Who met J. Smith.", "Then no. 5 came."]),
            ("He said \"Go.\" Then he went.", ["He said \"Go.\"", "Then he went."]),
            ("First:\n- one\n- two", ["First:", "- one", "- two"]), ("1. One\n2. Two.", ["One", "Two."]),
            ("A wrapped\nline goes on. B", ["A wrapped line goes on.", "B"]),
            ("A title\n\nthe text", ["A title", "the text"]),
            ("女王蜂は卵を産む。冬は寒い！「はい。」と言う", ["女王蜂は卵を産む。", "冬は寒い！", "「はい。」", "と言う"]),
            ("Wait... what? (Yes.) No.", ["Wait... what?", "(Yes.)", "No."]),
            ("**Bold.** Next.", ["**Bold.**", "Next."]),
            ("Go to v1.2.Now? Yes", ["Go to v1.2.Now?", "Yes"]), ("", []), ("  \n ", []), ("...", ["..."]),
        ])
    func ends(text: String, expected: [String]) {
        #expect(sentences(of: text) == expected)
    }

    @Test("a sentence that never ends is cut, at a space where there is one")
    func endless() {
        let cut = sentences(of: String(repeating: "word ", count: 5_000))
        #expect(cut.allSatisfy { $0.utf8.count <= AnswerSentence.maximumBytes + 5 && $0.hasSuffix("word") })
        let wide = sentences(of: String(repeating: "蜂", count: 5_000))
        #expect(wide.allSatisfy { $0.utf8.count <= AnswerSentence.maximumBytes + AnswerSentence.maximumOverhang + 3 })
        #expect(wide.joined().count == 5_000)
    }

    @Test("a marker at a sentence's start is cited at its end")
    func leading() {
        #expect(
            ReadAnswer(
                "[1] The queen lays up to two thousand eggs a day. [1] In winter the bees form a ball to keep warm."
            )
            .text
                == "The queen lays up to two thousand eggs a day. [0:06] In winter the bees form a ball to keep warm. [0:30]"
        )
        #expect(
            ReadAnswer("- [1] Scouts tell where flowers are by dancing.\n- [2] The gates form a shallow V.").text
                == "- Scouts tell where flowers are by dancing. [0:12]\n- The gates form a shallow V. [10:12]")
        #expect(ReadAnswer("According to [1], the queen lays two thousand eggs in a day.").starts == ["0:06"])
    }

    @Test("a marker after the full stop belongs to the sentence before it")
    func trailing() {
        let answer = ReadAnswer(
            "The queen lays two thousand eggs in a single day. [1] The gates form a shallow V that points upstream. [2]"
        )
        #expect(
            answer.text
                == "The queen lays two thousand eggs in a single day. [0:06] The gates form a shallow V that points upstream. [10:12]"
        )
    }

    @Test("two markers of a sentence stand for its two parts")
    func parts() {
        let answer = ReadAnswer(
            "The queen lays two thousand eggs in a day [1], and in winter the bees form a ball and shiver [1].")
        #expect(
            answer.text
                == "The queen lays two thousand eggs in a day [0:06], and in winter the bees form a ball and shiver [0:30]."
        )
        #expect(answer.starts == ["0:06", "0:30"])
    }

    @Test("each citation comes right behind its mark")
    func places() {
        let answer = ReadAnswer("\(MarkerTests.said) [1]. Two gates close the chamber [2].", spansVideos: true)
        let bytes = Array(answer.text.utf8)
        for (citation, place) in zip(answer.citations, answer.places) {
            let mark = CitationMark.text(at: citation.start, title: citation.video.title)
            #expect(String(decoding: bytes[..<place], as: UTF8.self).hasSuffix(mark))
        }
        #expect(answer.places.count == 2)
    }
}
