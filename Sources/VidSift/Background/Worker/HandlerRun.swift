internal import Logging
internal import Synchronization

/// Runs one handler, and waits for it no longer than it deserves.
///
/// The handler has a task of its own, which is cancelled when the attempt is stopped. One that does not end then is
/// given up on: its job goes back to the queue, its place stays taken until it ends, and whatever it still writes is
/// refused by the fence.
final class HandlerRun: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Result<JobOutcome, any Error>, Never>)
        case ended(Result<JobOutcome, any Error>)
    }

    private let running: RunningJob
    private let binding: JobBinding
    private let shift: Shift
    private let state = Mutex(State.running)

    init(_ running: RunningJob, _ binding: JobBinding, on shift: Shift) {
        self.running = running
        self.binding = binding
        self.shift = shift
    }

    func result() async -> Result<JobOutcome, any Error> {
        let work = Task {
            do {
                end(with: .success(try await binding.run(running)))
            } catch {
                end(with: .failure(error))
            }
            shift.handlerEnded(running)
        }
        let stop: @Sendable () -> Void = { self.stop(work) }
        if shift.board.withLock({ $0.canCancel(running.claim, stop) }) { stop() }
        return await withCheckedContinuation { continuation in
            let ended = state.withLock { state -> Result<JobOutcome, any Error>? in
                if case .ended(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    /// Cancels the handler; after a while nobody waits for it any more.
    private func stop(_ work: Task<Void, Never>) {
        work.cancel()
        Task {
            // Nobody cancels this task.
            try? await Task.sleep(for: shift.timing.abandon)
            if end(with: .failure(CancellationError())) {
                shift.logger.error(
                    "a handler does not end when it is told to", metadata: ["job": "\(running.job.description)"])
            }
        }
    }

    /// The first end counts.
    @discardableResult
    private func end(with result: Result<JobOutcome, any Error>) -> Bool {
        let (isFirst, waiter) = state.withLock {
            state -> (Bool, CheckedContinuation<Result<JobOutcome, any Error>, Never>?) in
            switch state {
            case .running:
                state = .ended(result)
                return (true, nil)
            case .waiting(let continuation):
                state = .ended(result)
                return (true, continuation)
            case .ended: return (false, nil)
            }
        }
        waiter?.resume(returning: result)
        return isFirst
    }
}
