internal import Dispatch
internal import Foundation
internal import NIOCore

/// The body of a request around a file, of which one piece at a time is in memory.
struct FileBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    var head: ByteBuffer
    var path: String
    var tail: ByteBuffer

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    struct AsyncIterator: AsyncIteratorProtocol {
        private enum Step {
            case head
            case file(FilePieces)
            case end
        }

        private let body: FileBody
        private var step = Step.head

        init(body: FileBody) { self.body = body }

        /// - Throws: ``ProviderError`` where the file can't be read.
        mutating func next() async throws -> ByteBuffer? {
            switch step {
            case .head:
                step = .file(FilePieces(body.path))
                return body.head
            case .file(let pieces):
                if let piece = try await pieces.next() { return piece }
                step = .end
                return body.tail
            case .end: return nil
            }
        }
    }
}

/// Reads a file on a queue of its own: a disk that lets itself be waited for must not hold a thread of the pool.
final class FilePieces: Sendable {
    static let pieceBytes = 64 << 10

    private let path: String
    private let queue = DispatchQueue(label: "vidsift.file-pieces")
    /// Used on the queue only.
    private nonisolated(unsafe) var handle: FileHandle?

    init(_ path: String) { self.path = path }

    /// The next piece; nil at the end.
    func next() async throws -> ByteBuffer? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.read() }) }
        }
    }

    private func read() throws -> ByteBuffer? {
        do {
            let handle = try handle ?? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            self.handle = handle
            guard let piece = try handle.read(upToCount: Self.pieceBytes), !piece.isEmpty else { return nil }
            return ByteBuffer(bytes: piece)
        } catch {
            throw ProviderError(.damaged, "A sound file can't be read.", detail: "\(path): \(error)")
        }
    }
}
