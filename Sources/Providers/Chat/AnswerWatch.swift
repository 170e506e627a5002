internal import Synchronization

/// The time-outs of one answer: which of them runs just now, and until when.
final class AnswerWatch: Sendable {
    /// What is waited for.
    enum Limit: Sendable {
        /// The model's first word, with all that comes before it.
        case firstToken
        /// The next one.
        case idle
        /// The end of the body, after the model's last word.
        case end
        /// The whole answer; the only limit that runs while the reader is being waited for.
        case answer
    }

    private struct State {
        var limit: Limit
        var deadline: ContinuousClock.Instant
    }

    private let clock = ContinuousClock()
    private let limits: EndpointChatModel.Configuration
    private let end: ContinuousClock.Instant
    private let state: Mutex<State>

    init(_ limits: EndpointChatModel.Configuration) {
        self.limits = limits
        let now = clock.now
        end = now + limits.answerTimeout
        state = Mutex(State(limit: .firstToken, deadline: now + limits.firstTokenTimeout))
    }

    /// From now on this is waited for.
    func expect(_ limit: Limit) {
        let deadline =
            switch limit {
            case .firstToken: clock.now + limits.firstTokenTimeout
            case .idle: clock.now + limits.idleTimeout
            case .end: clock.now + EndpointChatModel.endTimeout
            case .answer: end
            }
        state.withLock { $0 = State(limit: limit, deadline: deadline) }
    }

    /// Waits until a limit is passed.
    func run() async throws -> Limit {
        // A limit that begins later is not slept through.
        let step = min(limits.idleTimeout, EndpointChatModel.endTimeout)
        while true {
            let now = clock.now
            let (limit, deadline) = state.withLock { ($0.limit, $0.deadline) }
            if now >= end { return .answer }
            if now >= deadline { return limit }
            try await clock.sleep(until: min(deadline, end, now + step))
        }
    }

    /// The error that a passed limit is.
    func error(_ limit: Limit) -> ProviderError {
        let what =
            switch limit {
            case .firstToken: "said nothing for \(Self.seconds(limits.firstTokenTimeout)) (first-token time-out)"
            case .idle, .end: "fell silent for \(Self.seconds(limits.idleTimeout)) in its answer (idle time-out)"
            case .answer: "took longer than \(Self.seconds(limits.answerTimeout)) for an answer (answer time-out)"
            }
        return ProviderError(.timeout, "The chat endpoint \(what).")
    }

    private static func seconds(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
