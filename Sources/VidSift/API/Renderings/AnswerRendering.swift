internal import HTTPTypes
internal import NIOCore

/// Turns the events of an answer into what one sort of client reads.
///
/// It is a state machine over the whole run: who begins in the middle renders what was before, and throws it away.
protocol AnswerRendering: Sendable {
    /// What the response's head has besides that of any event stream.
    var headers: HTTPFields { get }

    /// Appends what a client reads of an event; some events are nothing to some clients.
    mutating func write(_ event: NumberedEvent, to stream: inout ByteBuffer)

    /// Appends what follows the last event.
    mutating func writeEnding(to stream: inout ByteBuffer)
}

extension AnswerRendering {
    /// The frames of an event; nil where it is nothing to the client.
    mutating func frames(for event: NumberedEvent) -> ByteBuffer? {
        frames(for: CollectionOfOne(event))
    }

    /// The frames of events that are there together, to be written together.
    mutating func frames(for events: some Sequence<NumberedEvent>) -> ByteBuffer? {
        var stream = ByteBuffer()
        for event in events { write(event, to: &stream) }
        return stream.readableBytes > 0 ? stream : nil
    }

    /// What follows the last event; nil where nothing does.
    mutating func ending() -> ByteBuffer? {
        var stream = ByteBuffer()
        writeEnding(to: &stream)
        return stream.readableBytes > 0 ? stream : nil
    }
}

extension ByteBuffer {
    /// Appends JSON without a copy of what is there.
    mutating func writeJSON(_ write: (inout JSONWriter) -> Void) {
        var bytes = ByteBuffer()
        swap(&self, &bytes)
        var json = JSONWriter(consume bytes)
        write(&json)
        self = json.buffer
    }

    /// Appends a server-sent event that is one JSON object.
    mutating func writeEvent(_ write: (inout JSONWriter) -> Void) {
        writeStaticString("data: ")
        writeJSON { json in json.object(write) }
        writeStaticString("\n\n")
    }

    /// Appends the event that says to some clients that nothing follows.
    mutating func writeDone() {
        writeStaticString("data: [DONE]\n\n")
    }
}
