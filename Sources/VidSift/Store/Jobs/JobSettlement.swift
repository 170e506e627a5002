/// What becomes of a job that its worker lets go and that has not ended: computed once, then written.
package struct JobSettlement: Sendable, Hashable {
    /// What it waits for.
    package enum Next: Sendable, Hashable {
        case pending
        case scheduled
        case whenChildrenEnd
    }

    /// How the attempt goes into the history.
    package var outcome: JobAttempt.Outcome
    package var next: Next
    package var delay: Duration
    package var error: String?
    package var countsAsAttempt: Bool

    package init(
        outcome: JobAttempt.Outcome, next: Next, delay: Duration = .zero, error: String? = nil, countsAsAttempt: Bool
    ) {
        self.outcome = outcome
        self.next = next
        self.delay = delay
        self.error = error
        self.countsAsAttempt = countsAsAttempt
    }

    /// The worker ends before the work.
    package static let givenBack = JobSettlement(outcome: .interrupted, next: .pending, countsAsAttempt: false)
    /// The worker could not renew its claim.
    package static let lost = JobSettlement(outcome: .lost, next: .pending, countsAsAttempt: true)
}
