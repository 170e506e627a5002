internal import Database

/// Tries again while the database may come back, for a limited time.
struct Patience: Sendable {
    let limit: Duration

    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.seconds(1)

    /// - Throws: the last error; `CancellationError`.
    func callAsFunction<T: Sendable>(_ work: @Sendable () async throws -> T) async throws -> T {
        let end = ContinuousClock.now + limit
        var pause = Self.firstPause
        while true {
            do {
                return try await work()
            } catch let error as DatabaseError where error.isRetryable && .now + pause < end {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }
}
