internal import Logging
internal import ServiceLifecycle

/// Makes an event of each change of a state that is looked at again and again, and a last one when it has ended.
struct StateFollower<State: Sendable>: Sendable {
    let timing: StreamTiming
    let logger: Logger
    /// Nil where what is followed is gone.
    let look: @Sendable () async throws -> State?
    let isSame: @Sendable (State, State) -> Bool
    let hasEnded: @Sendable (State) -> Bool
    /// Writes the fields of an event.
    let write: @Sendable (State, inout JSONWriter) -> Void

    /// A look that takes long is not repeated so soon: at most this share of the time is spent looking.
    private static var shareOfLooking: Int { 20 }

    /// Ends with the state, with the client, and with the server.
    func produce(into frames: FrameWriter) async {
        await cancelWhenGracefulShutdown {
            var number = 0
            do {
                try await follow { event in
                    number += 1
                    try await frames.send(EventStream.frame(number) { json in json.object(event) })
                }
            } catch is CancellationError {
                logger.debug("nobody follows any more")
            } catch {
                logger.error("following failed", metadata: ["error": "\(String(reflecting: error))"])
                let problem = Problem(error)
                // Refused only when the client has left as well: then nobody is there to be told.
                try? await frames.send(EventStream.frame(number + 1) { problem.write(to: &$0) })
            }
        }
    }

    private func follow(_ send: ((inout JSONWriter) -> Void) async throws -> Void) async throws {
        var last: State?
        while true {
            let begin = ContinuousClock.now
            guard let state = try await look() else { throw Problem.notFound("It is not there any more.") }
            let took = ContinuousClock.now - begin
            if hasEnded(state) {
                return try await send { json in
                    json.field("type", "done")
                    json.field("done", true)
                    write(state, &json)
                }
            }
            if last.map({ !isSame($0, state) }) ?? true {
                try await send { json in
                    json.field("type", "status")
                    json.field("done", false)
                    write(state, &json)
                }
                last = state
            }
            try await Task.sleep(for: max(timing.poll, took * Self.shareOfLooking))
        }
    }
}

extension Problem {
    /// Writes the problem as the last event of a stream.
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("type", "error")
            json.field("error", detail)
            json.field("code", code.rawValue)
            json.field("retryable", isRetryable)
        }
    }
}
