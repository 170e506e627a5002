internal import Synchronization

/// Remembers which statements and pipelines write, by the pieces of their text, so that each is tried on a reading
/// connection only once.
final class KnownWrites: Sendable {
    /// More texts than this are not remembered; they only cost one try more.
    private static let maximumTexts = 4_096

    private let texts = Mutex<Set<[String]>>([])

    func contains(_ text: [String]) -> Bool {
        texts.withLock { $0.contains(text) }
    }

    func insert(_ text: [String]) {
        texts.withLock { texts in
            if texts.count >= Self.maximumTexts { texts.removeAll() }
            texts.insert(text)
        }
    }
}
