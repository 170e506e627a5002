/// A server that can't be reached: whoever asks meanwhile is refused at once, and one at a time looks whether it is back.
struct Outage: Sendable {
    /// The first pause between two looks.
    private static let firstPause = Duration.milliseconds(100)
    /// The longest: how late the return of a server can be noticed.
    private static let longestPause = Duration.seconds(2)

    private var error: DatabaseError?
    private var nextLook = ContinuousClock.now
    private var backOff = BackOff(first: firstPause, longest: longestPause)

    /// Why there is no use in connecting just now; `nil` where it is to be tried.
    mutating func refusal(now: ContinuousClock.Instant) -> DatabaseError? {
        guard let error else { return nil }
        guard now >= nextLook else { return error }
        nextLook = now + backOff.nextPause()
        return nil
    }

    /// Connecting has failed: others need not try until the pause is over.
    mutating func begin(_ error: DatabaseError, now: ContinuousClock.Instant) {
        if self.error == nil { nextLook = now + backOff.nextPause() }
        self.error = error
    }

    /// Connecting has succeeded.
    mutating func end() {
        guard error != nil else { return }
        error = nil
        backOff.reset()
    }
}
