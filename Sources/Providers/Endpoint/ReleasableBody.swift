internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// The body of a request that can be let go while the answer still comes: the client itself keeps a request until its
/// answer has ended, which for the stream of a language model takes a while.
final class ReleasableBody: Sendable {
    private struct State {
        var bytes: ByteBuffer?
        var isRead = false
        var isReleased = false

        mutating func letGo() {
            if isRead, isReleased { bytes = nil }
        }
    }

    private let state: Mutex<State>
    private let length: Int

    init(_ bytes: ByteBuffer) {
        length = bytes.readableBytes
        state = Mutex(State(bytes: bytes))
    }

    /// Lets go of it once it was read: whoever answers before he has read the request is still sent what was announced.
    func release() {
        state.withLock { state in
            state.isReleased = true
            state.letGo()
        }
    }

    /// For the client, which may read it several times.
    var body: HTTPClientRequest.Body { .stream(self, length: .known(Int64(length))) }
}

extension ReleasableBody: AsyncSequence {
    typealias Element = ByteBuffer

    func makeAsyncIterator() -> AsyncIterator {
        let bytes = state.withLock { state in
            defer {
                state.isRead = true
                state.letGo()
            }
            return state.bytes
        }
        return AsyncIterator(bytes: bytes)
    }

    /// Gives all of it at once.
    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var bytes: ByteBuffer?

        mutating func next() async -> ByteBuffer? { bytes.take() }
    }
}
