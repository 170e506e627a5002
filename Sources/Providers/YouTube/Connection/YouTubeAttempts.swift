/// Sends a request again while that can help.
struct YouTubeAttempts: Sendable {
    var policy: RetryPolicy
    var clock: any Clock<Duration>
    /// A random number from 0 to 1.
    var jitter: @Sendable () -> Double

    /// The result of the first attempt that succeeds; otherwise the error of the last one.
    ///
    /// - Parameter permission: Is asked before each attempt; what it throws ends them.
    func run<Value: Sendable>(
        permission: @Sendable () async throws -> Void, _ attempt: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await run(clock, permission, attempt)
    }

    private func run<Value: Sendable, C: Clock>(
        _ clock: C, _ permission: @Sendable () async throws -> Void, _ attempt: @Sendable () async throws -> Value
    ) async throws -> Value where C.Duration == Duration {
        let start = clock.now
        var number = 1
        while true {
            try await permission()
            do {
                return try await attempt()
            } catch let error as ProviderError {
                let decision = policy.decide(
                    after: error, attempt: number, elapsed: start.duration(to: clock.now), jitter: jitter())
                switch decision {
                case .giveUp: throw error
                case .retry(let delay): try await clock.sleep(for: delay)
                }
            }
            number += 1
        }
    }
}
