import Testing

@testable import VidSift

@Suite("The AI SDK's UI message stream")
struct AISDKRenderingTests {
    private static func read(_ events: [NumberedEvent]) throws -> UIMessageStream {
        var rendering = AISDKRendering(run: SampleAnswer.run)
        return try UIMessageStream(rendering.stream(events))
    }

    @Test("an answer is a message with one text, whose citations are sources and data")
    func answer() throws {
        let stream = try Self.read(SampleAnswer.events)

        #expect(
            stream.types == [
                "start", "data-session", "data-coverage", "text-start", "text-delta", "text-delta", "text-delta",
                "source-url", "data-citation", "text-delta", "source-url", "data-citation", "text-delta", "text-end",
                "finish",
            ])
        #expect(stream.text == SampleAnswer.text)
        #expect(stream.parts[0]["messageId"] as? String == SampleAnswer.run.description)
        let session = try #require(stream.parts[1]["data"] as? [String: Any])
        #expect(session["sessionId"] as? String == SampleAnswer.session.description)
        #expect(session["question"] as? String == "Why?")
        let coverage = try #require(stream.parts[2]["data"] as? [String: Any])
        #expect(coverage["videosSearched"] as? Int == 2)
        let metadata = try #require(stream.parts.last?["messageMetadata"] as? [String: Any])
        #expect(metadata["answered"] as? Bool == true)
    }

    @Test("a citation has the fields of the contract; of a recording of one's own there is no YouTube id")
    func citations() throws {
        let stream = try Self.read(SampleAnswer.events)

        let sources = stream.all("source-url")
        #expect(sources[0]["url"] as? String == "http://127.0.0.1:4000/videos/\(SampleAnswer.own.id)?t=82")
        #expect(sources[0]["title"] as? String == SampleAnswer.own.title)
        #expect(sources[1]["url"] as? String == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3722s")
        let citations = stream.all("data-citation").compactMap { $0["data"] as? [String: Any] }
        let names: Set = [
            "n", "videoId", "videoTitle", "start", "end", "startTime", "endTime", "timestamp", "seconds", "text", "url",
            "precision", "status",
        ]
        #expect(citations.map { Set($0.keys) } == [names, names.union(["youtubeId"])])
        #expect(citations[1]["timestamp"] as? String == "1:02:03")
    }

    @Test("an answer that was not given says so, with the reason")
    func unanswered() throws {
        var outcome = SampleAnswer.outcome
        outcome.reason = .notSaid

        let stream = try Self.read(SampleAnswer.numbered([.done(outcome)]))

        #expect(stream.types == ["start", "finish"])
        let metadata = try #require(stream.parts.last?["messageMetadata"] as? [String: Any])
        #expect(metadata["answered"] as? Bool == false && metadata["reason"] as? String == "not_said")
    }

    @Test("an answer that somebody stopped ends like any other, and says so")
    func stopped() throws {
        var outcome = SampleAnswer.outcome
        outcome.wasStopped = true

        let stream = try Self.read(SampleAnswer.numbered([.content("Rye"), .done(outcome)]))

        #expect(stream.types.suffix(2) == ["text-end", "finish"])
        let metadata = try #require(stream.parts.last?["messageMetadata"] as? [String: Any])
        #expect(metadata["answered"] as? Bool == false && metadata["reason"] as? String == "stopped")
    }

    @Test("what fails at any place ends the text and the message", arguments: 0..<SampleAnswer.events.count)
    func failure(after count: Int) throws {
        let failure = AnswerEvent.failed(message: "The model is away.", code: "upstream_unavailable", isRetryable: true)
        let before = SampleAnswer.events.prefix(count).map(\.event)

        let stream = try Self.read(SampleAnswer.numbered(before + [failure]))

        #expect(stream.types.first == "start" && stream.types.last == "error")
        #expect(stream.parts.last?["errorText"] as? String == "The model is away.")
    }
}
