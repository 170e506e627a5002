import Testing

@testable import VidSift

@Suite struct WakeUpTests {
    private static let farAway = Duration.seconds(3_600)

    @Test("a signal before the wait is not lost, and many are one")
    func before() async {
        let wakeUp = WakeUp()
        wakeUp.signal()
        wakeUp.signal()
        await wakeUp.wait(atMost: Self.farAway)
        let start = ContinuousClock.now
        await wakeUp.wait(atMost: .milliseconds(20))
        #expect(ContinuousClock.now - start >= .milliseconds(20), "the second signal was part of the first")
    }

    @Test("a signal ends a wait that has begun, again and again")
    func during() async {
        let wakeUp = WakeUp()
        for _ in 0..<100 {
            async let waiting: Void = wakeUp.wait(atMost: Self.farAway)
            wakeUp.signal()
            await waiting
        }
    }

    @Test("a cancelled wait ends at once")
    func cancelled() async {
        let wakeUp = WakeUp()
        let task = Task { await wakeUp.wait(atMost: Self.farAway) }
        task.cancel()
        await task.value
    }
}
