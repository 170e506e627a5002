internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Writes the frames of a stream, one at a time: each is written before the next one is made, so a slow reader holds the
/// answer up and memory stays bounded.
///
/// Unchecked, because Hummingbird's writer is not `Sendable`: it is used by whoever has made the state `writing`, and by
/// nobody else until he has left it.
final class FrameWriter: @unchecked Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What it is doing.
    enum Standing: Sendable {
        /// Nothing was written since then.
        case silent(since: Instant)
        /// A frame has been written since then, and is not taken yet.
        case writing(since: Instant)
        case closed
    }

    private enum State {
        case silent(since: Instant)
        /// `next` is resumed when the frame is written, with whether another one can be.
        case writing(since: Instant, next: CheckedContinuation<Bool, Never>?)
        /// Nothing is written any more; what went wrong, if anything.
        case closed((any Error)?)
    }

    private let state = Mutex(State.silent(since: .now))
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    /// Writes a frame, and returns when the connection has taken it. One task at a time may do so.
    ///
    /// - Throws: `CancellationError` when it is not written: nobody will take it, or the task is cancelled.
    func send(_ frame: ByteBuffer) async throws {
        guard await begin() else { throw CancellationError() }
        try await write(frame)
    }

    /// Writes a frame of no meaning, unless one is being written.
    func interject(_ frame: ByteBuffer) async {
        // What goes wrong is told to whoever sends the next one.
        if begin(orWait: nil) == true { try? await write(frame) }
    }

    /// Writes the end of the stream; nothing is written any more.
    func finish() async {
        guard await begin() else { return }
        do {
            try await writer.finish(nil)
            end(.closed(nil))
        } catch {
            end(.closed(error))
        }
    }

    var standing: Standing {
        state.withLock { state in
            switch state {
            case .silent(let since): .silent(since: since)
            case .writing(let since, _): .writing(since: since)
            case .closed: .closed
            }
        }
    }

    /// - Throws: why it could not be written, where that is the end.
    func check() throws {
        if case .closed(let error?) = state.withLock({ $0 }) { throw error }
    }

    /// Waits for a frame that is just being written.
    ///
    /// - Returns: whether the caller may write now.
    private func begin() async -> Bool {
        if let begins = begin(orWait: nil) { return begins }
        return await withCheckedContinuation { waiter in
            if let begins = begin(orWait: waiter) { waiter.resume(returning: begins) }
        }
    }

    /// - Returns: whether the caller may write now; nil where another frame is being written.
    private func begin(orWait waiter: CheckedContinuation<Bool, Never>?) -> Bool? {
        state.withLock { state in
            switch state {
            case .silent:
                state = .writing(since: .now, next: nil)
                return true
            case .writing(let since, let next):
                guard let waiter else { return nil }
                precondition(next == nil, "two tasks send frames of one stream")
                state = .writing(since: since, next: waiter)
                return nil
            case .closed:
                return false
            }
        }
    }

    private func write(_ frame: ByteBuffer) async throws {
        do {
            try await writer.write(frame)
            end(.silent(since: .now))
        } catch is CancellationError {
            // Nothing of it was written: the stream is as it was, and can still be ended.
            end(.silent(since: .now))
            throw CancellationError()
        } catch {
            end(.closed(error))
            throw CancellationError()
        }
    }

    /// What was being written is, or is not: whoever waits is next, unless that was the end.
    private func end(_ new: State) {
        let (waiter, mayWrite) = state.withLock { state in
            var waiter: CheckedContinuation<Bool, Never>?
            if case .writing(_, let next) = state { waiter = next }
            if case .silent = new, waiter != nil {
                state = .writing(since: .now, next: nil)
                return (waiter, true)
            }
            state = new
            return (waiter, false)
        }
        waiter?.resume(returning: mayWrite)
    }
}
