internal import Logging

/// Makes the frames of a run's events while they happen.
struct AnswerStream: Sendable {
    let ask: Ask
    let run: Ask.Run
    let logger: Logger

    func produce(into frames: FrameHandover) async {
        var number = 0
        do {
            try await ask.answer(run) { event in
                number += 1
                try await frames.send(EventStream.frame(number) { event.write(to: &$0) })
            }
        } catch is CancellationError {
            logger.debug("the client left", metadata: ["run": "\(run.id)"])
        } catch {
            logger.error("an answer failed", metadata: ["run": "\(run.id)", "error": "\(String(reflecting: error))"])
            let problem = Problem(error)
            let failure = AnswerEvent.failed(
                message: problem.detail, code: problem.code.rawValue, isRetryable: problem.isRetryable)
            // Refused only when the client has left as well: then nobody is there to be told.
            try? await frames.send(EventStream.frame(number + 1) { failure.write(to: &$0) })
        }
    }
}
