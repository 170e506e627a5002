internal import Synchronization

/// A run that this process makes.
final class HostedRun: Sendable {
    /// Why it is stopped before its end.
    enum Stop: Sendable {
        /// Its owner wishes it.
        case wished
        /// Nobody has read it for the grace's time.
        case unfollowed
        /// The process ends.
        case shutdown
        /// It took longer than a run may.
        case tookTooLong
        /// Somebody else has ended it, or it is gone.
        case lost
        /// Its events can't be stored.
        case unstored(any Error)
    }

    /// What there is of the answer.
    struct Answer: Sendable {
        var text = ""
        var citations: [Citation] = []
        /// The last event, which is stored with the end.
        var last: AnswerEvent?
    }

    private struct State {
        var answer = Answer()
        var stop: Stop?
        var production: Task<Void, any Error>?
        var isReadElsewhere = false
    }

    let id: RunID
    let session: SessionID
    let owner: String
    let receipt: RunReceipt
    let feed = RunFeed()
    let startedAt = ContinuousClock.now
    private let state = Mutex(State())

    init(_ run: Ask.Run) {
        id = run.id
        session = run.session
        owner = run.owner
        receipt = run.receipt
    }

    /// The task that makes the answer; it is cancelled when the run is stopped.
    func begin(_ production: Task<Void, any Error>) {
        let isStopped = state.withLock { state in
            state.production = production
            return state.stop != nil
        }
        if isStopped { production.cancel() }
    }

    /// The answer is made, or not: it can't be stopped any more.
    ///
    /// - Returns: what there is of it, and why it was stopped, where it was.
    func end() -> (Answer, Stop?) {
        state.withLock { state in
            state.production = nil
            return (state.answer, state.stop)
        }
    }

    /// Stops the making; the first reason counts.
    func stop(_ reason: Stop) {
        let production = state.withLock { state in
            state.stop = state.stop ?? reason
            return state.production
        }
        production?.cancel()
    }

    /// Takes note of an event.
    ///
    /// - Returns: whether it is one of those that go before the last.
    func note(_ event: AnswerEvent) -> Bool {
        state.withLock { state in
            guard state.answer.last == nil else { return false }
            switch event {
            case .content(let text): state.answer.text += text
            case .citation(let citation): state.answer.citations.append(citation)
            case .session, .sources: break
            case .done, .failed:
                state.answer.last = event
                return false
            }
            return true
        }
    }

    /// Whether somebody reads it on another instance.
    var isReadElsewhere: Bool { state.withLock(\.isReadElsewhere) }

    func setReadElsewhere(_ isRead: Bool) {
        state.withLock { $0.isReadElsewhere = isRead }
        if isRead { feed.isReadElsewhere() }
    }
}
