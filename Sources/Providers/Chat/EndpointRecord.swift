internal import Synchronization

/// What is known of an endpoint from one request to the next: whether it works, and what a chat endpoint takes.
final class EndpointRecord: Sendable {
    private let breaker: Mutex<CircuitBreaker>
    private let learned = Mutex(ChatDialect())
    private let elapsed: @Sendable () -> Duration
    private let service: EndpointService

    init(_ policy: CircuitBreaker.Policy, _ clock: any Clock<Duration>, service: EndpointService = .chat) {
        self.service = service
        breaker = Mutex(CircuitBreaker(policy))
        elapsed = Self.stopwatch(clock)
    }

    private static func stopwatch(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    /// The time since this record was begun.
    var now: Duration { elapsed() }

    var standing: CircuitBreaker.Standing {
        let now = now
        return breaker.withLock { $0.standing(at: now) }
    }

    var isOpen: Bool {
        if case .closed = standing { false } else { true }
    }

    /// - Throws: ``ProviderError`` where the endpoint is being left alone.
    func admit() throws -> CircuitBreaker.Permit {
        let now = now
        switch breaker.withLock({ $0.admit(at: now) }) {
        case .admitted(let permit): return permit
        case .refused(let wait):
            throw ProviderError(
                .unavailable, "The \(service.name) failed several times in a row, and is left alone for a while.",
                retryAfter: wait)
        }
    }

    func begin(_ permit: CircuitBreaker.Permit) { breaker.withLock { $0.begin(permit) } }
    func succeed(_ permit: CircuitBreaker.Permit) { breaker.withLock { $0.succeed(permit) } }

    func abandon(_ permit: CircuitBreaker.Permit) {
        let now = now
        breaker.withLock { $0.abandon(permit, at: now) }
    }

    func fail(_ permit: CircuitBreaker.Permit, _ error: ProviderError) {
        if error.isRetryable {
            let now = now
            breaker.withLock { $0.fail(permit, retryAfter: error.retryAfter, at: now) }
        } else if error.kind == .closed {
            abandon(permit)
        } else {
            // It answered, if only to refuse.
            succeed(permit)
        }
    }

    var dialect: ChatDialect { learned.withLock(\.self) }

    /// Whether the request, sent in `dialect`, should be sent in the one that is known now.
    func learn(from error: ProviderError, in dialect: ChatDialect) -> Bool {
        var better = dialect
        guard better.learn(from: error) else { return false }
        return learned.withLock { current in
            // Another question may have taught it already, or something else.
            if current == dialect { current = better }
            return current != dialect
        }
    }
}
