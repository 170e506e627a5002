internal import Logging
internal import NIOCore

/// Makes the frames of a run's events, for as long as somebody reads them.
struct AnswerStream: Sendable {
    /// Events that are there together are sent together, up to about this size: a reader who takes nothing is noticed
    /// by the frame that he doesn't take.
    private static let frameBytes = 8 << 10

    let follower: RunFollower
    let rendering: any AnswerRendering
    /// Events up to this number are rendered, for what follows depends on them, but not sent.
    var skipped = 0
    let logger: Logger

    func produce(into frames: FrameWriter) async {
        var rendering = rendering
        do {
            try await follow { events in
                var frame = ByteBuffer()
                for event in events {
                    rendering.write(event, to: &frame)
                    if event.number <= skipped { frame.clear() }
                    guard frame.readableBytes >= Self.frameBytes else { continue }
                    try await frames.send(frame)
                    frame = ByteBuffer()
                }
                if frame.readableBytes > 0 { try await frames.send(frame) }
            }
            if let ending = rendering.ending() { try await frames.send(ending) }
        } catch is CancellationError {
            logger.debug("the client left")
        } catch {
            // Refused only when the client has left as well: then nobody is there to be told.
            try? await frames.send(failure(error, &rendering))
        }
    }

    private func follow(_ send: ([NumberedEvent]) async throws -> Void) async throws {
        while true {
            let events = try await follower.next()
            if events.isEmpty { return }
            try await send(events)
        }
    }

    private func failure(_ error: any Error, _ rendering: inout any AnswerRendering) -> ByteBuffer {
        let problem = Problem(error)
        logger.log(
            level: problem.logLevel, "a run could not be followed",
            metadata: ["error": "\(String(reflecting: error))"])
        let event = AnswerEvent.failed(
            message: problem.detail, code: problem.code.rawValue, isRetryable: problem.isRetryable)
        // It is not stored, so it has no number: whoever resumes gets what is.
        var frame = rendering.frames(for: NumberedEvent(number: 0, event: event)) ?? ByteBuffer()
        rendering.writeEnding(to: &frame)
        return frame
    }
}
