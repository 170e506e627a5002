internal import Hummingbird
internal import Logging
internal import NIOCore

/// Writes a run's events as server-sent events while they happen.
///
/// One task makes the events, one watches the time, and the caller's own writes; they begin and end together. When the
/// client leaves, the caller's task is cancelled and the run with it.
struct AnswerStream: Sendable {
    let ask: Ask
    let run: Ask.Run
    let timing: StreamTiming
    let logger: Logger
    /// Ends the connection.
    let disconnect: @Sendable () -> Void

    private static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    /// Returns when the last event is written.
    ///
    /// - Throws: `CancellationError` when the client has left; what the writer throws.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let frames = FrameHandover()
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await produce(into: frames) }
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

    private func produce(into frames: FrameHandover) async {
        defer { frames.close() }
        var number = 0
        do {
            try await ask.answer(run) { event in
                number += 1
                try await frames.send(Self.frame(number, event))
            }
        } catch is CancellationError {
            logger.debug("the client left", metadata: ["run": "\(run.id)"])
        } catch {
            logger.error("an answer failed", metadata: ["run": "\(run.id)", "error": "\(String(reflecting: error))"])
            let problem = Problem(error)
            let failure = AnswerEvent.failed(
                message: problem.detail, code: problem.code.rawValue, isRetryable: problem.isRetryable)
            // Refused only when the client has left as well: then nobody is there to be told.
            try? await frames.send(Self.frame(number + 1, failure))
        }
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
                    logger.notice("a reader that took nothing was disconnected", metadata: ["run": "\(run.id)"])
                    return disconnect()
                }
            }
            // What it waits for may begin meanwhile, so it never sleeps longer than the shorter of its two limits.
            let latest = ContinuousClock.now + min(timing.keepAlive, timing.maximumStall)
            try await Task.sleep(until: min(deadline, latest), clock: .continuous)
        }
    }

    /// `id`, `data` and an empty line.
    static func frame(_ number: Int, _ event: AnswerEvent) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeStaticString("id: ")
        buffer.writeString(String(number))
        buffer.writeStaticString("\ndata: ")
        var json = JSONWriter(buffer)
        event.write(to: &json)
        buffer = json.buffer
        buffer.writeStaticString("\n\n")
        return buffer
    }
}
