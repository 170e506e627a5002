internal import HTTPTypes
internal import NIOCore

/// The chunks of OpenAI's chat completions.
struct OpenAIRendering: AnswerRendering {
    /// What all chunks begin with, up to the choices.
    private let head: ByteBuffer
    private let asksForUsage: Bool
    private var ranges = CitedRanges()

    /// - Parameter asksForUsage: whether a last chunk tells what was counted.
    init(_ completion: ChatCompletion, asksForUsage: Bool) {
        var head = ByteBuffer(string: "data: {")
        head.writeJSON { json in
            completion.writeFields(to: &json, object: "chat.completion.chunk")
            json.key("choices")
        }
        self.head = head
        self.asksForUsage = asksForUsage
    }

    var headers: HTTPFields { [:] }

    mutating func write(_ event: NumberedEvent, to stream: inout ByteBuffer) {
        switch event.event {
        case .session:
            writeChoice(to: &stream) { json in
                json.field("role", "assistant")
                json.field("content", "")
            }
        case .sources: break
        case .content(let text):
            guard !text.isEmpty else { return }
            ranges.append(text)
            writeChoice(to: &stream) { $0.field("content", text) }
        case .citation(let citation):
            let annotation = CitationAnnotation(citation: citation, range: ranges.range(of: citation))
            writeChoice(to: &stream) { json in
                json.key("annotations")
                [annotation].write(to: &json)
            }
        case .done(let outcome):
            writeChoice(to: &stream, finishReason: ChatCompletion.finishReason(of: outcome)) { _ in }
            if asksForUsage { writeUsage(outcome, to: &stream) }
        case .failed(let message, let code, let isRetryable):
            let error = OpenAIError(
                problem: Problem(failure: message, code: code, isRetryable: isRetryable))
            stream.writeEvent(error.write)
        }
    }

    mutating func writeEnding(to stream: inout ByteBuffer) {
        stream.writeDone()
    }

    private func writeChoice(
        to stream: inout ByteBuffer, finishReason: String? = nil, _ delta: (inout JSONWriter) -> Void
    ) {
        stream.writeImmutableBuffer(head)
        stream.writeStaticString("[{\"index\":0,\"delta\":")
        stream.writeJSON { json in
            json.object(delta)
            json.field("logprobs", String?.none)
            json.field("finish_reason", finishReason)
        }
        stream.writeStaticString("}]")
        if asksForUsage { stream.writeStaticString(",\"usage\":null") }
        stream.writeStaticString("}\n\n")
    }

    private func writeUsage(_ outcome: AnswerEvent.Outcome, to stream: inout ByteBuffer) {
        stream.writeImmutableBuffer(head)
        stream.writeStaticString("[],\"usage\":")
        stream.writeJSON { json in ChatCompletion.write(outcome.usage, to: &json) }
        stream.writeStaticString("}\n\n")
    }
}
