import Testing

@testable import Providers

@Suite("The retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(
        maximumAttempts: 4, firstDelay: .seconds(1), maximumDelay: .seconds(3), maximumTotal: .seconds(60))

    private func decide(
        _ kind: ProviderError.Kind, retryAfter: Duration? = nil, attempt: Int = 1, elapsed: Duration = .zero,
        jitter: Double = 1
    ) -> RetryPolicy.Decision {
        policy.decide(
            after: ProviderError(kind, "", retryAfter: retryAfter), attempt: attempt, elapsed: elapsed, jitter: jitter)
    }

    @Test(
        "tries again after failures that can pass",
        arguments: [
            ProviderError.Kind.rateLimited, .unavailable, .connection, .timeout,
        ])
    func retryable(kind: ProviderError.Kind) {
        #expect(decide(kind) == .retry(after: .seconds(1)))
    }

    @Test(
        "gives up at once where waiting does not help",
        arguments: [
            ProviderError.Kind.quotaExhausted, .unauthorised, .notFound, .refused, .invalidResponse, .wrongDimensions,
            .tooLarge, .closed,
        ])
    func permanent(kind: ProviderError.Kind) {
        #expect(decide(kind, retryAfter: .seconds(1)) == .giveUp)
    }

    @Test("doubles its wait up to the maximum, half of it at random")
    func backOff() {
        #expect(decide(.timeout, attempt: 2) == .retry(after: .seconds(2)))
        #expect(decide(.timeout, attempt: 3) == .retry(after: .seconds(3)))
        #expect(decide(.timeout, attempt: 3, jitter: 0) == .retry(after: .seconds(1.5)))
        #expect(decide(.timeout, attempt: 1, jitter: 7) == .retry(after: .seconds(1)))
    }

    @Test("never waits less than it was asked to")
    func retryAfter() {
        #expect(decide(.rateLimited, retryAfter: .seconds(30), jitter: 0) == .retry(after: .seconds(30)))
        #expect(decide(.rateLimited, retryAfter: .seconds(30), jitter: 1) == .retry(after: .seconds(30.5)))
    }

    @Test("ends after its attempts, and rather than wait beyond its time")
    func bounds() {
        #expect(decide(.timeout, attempt: 4) == .giveUp)
        #expect(decide(.timeout, elapsed: .seconds(59.5)) == .giveUp)
        #expect(decide(.rateLimited, retryAfter: .seconds(61)) == .giveUp)
    }
}

@Suite("A wait that is asked for")
struct RetryHintTests {
    @Test(
        "is read from words",
        arguments: [
            ("Please try again in 2.812s. Visit", Duration.milliseconds(2812)),
            ("try again in 120ms", .milliseconds(120)),
            ("Please try again in 1m2s.", .seconds(62)), ("Try again in 1h0m5.5s", .seconds(3605.5)),
            ("try again in 20 seconds", .seconds(20)),
        ])
    func words(message: String, wait: Duration) throws {
        let found = try #require(RetryHint.wait(inMessage: message))
        #expect(abs((found - wait) / .milliseconds(1)) < 0.01)
    }

    @Test(
        "is not read from other words",
        arguments: [
            "", "try again in ", "try again in a moment", "try again in 5 parsecs", "in 5s",
            "try again in 99999999999999h",
        ])
    func otherWords(message: String) {
        #expect(RetryHint.wait(inMessage: message) == nil)
    }

    @Test("is read from headers, milliseconds first, then seconds or a date, then the words")
    func headers() {
        func wait(_ ms: String?, _ after: String?, _ date: String? = nil) -> Duration? {
            RetryHint.wait(milliseconds: ms, retryAfter: after, date: date, message: "try again in 9s")
        }
        #expect(wait("250", "7") == .milliseconds(250))
        #expect(wait(nil, "7") == .seconds(7))
        #expect(wait("nonsense", "7") == .seconds(7))
        #expect(
            wait(nil, "Sun, 06 Nov 1994 08:50:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == .seconds(23))
        #expect(wait(nil, nil) == .seconds(9))
        #expect(wait("-5", "nan") == .seconds(9))
    }

    @Test("as a date is read exactly")
    func dates() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.seconds("tomorrow") == nil)
    }
}
