/// How long to pause between attempts that fail: longer each time, and never quite the same for two who began at once.
struct BackOff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var next: Duration

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        next = first
    }

    /// The pause before the next attempt: between half of its length and all of it.
    mutating func nextPause() -> Duration {
        defer { next = min(next * 2, longest) }
        return next * Double.random(in: 0.5...1)
    }

    /// An attempt has succeeded.
    mutating func reset() {
        next = first
    }
}
