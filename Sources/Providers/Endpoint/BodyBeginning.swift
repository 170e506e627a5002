internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// The beginning of an answer's body, as much of it as comes in time.
final class BodyBeginning: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let maximumBytes: Int

    private init(_ maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// At most `maximumBytes` of what has come of `body` when it ends, breaks off, or `end` is there.
    static func read(
        _ body: HTTPClientResponse.Body, _ maximumBytes: Int, until end: ContinuousClock.Instant
    ) async -> [UInt8] {
        let beginning = BodyBeginning(maximumBytes)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await beginning.read(body) }
            group.addTask { try? await ContinuousClock().sleep(until: end) }
            await group.next()
            group.cancelAll()
        }
        return beginning.bytes.withLock { $0 }
    }

    private func read(_ body: HTTPClientResponse.Body) async {
        do {
            for try await chunk in body where add(chunk) >= maximumBytes { return }
        } catch {
            // What came of it is enough.
        }
    }

    private func add(_ chunk: ByteBuffer) -> Int {
        bytes.withLock { bytes in
            bytes += chunk.readableBytesView.prefix(maximumBytes - bytes.count)
            return bytes.count
        }
    }
}
