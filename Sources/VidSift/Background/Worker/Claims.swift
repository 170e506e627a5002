/// Which kinds are worth a claim: those that were found empty are left alone until there is news.
struct Claims: Sendable {
    typealias Instant = ContinuousClock.Instant

    let kinds: [JobKind]
    private let poll: Duration
    private var empty: Set<JobKind> = []
    private var nextLook: Instant?

    init(kinds: [JobKind], poll: Duration) {
        self.kinds = kinds.sorted { $0.rawValue < $1.rawValue }
        self.poll = poll
    }

    mutating func mayHaveNew() {
        empty = []
    }

    /// Fewer were found than there were places for.
    mutating func isEmpty(_ kind: JobKind) {
        empty.insert(kind)
    }

    func isLookDue(at now: Instant) -> Bool { nextLook.map { $0 <= now } ?? true }

    mutating func didLook(at now: Instant) {
        nextLook = now + poll
    }

    /// What to claim, with that many places free.
    func wanted(_ free: [JobKind: Int]) -> [(kind: JobKind, limit: Int)] {
        kinds.filter { !empty.contains($0) }.compactMap { kind in
            free[kind].map { (kind, min($0, Job.largestClaim)) }
        }
    }

    /// Whether another claim is worth it at once.
    func hasMore(_ free: [JobKind: Int]) -> Bool { !wanted(free).isEmpty }
}
