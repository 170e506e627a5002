internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Writes server-sent events while they are made.
///
/// One task makes the events, one watches the time, and the caller's own writes; they begin and end together. When the
/// client leaves, the caller's task is cancelled and the making with it.
struct EventStream: Sendable {
    let timing: StreamTiming
    let logger: Logger
    /// Ends the connection.
    let disconnect: @Sendable () -> Void
    /// Makes the frames. Whatever fails after the start is for it to tell.
    let produce: @Sendable (FrameHandover) async -> Void

    private static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    init(
        timing: StreamTiming, _ context: APIContext, produce: @escaping @Sendable (FrameHandover) async -> Void
    ) {
        self.timing = timing
        logger = context.logger
        disconnect = { [connection = context.connection] in connection.close(promise: nil) }
        self.produce = produce
    }

    /// The stream as the answer to a request.
    func response(to request: Request) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-cache", .xAccelBuffering: "no",
                // The connection was watched for its end, so it can't carry another request.
                .connection: "close",
            ],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await write(to: &writer)
                }
                try await writer.finish(nil)
            })
    }

    /// Returns when the last event is written.
    ///
    /// - Throws: `CancellationError` when the client has left; what the writer throws.
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let frames = FrameHandover()
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await produce(frames)
                    frames.close()
                }
                group.addTask { try await watch(frames) }
                defer { frames.close() }
                while let frame = await frames.next() { try await writer.write(frame) }
                group.cancelAll()
            }
        } onCancel: {
            frames.close()
        }
        try Task.checkCancellation()
    }

    /// Breaks the silence, and gives up a reader that takes nothing.
    private func watch(_ frames: FrameHandover) async throws {
        while true {
            let deadline: ContinuousClock.Instant
            switch frames.standing {
            case .closed: return
            case .silent(let since):
                deadline = since + timing.keepAlive
                if deadline <= .now {
                    frames.interject(Self.keepAlive)
                    continue
                }
            case .writing(let since):
                deadline = since + timing.maximumStall
                if deadline <= .now {
                    logger.notice("a reader that took nothing was disconnected")
                    return disconnect()
                }
            }
            // What it waits for may begin meanwhile, so it never sleeps longer than the shorter of its two limits.
            let latest = ContinuousClock.now + min(timing.keepAlive, timing.maximumStall)
            try await Task.sleep(until: min(deadline, latest), clock: .continuous)
        }
    }

    /// `id`, `data` and an empty line.
    static func frame(_ number: Int, _ write: (inout JSONWriter) -> Void) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeStaticString("id: ")
        buffer.writeString(String(number))
        buffer.writeStaticString("\ndata: ")
        var json = JSONWriter(buffer)
        write(&json)
        buffer = json.buffer
        buffer.writeStaticString("\n\n")
        return buffer
    }
}
