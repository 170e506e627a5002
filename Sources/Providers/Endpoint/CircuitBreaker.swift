/// Keeps requests from an endpoint that fails: a pure value that is told the time, so that every rule has a test.
///
/// Closed, it lets requests through; several failures in a row open it, and requests fail at once. After a pause one request
/// is let through as a probe: when it is answered the breaker closes, when not the next pause is longer.
public struct CircuitBreaker: Sendable, Equatable {
    /// When it opens, and for how long.
    public struct Policy: Sendable, Equatable {
        /// The failures in a row that open it.
        public var threshold: Int
        /// The first pause; doubled each time that a probe fails.
        public var firstPause: Duration
        /// No pause is longer, unless the endpoint asks for it.
        public var maximumPause: Duration

        /// The defaults: after five failures, for 5 to 60 seconds.
        public init(threshold: Int = 5, firstPause: Duration = .seconds(5), maximumPause: Duration = .seconds(60)) {
            self.threshold = threshold
            self.firstPause = firstPause
            self.maximumPause = maximumPause
        }
    }

    /// How things stand, for people and for monitoring.
    public enum Standing: Sendable, Equatable {
        /// Requests go through; so many failed in a row.
        case closed(failures: Int)
        /// Requests fail at once, for so long.
        case open(retryAfter: Duration)
        /// One request is being tried.
        case halfOpen
    }

    /// Leave to send a request; what became of it is reported with it.
    struct Permit: Sendable, Equatable {
        fileprivate var era: Int
    }

    /// What is said to a request.
    enum Admission: Sendable, Equatable {
        case admitted(Permit)
        case refused(retryAfter: Duration)
    }

    private enum State: Equatable {
        case closed(failures: Int)
        case open(until: Duration)
        case halfOpen
    }

    /// How long a request is told to wait while a probe is under way.
    private static let probeWait = Duration.seconds(1)

    private let policy: Policy
    private var state = State.closed(failures: 0)
    private var pause: Duration
    /// What is reported of requests from before the last opening, or of probes before the last, says nothing of now.
    private var era = 0

    init(_ policy: Policy = Policy()) {
        self.policy = policy
        pause = policy.firstPause
    }

    func standing(at now: Duration) -> Standing {
        switch state {
        case .closed(let failures): .closed(failures: failures)
        case .open(let until): .open(retryAfter: max(.zero, until - now))
        case .halfOpen: .halfOpen
        }
    }

    /// Asks for leave to send a request. Its end must be reported by ``succeed(_:)``, ``fail(_:retryAfter:at:)`` or
    /// ``abandon(_:at:)``.
    mutating func admit(at now: Duration) -> Admission {
        switch state {
        case .closed: break
        case .halfOpen: return .refused(retryAfter: Self.probeWait)
        case .open(let until):
            guard now >= until else { return .refused(retryAfter: until - now) }
            state = .halfOpen
            era += 1
        }
        return .admitted(Permit(era: era))
    }

    /// The answer has begun: a probe has shown enough for others to be let through, until the next failure.
    mutating func begin(_ permit: Permit) {
        guard permit.era == era, state == .halfOpen else { return }
        state = .closed(failures: policy.threshold - 1)
    }

    /// The endpoint answered; an answer that refuses the request is one, too.
    mutating func succeed(_ permit: Permit) {
        guard permit.era == era else { return }
        state = .closed(failures: 0)
        pause = policy.firstPause
    }

    /// The endpoint failed in a way that may pass.
    mutating func fail(_ permit: Permit, retryAfter: Duration?, at now: Duration) {
        guard permit.era == era else { return }
        switch state {
        case .closed(let failures) where failures + 1 < policy.threshold: state = .closed(failures: failures + 1)
        case .closed, .halfOpen:
            state = .open(until: now + max(pause, retryAfter ?? .zero))
            pause = min(pause * 2, policy.maximumPause)
            era += 1
        case .open: break
        }
    }

    /// The request was given up from our side, and shows nothing.
    mutating func abandon(_ permit: Permit, at now: Duration) {
        guard permit.era == era, state == .halfOpen else { return }
        state = .open(until: now)
        era += 1
    }
}
