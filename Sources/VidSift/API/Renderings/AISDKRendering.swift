internal import Captions
internal import HTTPTypes
internal import NIOCore

/// The UI message stream of Vercel's AI SDK, versions 5 and 6: one message, whose id is the run's.
///
/// Its clients check each part against a strict schema: no field that they don't know, and no null. So `finish` has no
/// `finishReason`, which version 5 doesn't know. Data parts have ids: a stream that is replayed replaces them.
struct AISDKRendering: AnswerRendering {
    /// The one text of the message.
    private static let textID = "text"

    let run: RunID
    private var hasStarted = false
    private var isTextOpen = false
    private var citations = 0

    init(run: RunID) {
        self.run = run
    }

    var headers: HTTPFields { [.xVercelAIUIMessageStream: "v1"] }

    mutating func write(_ event: NumberedEvent, to stream: inout ByteBuffer) {
        start(&stream)
        switch event.event {
        case .session(let session, let run, let question):
            stream.writeData("data-session", id: "session") { json in
                json.object { json in
                    json.field("sessionId", session.description)
                    json.field("runId", run.description)
                    json.field("question", question)
                }
            }
        case .sources(_, let coverage):
            stream.writeData("data-coverage", id: "coverage", coverage.write)
        case .content(let text): write(text, to: &stream)
        case .citation(let citation): write(citation, to: &stream)
        case .done(let outcome):
            endText(&stream)
            stream.writePart("finish") { json in
                json.key("messageMetadata")
                json.object(outcome.writeMetadata)
            }
        case .failed(let message, _, _):
            endText(&stream)
            stream.writePart("error") { $0.field("errorText", message) }
        }
    }

    mutating func writeEnding(to stream: inout ByteBuffer) {
        stream.writeDone()
    }

    private mutating func start(_ stream: inout ByteBuffer) {
        guard !hasStarted else { return }
        hasStarted = true
        stream.writePart("start") { $0.field("messageId", run.description) }
    }

    private mutating func write(_ text: String, to stream: inout ByteBuffer) {
        guard !text.isEmpty else { return }
        if !isTextOpen {
            isTextOpen = true
            stream.writePart("text-start") { $0.field("id", Self.textID) }
        }
        stream.writePart("text-delta") { json in
            json.field("id", Self.textID)
            json.field("delta", text)
        }
    }

    private mutating func endText(_ stream: inout ByteBuffer) {
        guard isTextOpen else { return }
        isTextOpen = false
        stream.writePart("text-end") { $0.field("id", Self.textID) }
    }

    private mutating func write(_ citation: Citation, to stream: inout ByteBuffer) {
        citations += 1
        let id = "citation-\(citations)"
        stream.writePart("source-url") { json in
            json.field("sourceId", id)
            json.field("url", citation.video.url(at: citation.start))
            json.field("title", citation.video.title)
        }
        stream.writeData("data-citation", id: id) { json in
            json.object { citation.writeFields(to: &$0, withNulls: false) }
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writePart(_ type: String, _ fields: (inout JSONWriter) -> Void) {
        writeEvent { json in
            json.field("type", type)
            fields(&json)
        }
    }

    fileprivate mutating func writeData(_ type: String, id: String, _ value: (inout JSONWriter) -> Void) {
        writePart(type) { json in
            json.field("id", id)
            json.key("data")
            value(&json)
        }
    }
}

extension AnswerEvent.Outcome {
    fileprivate func writeMetadata(to json: inout JSONWriter) {
        json.field("answered", isAnswered)
        if let reasonName { json.field("reason", reasonName) }
    }
}
