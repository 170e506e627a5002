internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// The body of a request that can be let go while the answer still comes: the client itself keeps a request until its
/// answer has ended, which for the stream of a language model takes a while.
final class ReleasableBody: Sendable {
    private let bytes: Mutex<ByteBuffer?>
    private let length: Int

    init(_ bytes: ByteBuffer) {
        length = bytes.readableBytes
        self.bytes = Mutex(bytes)
    }

    /// Lets go of it: it can't be sent any more.
    func release() { bytes.withLock { $0 = nil } }

    /// For the client, which may read it several times.
    var body: HTTPClientRequest.Body { .stream(self, length: .known(Int64(length))) }
}

extension ReleasableBody: AsyncSequence {
    typealias Element = ByteBuffer

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes.withLock(\.self)) }

    /// Gives all of it at once.
    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var bytes: ByteBuffer?

        mutating func next() async -> ByteBuffer? { bytes.take() }
    }
}
