import Captions
import NIOCore
import Providers

@testable import VidSift

/// An answer as the tests of the renderings see it.
enum SampleAnswer {
    static let run = RunID()
    static let session = SessionID()
    static let own = VideoReference(
        id: VideoID(), youtubeID: nil, title: #"Rye & "bread" </b>"#, pageBase: "http://127.0.0.1:4000")
    static let youTube = VideoReference(
        id: VideoID(), youtubeID: "dQw4w9WgXcQ", title: "Tides", pageBase: "http://127.0.0.1:4000")
    static let text = "Rye bread 🍞 stays low [1:23] \"\(own.title)\".\nSo does é\u{301} [1:02:03] \"Tides\"."

    static let events = numbered([
        .session(session, run: run, question: "Why?"), .sources([source], coverage),
        .content("Rye bread 🍞 st"), .content(""), .content("ays low [1:"), .content("23] \"\(own.title)\""),
        .citation(citation(own, at: 83)),
        .content(".\nSo does é\u{301} [1:02:03] \"Tides\""), .citation(citation(youTube, at: 3723)), .content("."),
        .done(outcome),
    ])

    static let outcome = AnswerEvent.Outcome(
        citations: [citation(own, at: 83), citation(youTube, at: 3723)], timings: .init(),
        usage: TokenUsage(promptTokens: 70, completionTokens: 9))
    static let coverage = Coverage(inScope: 3, searched: 2, withoutTranscript: 1, pending: 0)
    static let source = AnswerEvent.Source(
        number: 1, video: own, start: MediaTime(milliseconds: 83_200), end: MediaTime(milliseconds: 91_000),
        text: "Rye bread stays low.", score: 0.5)

    static func citation(_ video: VideoReference, at second: Int) -> Citation {
        Citation(
            number: 1, video: video, start: MediaTime(milliseconds: second * 1000 + 200),
            end: MediaTime(milliseconds: second * 1000 + 5000), text: "the words", precision: .cue, status: .verified)
    }

    static func numbered(_ events: [AnswerEvent]) -> [NumberedEvent] {
        events.enumerated().map { NumberedEvent(number: $0 + 1, event: $1) }
    }
}

extension AnswerRendering {
    /// Everything that a client reads of a whole run.
    mutating func stream(_ events: [NumberedEvent]) -> String {
        var stream = ByteBuffer()
        for event in events {
            guard var frames = frames(for: event) else { continue }
            stream.writeBuffer(&frames)
        }
        if var ending = ending() { stream.writeBuffer(&ending) }
        return String(buffer: stream)
    }
}
