/// Which kinds are worth a claim: those that were found empty are left alone until there is news.
package struct Claims: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package let kinds: [JobKind]
    private let poll: Duration
    private var empty: Set<JobKind> = []
    private var nextLook: Instant?
    private var lastNews = 0

    package init(kinds: [JobKind], poll: Duration) {
        self.kinds = kinds.sorted { $0.rawValue < $1.rawValue }
        self.poll = poll
    }

    package mutating func mayHaveNew() {
        empty = []
    }

    /// - Parameter news: the number of the last announcement.
    package mutating func heard(_ news: Int) {
        if news != lastNews { mayHaveNew() }
        lastNews = news
    }

    /// Fewer were found than there were places for.
    package mutating func isEmpty(_ kind: JobKind) {
        empty.insert(kind)
    }

    package func isLookDue(at now: Instant) -> Bool { nextLook.map { $0 <= now } ?? true }

    package mutating func didLook(at now: Instant) {
        nextLook = now + poll
    }

    /// What to claim, with that many places free.
    package func wanted(_ free: [JobKind: Int]) -> [(kind: JobKind, limit: Int)] {
        kinds.filter { !empty.contains($0) }.compactMap { kind in
            free[kind].map { (kind, min($0, Job.largestClaim)) }
        }
    }

    /// Whether another claim is worth it at once.
    package func hasMore(_ free: [JobKind: Int]) -> Bool { !wanted(free).isEmpty }
}
