import Testing

@testable import VidSift

@Suite("An answer in one piece")
struct WholeAnswerTests {
    @Test("it has the text, the end and where it cites")
    func answer() throws {
        var answer = WholeAnswer()
        for event in SampleAnswer.events { answer.add(event.event) }

        #expect(answer.text == SampleAnswer.text)
        #expect(try answer.ended().citations.count == 2)
        #expect(answer.annotations.map(\.citation.video) == [SampleAnswer.own, SampleAnswer.youTube])
        #expect(answer.annotations.map(\.range.count) == ["[1:23]".count, "[1:02:03]".count])
    }

    @Test("one that failed is the problem that it failed of")
    func failure() throws {
        var answer = WholeAnswer()
        answer.add(.content("Rye"))
        answer.add(.failed(message: "The model is away.", code: "upstream_unavailable", isRetryable: true))

        let problem = #expect(throws: Problem.self) { try answer.ended() }
        #expect(problem?.code == .upstreamUnavailable && problem?.isRetryable == true)
    }

    @Test("one that never ended is no answer")
    func unfinished() {
        var answer = WholeAnswer()
        answer.add(.content("Rye"))
        #expect(throws: Problem.self) { try answer.ended() }
    }
}
