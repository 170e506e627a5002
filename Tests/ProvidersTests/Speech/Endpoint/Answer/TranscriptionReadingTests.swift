import Foundation
import Testing

@testable import Providers

@Suite("An endpoint's answer becomes a transcription")
struct TranscriptionReadingTests {
    @Test("of OpenAI: the words' times go to the words of the text, with its punctuation")
    func openAI() throws {
        let heard = try Self.read(
            """
            {"task":"transcribe","language":"english","duration":9.0,"text":"Mr. Twain can't. It's twenty-one — now!",
             "segments":[
              {"id":0,"start":0.0,"end":3.0,"text":" Mr. Twain can't.","avg_logprob":-0.25,"compression_ratio":1.1,
               "no_speech_prob":0.03},
              {"id":1,"start":3.0,"end":7.0,"text":" It's twenty-one — now!","avg_logprob":-0.5,"compression_ratio":1.1,
               "no_speech_prob":0.04}],
             "words":[{"word":"Mr","start":0.1,"end":0.4},{"word":"Twain","start":0.4,"end":1.0},
              {"word":"can't","start":1.2,"end":1.9},{"word":"It's","start":3.1,"end":3.4},
              {"word":"twenty","start":3.5,"end":4.0},{"word":"one","start":4.0,"end":4.4},
              {"word":"now","start":5.4,"end":6.0}]}
            """)
        #expect(heard.language == "en")
        #expect(heard.segments.map(\.text) == ["Mr. Twain can't.", "It's twenty-one — now!"])
        #expect(heard.segments.map(\.span) == [.s(0.1, 1.9), .s(3.1, 6.0)])
        #expect(
            heard.segments[0].words == [
                SpokenWord("Mr.", .s(0.1, 0.4)), SpokenWord("Twain", .s(0.4, 1.0)), SpokenWord("can't.", .s(1.2, 1.9)),
            ])
        #expect(
            heard.segments[1].words == [
                SpokenWord("It's", .s(3.1, 3.4)), SpokenWord("twenty-one", .s(3.5, 4.4)),
                SpokenWord("—", .s(4.4, 5.4)), SpokenWord("now!", .s(5.4, 6.0)),
            ])
        #expect(
            heard.segments[0].signs == SpeechSigns(noSpeech: 0.03, logProbability: -0.25, compression: 1.1))
    }

    @Test("of whisper.cpp: pieces of words are put together, line ends go, and a word cut by two lines is whole again")
    func whisperCpp() throws {
        let heard = try Self.read(
            #"""
            {"task":"transcribe","language":"english","duration":9.0,"text":" Mr. Dashwood was un\nfortunately\n ill.\n",
             "segments":[
              {"id":0,"text":" Mr. Dashwood was un","start":0.0,"end":3.0,"tokens":[1,2],"words":[
               {"word":" Mr","start":0.23,"end":0.38,"t_dtw":-1,"probability":0.93},
               {"word":".","start":0.38,"end":0.61,"t_dtw":-1,"probability":0.9},
               {"word":" Dash","start":0.92,"end":1.23,"t_dtw":-1,"probability":0.8},
               {"word":"wood","start":1.23,"end":1.53,"t_dtw":-1,"probability":0.9},
               {"word":" was","start":1.6,"end":1.9,"t_dtw":-1,"probability":0.9},
               {"word":" un","start":2.5,"end":3.0,"t_dtw":-1,"probability":0.9}],
               "temperature":0.0,"avg_logprob":-0.09,"no_speech_prob":0.013},
              {"id":1,"text":"fortunately ill.","start":3.0,"end":5.0,"words":[
               {"word":"fort","start":3.0,"end":3.2,"t_dtw":-1,"probability":0.9},
               {"word":"unately","start":3.2,"end":3.8,"t_dtw":-1,"probability":0.9},
               {"word":" ill","start":4.0,"end":4.4,"t_dtw":-1,"probability":0.9},
               {"word":".","start":4.4,"end":4.5,"t_dtw":-1,"probability":0.9}],
               "temperature":0.0,"avg_logprob":null,"no_speech_prob":0.0},
              {"id":2,"text":" (sighs)","start":5.0,"end":6.0,"temperature":0.0,"avg_logprob":-0.3,"no_speech_prob":0.0}
             ]}
            """#)
        #expect(heard.segments.map(\.text) == ["Mr. Dashwood was unfortunately", "ill.", "(sighs)"])
        #expect(
            heard.segments[0].words == [
                SpokenWord("Mr.", .s(0.23, 0.38)), SpokenWord("Dashwood", .s(0.92, 1.53)),
                SpokenWord("was", .s(1.6, 1.9)), SpokenWord("unfortunately", .s(2.5, 3.8)),
            ])
        #expect(heard.segments[1].words == [SpokenWord("ill.", .s(4.0, 4.4))])
        #expect(heard.segments[1].signs.logProbability == nil)
        #expect(heard.segments[2].words.isEmpty && heard.segments[2].span == .s(5, 6))
    }

    @Test("in a script without spaces: the words are those of the endpoint")
    func unspaced() throws {
        let heard = try Self.read(
            """
            {"language":"chinese","text":"我们去北京。好吗?","segments":[{"start":0,"end":4,"text":"我们去北京。好吗?"}],
             "words":[{"word":"我们","start":0.1,"end":0.5},{"word":"去","start":0.5,"end":0.8},
              {"word":"北京","start":0.8,"end":1.5},{"word":"好","start":2,"end":2.3},{"word":"吗","start":2.3,"end":2.6}]}
            """)
        #expect(heard.language == "zh")
        #expect(heard.segments.map(\.text) == ["我们去北京。好吗?"])
        #expect(heard.segments[0].words.map(\.text) == ["我们", "去", "北京。", "好", "吗?"])
        #expect(heard.segments[0].words[2].span == .s(0.8, 1.5))
    }

    @Test("without segments: the text is cut at pauses")
    func wordsOnly() throws {
        let heard = try Self.read(
            """
            {"text":"One, two. Three four.","words":[{"word":"One","start":0,"end":0.5},{"word":"two","start":0.5,"end":1},
             {"word":"Three","start":3,"end":3.5},{"word":"four","start":3.5,"end":4}]}
            """)
        #expect(heard.segments.map(\.text) == ["One, two.", "Three four."])
        #expect(heard.segments.map(\.span) == [.s(0, 1), .s(3, 4)])
    }

    @Test("without words: the lines have their own times, and don't overlap")
    func linesOnly() throws {
        let heard = try Self.read(
            """
            {"text":"a b","segments":[{"start":5.0,"end":8.0,"text":"second"},{"start":0,"end":6.0,"text":"first"},
             {"start":8.5,"end":7.0,"text":"third"}]}
            """)
        #expect(heard.segments.map(\.text) == ["first", "second", "third"])
        #expect(heard.segments.map(\.span) == [.s(0, 5), .s(5, 8), .s(8.5, 8.5)])
        #expect(heard.segments.allSatisfy { $0.words.isEmpty })
    }

    @Test("times that can't be are left out, and their words get theirs from their neighbours")
    func impossibleTimes() throws {
        let heard = try Self.read(
            """
            {"text":"one two three four five six","segments":[{"start":NaN,"end":"nonsense","text":"one two three four"},
              {"start":4,"end":6,"text":"five six"},{"start":70,"end":75,"text":"Thank you."}],
             "words":[{"word":"one","start":1,"end":1.5},{"word":"two","start":-700,"end":2},
              {"word":"three","start":2.5,"end":2.0},{"word":"four","start":99,"end":100},
              {"word":"five","start":"4.0","end":4.5},{"word":"six","start":NaN,"end":Infinity}]}
            """)
        #expect(heard.segments.map(\.text) == ["one two three four", "five six"])
        let words = heard.segments.flatMap(\.words)
        #expect(words.map(\.text) == ["one", "two", "three", "four", "five", "six"])
        #expect(words[0].span == .s(1, 1.5))
        #expect(words[1].span == .s(1.5, 2.5), "between its neighbours")
        #expect(words[2].span == .s(2.5, 2.5), "its end was before its start")
        #expect(words[4].span == .s(4, 4.5), "a number as text")
        #expect(words[5].span.start == .s(4.5) && words[5].span.end <= .s(6))
    }

    @Test("one word far out of order does not move the others")
    func outOfOrder() throws {
        let names = ["alpha", "bravo", "charlie", "delta", "echo"]
        let starts = [1.0, 2, 7.5, 4, 5]
        let words = zip(names, starts).map { #"{"word":" \#($0)","start":\#($1),"end":\#($1 + 0.5)}"# }
        let heard = try Self.read(
            """
            {"text":"x","segments":[{"start":1,"end":6,"text":"\(names.joined(separator: " "))",
             "words":[\(words.joined(separator: ","))]}]}
            """)
        #expect(heard.segments[0].words.map(\.span.start) == [.s(1), .s(2), .s(2.5), .s(4), .s(5)])
    }

    @Test("what is not a list, a text or a number is passed over")
    func wrongTypes() throws {
        let heard = try Self.read(
            """
            {"text":"kept","language":7,"words":{"a":1},"segments":[5,null,{"start":1,"end":2},
             {"start":[1],"end":{},"text":"kept","words":"none","no_speech_prob":"high"}]}
            """,
            maximumUntimed: .s(60))
        #expect(heard == Transcription(segments: [TranscribedSegment(span: .s(0, 10), text: "kept")]))
    }

    @Test(
        "a long file as one line, and times that are all 0, are no times",
        arguments: ["0,\"end\":100", "0,\"end\":0", "0", "null,\"end\":null"])
    func uselessTimes(times: String) throws {
        let json = #"{"text":"all of it","segments":[{"text":"all of it","start":\#(times)}]}"#
        let answer = try TranscriptionAnswer(Array(json.utf8))
        let error = #expect(throws: ProviderError.self) {
            try TranscriptionReading(duration: .s(100), maximumUntimed: .s(60)).transcription(of: answer)
        }
        #expect(error?.kind == .invalidResponse)
        let heard = try TranscriptionReading(duration: .s(100), maximumUntimed: .s(100)).transcription(of: answer)
        #expect(heard.segments.map(\.span) == [.s(0, 100)])
    }

    @Test("more text than anybody can say is refused")
    func endlessText() throws {
        func json(_ words: Int) -> String {
            let text = String(repeating: "word ", count: words)
            return #"{"text":"","segments":[{"text":"\#(text)","start":1,"end":9}]}"#
        }
        #expect(try Self.read(json(400)).segments.count == 1)
        let error = #expect(throws: ProviderError.self) { try Self.read(json(401)) }
        #expect(error?.kind == .invalidResponse)
    }

    @Test("characters that are none are left out")
    func controlCharacters() throws {
        let heard = try Self.read(
            #"{"text":"","segments":[{"text":" a\u0000b\u0007\u001b \tc","start":1,"end":2}]}"#)
        #expect(heard.segments.map(\.text) == ["ab c"])
    }

    @Test("nothing that an endpoint can answer breaks the order", arguments: 0..<300)
    func invariants(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let answer = Self.nonsense(&random)
        let reading = TranscriptionReading(duration: .s(10), maximumUntimed: .s(60))
        let heard = try reading.transcription(of: answer)
        var floor = AudioTime.zero
        for segment in heard.segments {
            #expect(segment.span.start >= floor && segment.span.end <= .s(10), "\(answer)")
            for word in segment.words {
                #expect(word.span.start >= floor && word.span.end <= segment.span.end, "\(answer)")
                floor = word.span.start
            }
            if !segment.words.isEmpty {
                #expect(segment.words.map(\.text).joined() == segment.text.filter { $0 != " " })
            }
            floor = segment.span.end
        }
        // Nothing is lost but what is said to begin behind the end.
        let late = answer.segments.filter { ($0.start ?? 0) > 10.5 }
        if late.isEmpty, !answer.segments.isEmpty {
            let letters = { (text: String) in text.filter { !$0.isWhitespace }.sorted() }
            #expect(letters(heard.segments.map(\.text).joined()) == letters(answer.segments.map(\.text).joined()))
        }
    }

    private static func nonsense(_ random: inout SeededGenerator) -> TranscriptionAnswer {
        let texts = ["the", " sea", "deep.", " 北京", "—", "", "ship ", "\u{FFFD}", "it's"]
        func time() -> Double? {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: nil
            case 1: [-1e300, -3, 1e300, 77, .nan, .infinity].randomElement(using: &random)
            default: Double.random(in: 0...10, using: &random)
            }
        }
        func pieces(_ count: Int) -> [TranscriptionAnswer.Piece] {
            (0..<count).map { _ in
                .init(text: texts.randomElement(using: &random) ?? "", start: time(), end: time())
            }
        }
        let isNested = Bool.random(using: &random)
        let segments = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let words = pieces(.random(in: 0...9, using: &random))
            return TranscriptionAnswer.Segment(
                text: words.map(\.text).joined(separator: Bool.random(using: &random) ? " " : ""), start: time(),
                end: time(), words: isNested ? words : [])
        }
        return TranscriptionAnswer(text: "the sea", segments: segments, words: pieces(isNested ? 0 : 12))
    }

    private static func read(_ json: String, maximumUntimed: AudioTime = .zero) throws -> Transcription {
        try TranscriptionReading(duration: .s(10), maximumUntimed: maximumUntimed)
            .transcription(of: TranscriptionAnswer(Array(json.utf8)))
    }
}
