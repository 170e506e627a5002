import Testing

@testable import Providers

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private static let policy = CircuitBreaker.Policy(
        threshold: 3, firstPause: .seconds(5), maximumPause: .seconds(12))
    private var breaker = CircuitBreaker(CircuitBreakerTests.policy)

    @Test("opens after so many failures in a row, and refuses with the time that is left")
    mutating func opens() throws {
        for _ in 0..<2 { try fail(at: .seconds(1)) }
        #expect(breaker.standing(at: .seconds(1)) == .closed(failures: 2))
        try fail(at: .seconds(1))
        #expect(breaker.standing(at: .seconds(2)) == .open(retryAfter: .seconds(4)))
        #expect(breaker.admit(at: .seconds(2)) == .refused(retryAfter: .seconds(4)))
    }

    @Test("starts counting anew after an answer")
    mutating func success() throws {
        for _ in 0..<5 {
            for _ in 0..<2 { try fail(at: .zero) }
            breaker.succeed(try permit(at: .zero))
        }
        #expect(breaker.standing(at: .zero) == .closed(failures: 0))
    }

    @Test("lets one probe through after the pause, and no other request meanwhile")
    mutating func probe() throws {
        try open(at: .zero)
        let probe = try permit(at: .seconds(5))
        #expect(breaker.standing(at: .seconds(5)) == .halfOpen)
        #expect(breaker.admit(at: .seconds(5)) == .refused(retryAfter: .seconds(1)))
        breaker.succeed(probe)
        #expect(breaker.standing(at: .seconds(5)) == .closed(failures: 0))
    }

    @Test("waits longer each time that a probe fails, up to the maximum, and from the start after an answer")
    mutating func growingPauses() throws {
        try open(at: .zero)
        try fail(at: .seconds(5))
        #expect(breaker.standing(at: .seconds(5)) == .open(retryAfter: .seconds(10)))
        try fail(at: .seconds(15))
        #expect(breaker.standing(at: .seconds(15)) == .open(retryAfter: .seconds(12)))
        breaker.succeed(try permit(at: .seconds(27)))
        try open(at: .seconds(30))
        #expect(breaker.standing(at: .seconds(30)) == .open(retryAfter: .seconds(5)))
    }

    @Test("never pauses for less than the endpoint asks")
    mutating func retryAfter() throws {
        for _ in 0..<3 { breaker.fail(try permit(at: .zero), retryAfter: .seconds(90), at: .zero) }
        #expect(breaker.standing(at: .zero) == .open(retryAfter: .seconds(90)))
    }

    @Test("closes on probation when a probe's answer begins: the next failure opens it again, for longer")
    mutating func probation() throws {
        try open(at: .zero)
        let probe = try permit(at: .seconds(5))
        breaker.begin(probe)
        let other = try permit(at: .seconds(5))
        breaker.fail(probe, retryAfter: nil, at: .seconds(6))
        #expect(breaker.standing(at: .seconds(6)) == .open(retryAfter: .seconds(10)))
        breaker.succeed(other)
        #expect(breaker.standing(at: .seconds(6)) == .open(retryAfter: .seconds(10)))
    }

    @Test("lets the next probe through at once when one was given up")
    mutating func abandoned() throws {
        try open(at: .zero)
        let probe = try permit(at: .seconds(5))
        breaker.abandon(probe, at: .seconds(6))
        let next = try permit(at: .seconds(6))
        breaker.fail(probe, retryAfter: nil, at: .seconds(7))
        #expect(breaker.standing(at: .seconds(7)) == .halfOpen)
        breaker.succeed(next)
        #expect(breaker.standing(at: .seconds(7)) == .closed(failures: 0))
    }

    @Test("does not count what was sent before it opened")
    mutating func lateReports() throws {
        let late = try (0..<10).map { _ in try permit(at: .zero) }
        try open(at: .zero)
        for permit in late { breaker.fail(permit, retryAfter: nil, at: .seconds(4)) }
        #expect(breaker.standing(at: .seconds(4)) == .open(retryAfter: .seconds(1)))
        breaker.succeed(late[0])
        #expect(breaker.standing(at: .seconds(4)) == .open(retryAfter: .seconds(1)))
    }

    private mutating func open(at now: Duration) throws {
        for _ in 0..<3 { try fail(at: now) }
    }

    private mutating func fail(at now: Duration) throws {
        breaker.fail(try permit(at: now), retryAfter: nil, at: now)
    }

    private mutating func permit(at now: Duration) throws -> CircuitBreaker.Permit {
        guard case .admitted(let permit) = breaker.admit(at: now) else {
            throw ProviderError(.unavailable, "refused at \(now)")
        }
        return permit
    }
}
