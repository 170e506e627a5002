internal import Providers
internal import Synchronization

/// A model's answer that is wanted whole: bounded in time and length.
struct ShortAnswer: Sendable {
    var text: String
    var end: ChatEnd

    /// Why there is no answer, though the model itself did not fail.
    enum Failure: Error { case tookTooLong, isTooLong, isNotWhole }

    /// - Throws: `Failure`, `ProviderError`; `CancellationError` where the task was cancelled.
    static func of(
        _ model: any ChatModel, _ prompt: ChatPrompt, within limit: Duration, maximumBytes: Int
    ) async throws -> ShortAnswer {
        let pieces = Pieces(maximumBytes: maximumBytes)
        do {
            let end = try await withThrowingTaskGroup(of: ChatEnd.self) { group in
                group.addTask { try await model.answer(prompt) { try pieces.append($0) } }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw Failure.tookTooLong
                }
                defer { group.cancelAll() }
                guard let end = try await group.next() else { throw Failure.isNotWhole }
                return end
            }
            return ShortAnswer(text: pieces.text, end: end)
        } catch {
            try Task.checkCancellation()
            throw error is CancellationError ? Failure.isNotWhole : error
        }
    }

    /// What has come so far.
    private final class Pieces: Sendable {
        private let maximumBytes: Int
        private let joined = Mutex("")

        init(maximumBytes: Int) {
            self.maximumBytes = maximumBytes
        }

        var text: String { joined.withLock(\.self) }

        func append(_ piece: String) throws {
            try joined.withLock { text in
                guard text.utf8.count + piece.utf8.count <= maximumBytes else { throw Failure.isTooLong }
                text += piece
            }
        }
    }
}
