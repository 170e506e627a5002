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

    private let state = Mutex(State.writing(since: .now, next: nil))

    /// Hands a frame over and waits until it was taken. One task at a time may do so.
    ///
    /// - Throws: `CancellationError` when nobody will take it.
    func send(_ frame: ByteBuffer) async throws {
        let wasTaken = await withCheckedContinuation { maker in
            let refused = state.withLock { state -> Bool in
                switch state {
                case .writing(let since, nil):
                    state = .writing(since: since, next: Offer(frame: frame, maker: maker))
                    return false
                case .waiting(let writer, _):
                    state = .writing(since: .now, next: nil)
                    writer.resume(returning: frame)
                    maker.resume(returning: true)
                    return false
                case .writing, .closed:
                    return true
                }
            }
            if refused { maker.resume(returning: false) }
        }
        guard wasTaken else { throw CancellationError() }
    }

    /// The next frame to write; nil at the end. The frame before counts as written.
    func next() async -> ByteBuffer? {
        await withCheckedContinuation { writer in
            state.withLock { state in
                switch state {
                case .writing(_, let offer?):
                    state = .writing(since: .now, next: nil)
                    offer.maker.resume(returning: true)
                    writer.resume(returning: offer.frame)
                case .writing(_, nil):
                    state = .waiting(writer, since: .now)
                case .waiting, .closed:
                    writer.resume(returning: nil)
                }
            }
        }
    }

    /// Gives the writing side a frame of no meaning, if it waits.
    func interject(_ frame: ByteBuffer) {
        state.withLock { state in
            guard case .waiting(let writer, _) = state else { return }
            state = .writing(since: .now, next: nil)
            writer.resume(returning: frame)
        }
    }

    /// Ends it for both sides.
    func close() {
        state.withLock { state in
            switch state {
            case .writing(_, let offer): offer?.maker.resume(returning: false)
            case .waiting(let writer, _): writer.resume(returning: nil)
            case .closed: break
            }
            state = .closed
        }
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
