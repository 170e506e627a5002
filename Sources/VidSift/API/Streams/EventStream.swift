internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Writes server-sent events while they are made.
///
/// One task makes the events and writes them, one watches the time; they begin and end together. When the client leaves,
/// the making is cancelled.
struct EventStream: Sendable {
    let timing: StreamTiming
    let logger: Logger
    /// Ends the connection.
    let disconnect: @Sendable () -> Void
    /// Makes the frames. Whatever fails after the start is for it to tell.
    let produce: @Sendable (FrameWriter) async -> Void

    private static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    init(
        timing: StreamTiming, _ context: APIContext, produce: @escaping @Sendable (FrameWriter) async -> Void
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
                try await write(to: FrameWriter(writer), whileThereIs: request.body)
            })
    }

    /// Returns when the end is written.
    ///
    /// - Throws: `CancellationError` when the client has left; what the writer throws.
    private func write(to frames: FrameWriter, whileThereIs body: RequestBody) async throws {
        // Waited for at once. It is a task of its own so that it can be cancelled by the end of the connection.
        let making = Task {
            await produce(frames)
            await frames.finish()
        }
        let hasLeft = try await withTaskCancellationHandler {
            try await body.consumeWithInboundCloseHandler { _ in
                await withTaskGroup(of: Void.self) { group in
                    // Cancelled at the end: then there is nothing left to watch.
                    group.addTask { try? await watch(frames) }
                    await making.value
                    group.cancelAll()
                }
                return making.isCancelled
            } onInboundClosed: {
                // Comes at the end in any case.
                making.cancel()
            }
        } onCancel: {
            making.cancel()
        }
        try frames.check()
        if hasLeft { throw CancellationError() }
    }

    /// Breaks the silence, and gives up a reader that takes nothing.
    private func watch(_ frames: FrameWriter) async throws {
        while true {
            let deadline: ContinuousClock.Instant
            switch frames.standing {
            case .closed: return
            case .silent(let since):
                deadline = since + timing.keepAlive
                if deadline <= .now {
                    try await breakSilence(of: frames)
                    continue
                }
            case .writing(let since):
                deadline = since + timing.maximumStall
                if deadline <= .now { return giveUp() }
            }
            // What it waits for may begin meanwhile, so it never sleeps longer than the shorter of its two limits.
            let latest = ContinuousClock.now + min(timing.keepAlive, timing.maximumStall)
            try await Task.sleep(until: min(deadline, latest), clock: .continuous)
        }
    }

    /// Two tasks, because a reader may not take this frame either: then the time runs out, and he is given up.
    private func breakSilence(of frames: FrameWriter) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await frames.interject(Self.keepAlive) }
            group.addTask {
                try await Task.sleep(for: timing.maximumStall)
                giveUp()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func giveUp() {
        logger.notice("a reader that took nothing was disconnected")
        disconnect()
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
