internal import NIOCore
internal import Synchronization

/// Hands the frames of a stream from the task that makes them to the one that writes them, one at a time: whoever makes
/// the next one waits until the last one was taken, so a slow reader holds the answer up and memory stays bounded.
final class FrameHandover: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the writing side is doing.
    enum Standing: Sendable {
        /// It has waited for a frame since then.
        case silent(since: Instant)
        /// It has been writing a frame since then.
        case writing(since: Instant)
        case closed
    }

    private struct Offer {
        var frame: ByteBuffer
        /// Resumed with whether the frame was taken.
        var maker: CheckedContinuation<Bool, Never>
    }

    private enum State {
        case writing(since: Instant, next: Offer?)
        case waiting(CheckedContinuation<ByteBuffer?, Never>, since: Instant)
        case closed
    }

    /// Resumes whoever waits, once the lock is free again: cancelling a task holds that task's own lock while it calls
    /// `close()`, and resuming the task wants it.
    private typealias Wake = @Sendable () -> Void

    private let state = Mutex(State.writing(since: .now, next: nil))

    /// Hands a frame over and waits until it was taken. One task at a time may do so.
    ///
    /// - Throws: `CancellationError` when nobody will take it.
    func send(_ frame: ByteBuffer) async throws {
        let wasTaken = await withCheckedContinuation { maker in
            let wake = state.withLock { state -> Wake in
                switch state {
                case .writing(let since, nil):
                    state = .writing(since: since, next: Offer(frame: frame, maker: maker))
                    return {}
                case .waiting(let writer, _):
                    state = .writing(since: .now, next: nil)
                    return {
                        writer.resume(returning: frame)
                        maker.resume(returning: true)
                    }
                case .writing, .closed:
                    return { maker.resume(returning: false) }
                }
            }
            wake()
        }
        guard wasTaken else { throw CancellationError() }
    }

    /// The next frame to write; nil at the end. The frame before counts as written.
    func next() async -> ByteBuffer? {
        await withCheckedContinuation { writer in
            let wake = state.withLock { state -> Wake in
                switch state {
                case .writing(_, let offer?):
                    state = .writing(since: .now, next: nil)
                    return {
                        offer.maker.resume(returning: true)
                        writer.resume(returning: offer.frame)
                    }
                case .writing(_, nil):
                    state = .waiting(writer, since: .now)
                    return {}
                case .waiting, .closed:
                    return { writer.resume(returning: nil) }
                }
            }
            wake()
        }
    }

    /// Gives the writing side a frame of no meaning, if it waits.
    func interject(_ frame: ByteBuffer) {
        let wake = state.withLock { state -> Wake in
            guard case .waiting(let writer, _) = state else { return {} }
            state = .writing(since: .now, next: nil)
            return { writer.resume(returning: frame) }
        }
        wake()
    }

    /// Ends it for both sides.
    func close() {
        let wake = state.withLock { state -> Wake in
            defer { state = .closed }
            switch state {
            case .writing(_, let offer): return { offer?.maker.resume(returning: false) }
            case .waiting(let writer, _): return { writer.resume(returning: nil) }
            case .closed: return {}
            }
        }
        wake()
    }

    var standing: Standing {
        state.withLock { state in
            switch state {
            case .writing(let since, _): .writing(since: since)
            case .waiting(_, let since): .silent(since: since)
            case .closed: .closed
            }
        }
    }
}
