internal import HTTPTypes
internal import NIOCore

/// The events as they are, each with its number, by which a reader resumes.
struct NativeRendering: AnswerRendering {
    var headers: HTTPFields { [:] }

    mutating func write(_ event: NumberedEvent, to stream: inout ByteBuffer) {
        // What is not stored can't be resumed after.
        if event.number > 0 {
            stream.writeStaticString("id: ")
            stream.writeString(String(event.number))
            stream.writeStaticString("\n")
        }
        stream.writeStaticString("data: ")
        stream.writeJSON { json in event.event.write(to: &json) }
        stream.writeStaticString("\n\n")
    }

    mutating func writeEnding(to stream: inout ByteBuffer) {}
}
