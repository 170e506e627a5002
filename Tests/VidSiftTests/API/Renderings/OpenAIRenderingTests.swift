import Foundation
import Providers
import Testing

@testable import VidSift

@Suite("The chunks of OpenAI's protocol")
struct OpenAIRenderingTests {
    private static let completion = ChatCompletion(run: SampleAnswer.run, model: "video:bread")

    private static func chunks(_ events: [NumberedEvent], asksForUsage: Bool) throws -> [[String: Any]] {
        var rendering = OpenAIRendering(completion, asksForUsage: asksForUsage)
        let events = rendering.stream(events).components(separatedBy: "\n\n")
        #expect(events.suffix(2) == ["data: [DONE]", ""])
        return try events.dropLast(2).map { event in
            #expect(event.hasPrefix("data: "))
            return try #require(JSONSerialization.jsonObject(with: Data(event.dropFirst(6).utf8)) as? [String: Any])
        }
    }

    private static func choice(_ chunk: [String: Any]) -> [String: Any] {
        (chunk["choices"] as? [[String: Any]])?.first ?? [:]
    }

    @Test("the role, the text, the annotations, why it ended; each with the same id, time and model")
    func answer() throws {
        let chunks = try Self.chunks(SampleAnswer.events, asksForUsage: false)

        for chunk in chunks {
            #expect(Set(chunk.keys) == ["id", "object", "created", "model", "choices"])
            #expect(chunk["id"] as? String == "chatcmpl-\(SampleAnswer.run)")
            #expect(chunk["object"] as? String == "chat.completion.chunk")
            #expect(chunk["created"] as? Int == Int(Self.completion.created.timeIntervalSince1970))
            #expect(chunk["model"] as? String == "video:bread")
            #expect(Set(Self.choice(chunk).keys) == ["index", "delta", "logprobs", "finish_reason"])
        }
        let deltas = chunks.compactMap { Self.choice($0)["delta"] as? [String: Any] }
        #expect(deltas.count == chunks.count)
        #expect(deltas[0]["role"] as? String == "assistant" && deltas[0]["content"] as? String == "")
        #expect(deltas.compactMap { $0["content"] as? String }.joined() == SampleAnswer.text)
        #expect(chunks.dropLast().allSatisfy { Self.choice($0)["finish_reason"] is NSNull })
        #expect(Self.choice(chunks[chunks.count - 1])["finish_reason"] as? String == "stop")
        #expect(deltas.last?.isEmpty == true)
    }

    @Test("an annotation has the link, the title and the place of the time in the text")
    func annotations() throws {
        let chunks = try Self.chunks(SampleAnswer.events, asksForUsage: false)

        let annotations = chunks.flatMap {
            (Self.choice($0)["delta"] as? [String: Any])?["annotations"] as? [[String: Any]] ?? []
        }
        #expect(annotations.map { $0["type"] as? String } == ["url_citation", "url_citation"])
        let cited = annotations.compactMap { $0["url_citation"] as? [String: Any] }
        #expect(cited.allSatisfy { Set($0.keys) == ["url", "title", "start_index", "end_index"] })
        #expect(cited[1]["url"] as? String == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3722s")
        #expect(cited.map { $0["title"] as? String } == [SampleAnswer.own.title, "Tides"])
        let scalars = Array(SampleAnswer.text.unicodeScalars)
        let places = try cited.map { annotation in
            let start = try #require(annotation["start_index"] as? Int)
            let end = try #require(annotation["end_index"] as? Int)
            return String(String.UnicodeScalarView(scalars[start..<end]))
        }
        #expect(places == ["[1:23]", "[1:02:03]"])
    }

    @Test("what was counted is told when it is asked for, in a chunk of its own, and null before")
    func usage() throws {
        let chunks = try Self.chunks(SampleAnswer.events, asksForUsage: true)

        #expect(chunks.dropLast().allSatisfy { $0["usage"] is NSNull })
        let last = try #require(chunks.last)
        #expect((last["choices"] as? [Any])?.isEmpty == true)
        #expect(last["usage"] as? [String: Int] == ["prompt_tokens": 70, "completion_tokens": 9, "total_tokens": 79])
    }

    @Test(
        "why it ended is why the model did",
        arguments: [
            (ChatEnd.Reason.length, "length"), (.filtered, "content_filter"), (.stop, "stop"), (.unknown, "stop"),
            (nil, "stop"),
        ])
    func finish(reason: ChatEnd.Reason?, expected: String) throws {
        var outcome = SampleAnswer.outcome
        outcome.finish = reason
        let events = SampleAnswer.numbered([.content("Rye"), .done(outcome)])
        let last = try #require(Self.chunks(events, asksForUsage: false).last)
        #expect(Self.choice(last)["finish_reason"] as? String == expected)
    }

    @Test("a failure is an error, in the place of the end")
    func failure() throws {
        let failure = AnswerEvent.failed(message: "The model is away.", code: "upstream_unavailable", isRetryable: true)
        let chunks = try Self.chunks(SampleAnswer.numbered([.content("Rye"), failure]), asksForUsage: true)

        let error = try #require(chunks.last?["error"] as? [String: Any])
        #expect(Set(error.keys) == ["message", "type", "param", "code"])
        #expect(error["message"] as? String == "The model is away.")
        #expect(error["type"] as? String == "server_error" && error["code"] as? String == "upstream_unavailable")
    }
}
