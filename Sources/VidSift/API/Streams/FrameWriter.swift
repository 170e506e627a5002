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
    /// - Throws: `CancellationError` when nobody will take it.
    func send(_ frame: ByteBuffer) async throws {
        guard await begin() else { throw CancellationError() }
        await write(frame)
        if case .closed = standing { throw CancellationError() }
    }

    /// Writes a frame of no meaning, unless one is being written.
    func interject(_ frame: ByteBuffer) async {
        if begin(orWait: nil) == true { await write(frame) }
    }

    /// Lets nobody write any more.
    func close() { end(.closed(nil)) }

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
                state = .writing(since: since, next: next ?? waiter)
                return nil
            case .closed:
                return false
            }
        }
    }

    private func write(_ frame: ByteBuffer) async {
        do {
            try await writer.write(frame)
            end(.silent(since: .now))
        } catch {
            end(.closed(error))
        }
    }

    private func end(_ new: State) {
        let (waiter, mayWrite) = state.withLock { state in
            guard case .writing(_, let next) = state else {
                if case .silent = state { state = new }
                return (nil as CheckedContinuation<Bool, Never>?, false)
            }
            if case .silent = new, next != nil {
                state = .writing(since: .now, next: nil)
                return (next, true)
            }
            state = new
            return (next, false)
        }
        waiter?.resume(returning: mayWrite)
    }
}
