internal import HTTPTypes
internal import Synchronization

/// Bounds how many streams of a sort are open at once.
final class OpenStreams: Sendable {
    /// Each looks at the database again and again.
    static let usualMaximum = 64
    private static let retryAfter = Duration.seconds(5)

    private let maximum: Int
    private let open = Mutex(0)

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// The place of one stream; it is free again when nothing holds it.
    final class Place: Sendable {
        private let streams: OpenStreams

        fileprivate init(_ streams: OpenStreams) { self.streams = streams }

        deinit { streams.open.withLock { $0 -= 1 } }
    }

    /// - Throws: `Problem` where there are as many as may be.
    func admit() throws -> Place {
        let isAdmitted = open.withLock { open in
            guard open < maximum else { return false }
            open += 1
            return true
        }
        guard isAdmitted else {
            throw Problem(
                status: .serviceUnavailable, code: .notReady, detail: "Too many streams are open.", isRetryable: true,
                retryAfter: Self.retryAfter)
        }
        return Place(self)
    }

    var count: Int { open.withLock { $0 } }
}
