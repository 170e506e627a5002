package import Database

/// What a worker does with jobs of one kind: bound in the composition root.
package struct JobBinding: Sendable {
    package var kind: JobKind
    /// How many at a time in one worker.
    package var slots: Int
    /// How long one attempt may take.
    package var timeLimit: Duration
    package var policy: RetryPolicy
    /// Whether a record of what was done is kept.
    package var isArchived: Bool
    let run: @Sendable (RunningJob) async throws -> JobOutcome
    let onBuried: @Sendable (Job, String, Transaction) async throws -> Void
    let onRedriven: @Sendable (ArchivedJob, Transaction) async throws -> Void

    /// - Parameters:
    ///   - onBuried: runs in the transaction that gives a job up or cancels it, before it; the reason is for people.
    ///   - onRedriven: runs in the transaction that puts a job which was given up back to work.
    package init<Payload: JobPayload>(
        _ payload: Payload.Type, slots: Int = 1, timeLimit: Duration = Self.usualTimeLimit,
        policy: RetryPolicy = RetryPolicy(), isArchived: Bool = true,
        onBuried: @escaping @Sendable (Job, String, Transaction) async throws -> Void = { _, _, _ in },
        onRedriven: @escaping @Sendable (ArchivedJob, Transaction) async throws -> Void = { _, _ in },
        _ handler: @escaping @Sendable (Payload, RunningJob) async throws -> JobOutcome
    ) {
        kind = Payload.kind
        self.slots = max(1, slots)
        self.timeLimit = timeLimit
        self.policy = policy
        self.isArchived = isArchived
        self.onBuried = onBuried
        self.onRedriven = onRedriven
        run = { running in
            do {
                return try await handler(Payload.decode(running.job), running)
            } catch let error as JobPayloadError {
                switch error {
                // A newer program may know it: it is kept for that.
                case .unknownVersion:
                    running.note(error)
                    return .sleep(until: .after(Self.unknownVersionPause), reason: error.description)
                case .malformed: return .buried(reason: error.description)
                }
            }
        }
    }

    /// How long one attempt may take unless a kind says otherwise.
    package static let usualTimeLimit = Duration.seconds(3_600)
    /// How long a job waits for a program that knows its payload.
    package static let unknownVersionPause = Duration.seconds(60)
}
