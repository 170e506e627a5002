import Foundation
import NIOCore
import Testing

@testable import VidSift

@Suite("The native stream, and what all renderings have in common")
struct NativeRenderingTests {
    @Test("each event is its number, its JSON and an empty line; nothing follows the last")
    func frames() {
        var rendering = NativeRendering()
        for event in SampleAnswer.events {
            var json = JSONWriter()
            event.event.write(to: &json)
            let frame = rendering.frames(for: event).map { String(buffer: $0) }
            #expect(frame == "id: \(event.number)\ndata: \(json.text)\n\n")
        }
        #expect(rendering.ending() == nil)
    }

    @Test("an event that could not be stored has no number to resume after")
    func unstored() {
        let failure = AnswerEvent.failed(message: "No.", code: "not_ready", isRetryable: true)
        var rendering = NativeRendering()
        let frame = rendering.frames(for: NumberedEvent(number: 0, event: failure)).map { String(buffer: $0) }
        #expect(frame?.hasPrefix(#"data: {"type":"error","#) == true)
    }

    private static let renderings: [any AnswerRendering] = [
        NativeRendering(), AISDKRendering(run: SampleAnswer.run),
        OpenAIRendering(ChatCompletion(run: SampleAnswer.run, model: "vidsift"), asksForUsage: true),
    ]

    @Test("events rendered together are the events rendered one by one", arguments: renderings.indices)
    func together(which: Int) {
        for cut in SampleAnswer.events.indices {
            var rendering = Self.renderings[which]
            var all = ByteBuffer()
            for events in [SampleAnswer.events[..<cut], SampleAnswer.events[cut...]] {
                if let frames = rendering.frames(for: events) { all.writeImmutableBuffer(frames) }
            }
            if let ending = rendering.ending() { all.writeImmutableBuffer(ending) }
            var other = Self.renderings[which]
            #expect(String(buffer: all) == other.stream(SampleAnswer.events))
        }
    }

    @Test("an event is one line of data, whatever is in the text", arguments: renderings.indices)
    func lines(which: Int) {
        let text = "\n\ndata: [DONE]\r\rid: 7\u{2028}\u{0}\"\\</script>é🍞"
        var rendering = Self.renderings[which]
        let stream = rendering.stream(SampleAnswer.numbered([.content(text), .done(SampleAnswer.outcome)]))
        let events = stream.components(separatedBy: "\n\n").dropLast()
        #expect(!stream.contains("\r") && !events.contains(""))
        for event in events {
            let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 2 && lines.last?.hasPrefix("data: ") == true, "\(event)")
        }
    }
}
