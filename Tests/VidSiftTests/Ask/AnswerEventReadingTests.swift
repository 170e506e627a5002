import Captions
import Database
import NIOCore
import Providers
import Testing

@testable import VidSift

@Suite("Stored events") struct AnswerEventReadingTests {
    private static let hard = "“é” e\u{301} \u{1F41D}\u{10FFFF}\u{0}\u{1}\u{7F}\u{2028}\u{2029} \"\\\r\n\t</script>"

    private static func citation(youtubeID: String?, status: Citation.Status) -> Citation {
        Citation(
            number: 3,
            video: VideoReference(
                id: VideoID(), youtubeID: youtubeID, title: hard, pageBase: "https://example.org/videos/below"),
            start: MediaTime(milliseconds: 3_723_004), end: MediaTime(milliseconds: 3_730_999), text: hard,
            precision: .cue, status: status)
    }

    private static let events: [AnswerEvent] = [
        .session(SessionID(), run: RunID(), question: hard),
        .sources([], Coverage(inScope: 0, searched: 0, withoutTranscript: 0, pending: 0)),
        .sources(
            [
                .init(
                    number: 1,
                    video: VideoReference(id: VideoID(), youtubeID: "dQw4w9WgXcQ", title: hard, pageBase: "x"),
                    start: .zero, end: MediaTime(milliseconds: 1), text: hard, score: 0.123_456),
                .init(
                    number: 2, video: VideoReference(id: VideoID(), youtubeID: nil, title: "", pageBase: "x"),
                    start: MediaTime(milliseconds: 999), end: MediaTime(milliseconds: 10_000), text: "", score: .nan),
            ], Coverage(inScope: 9, searched: 8, withoutTranscript: 7, pending: 6)),
        .content(""), .content(hard),
        .citation(citation(youtubeID: nil, status: .verified)),
        .citation(citation(youtubeID: "dQw4w9WgXcQ", status: .unsupported)),
        .done(
            .init(
                citations: [citation(youtubeID: nil, status: .close)], reason: nil,
                timings: .init(rewrite: 0.125, embed: 1, search: 2.5, firstToken: 1_234.567, total: 99_999.9),
                usage: TokenUsage(promptTokens: 1, completionTokens: 2))),
        .done(.init(citations: [], reason: .lowConfidence, timings: .init())),
        .done(.init(citations: [], timings: .init(), finish: .length)),
        .done(.stopped(citing: [citation(youtubeID: nil, status: .close)])),
        .failed(message: hard, code: "not_ready", isRetryable: true),
    ]

    @Test("each event is read as it was written", arguments: events.indices)
    func roundTrip(index: Int) throws {
        let event = Self.events[index]
        let read = try AnswerEvent(json: event.json, pageBase: "x")
        #expect(read.name == event.name)
        #expect(read.json == event.json)
        #expect([read].text.unicodeScalars.elementsEqual([event].text.unicodeScalars))
    }

    @Test("a citation's link stays the one that was sent, whatever the reader's own address is")
    func links() throws {
        let citation = Self.citation(youtubeID: nil, status: .verified)
        guard case .citation(let read) = try AnswerEvent(json: AnswerEvent.citation(citation).json, pageBase: "other")
        else { return #expect(Bool(false)) }
        #expect(read == citation)
    }

    @Test(
        "what is no event is an error",
        arguments: ["", "{}", "[]", #"{"type":"surprise"}"#, #"{"type":"content"}"#, #"{"type":"citation","n":1}"#])
    func unreadable(json: String) {
        #expect(throws: UnreadableEvent.self) { _ = try AnswerEvent(json: json) }
    }
}
