import Foundation
import Testing

@testable import VidSift

@Suite("The pace at which YouTube is asked") struct YouTubePaceTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private static let limits = YouTubePace.Limits(requestsPerHour: 100, spacing: .seconds(2))

    private func after(_ seconds: Double) -> Date { Self.start.addingTimeInterval(seconds) }

    @Test("the first request is made at once, and the next waits for its turn")
    func spacing() {
        var pace = YouTubePace()
        let permissions = [0, 0, 1].map { pace.take(1, Self.limits, now: after($0), chance: 0.5) }
        #expect(
            permissions == [.zero, .seconds(2), .seconds(3)].map { .granted(after: $0, blocks: 0) })
    }

    @Test("whoever asks greedily gets no more than the hour's requests in any hour", arguments: [0.0, 0.5, 0.99])
    func hourly(chance: Double) {
        var pace = YouTubePace()
        var sent: [Double] = []
        var now = 0.0
        while now < 4 * 3_600 {
            switch pace.take(1, Self.limits, now: after(now), chance: chance) {
            case .granted(let wait, _):
                sent.append(now + wait / .seconds(1))
                now = sent.last ?? now
            case .spent(let wait): now += wait / .seconds(1)
            case .blocked: Issue.record("nobody has refused")
            }
        }
        let worst = sent.map { start in sent.count { $0 >= start && $0 < start + 3_600 } }.max() ?? 0
        #expect(worst <= 100)
        // And nearly all of what is allowed is used.
        #expect(sent.count >= 4 * 85)
    }

    @Test("a call of many requests is counted whole, and is let through although it is more than a burst")
    func manyRequests() {
        var pace = YouTubePace()
        let first = pace.take(20, Self.limits, now: after(0), chance: 0)
        #expect(first == .granted(after: .zero, blocks: 0))
        guard case .spent(let wait) = pace.take(1, Self.limits, now: after(0), chance: 0) else {
            Issue.record("expected to be told to come back")
            return
        }
        #expect(wait > .seconds(20 * 36 / 2))
    }

    @Test("requests that were put back can be made by others, and a probe that was not made is left to another")
    func givenBack() {
        var pace = YouTubePace()
        let first = pace.take(20, Self.limits, now: after(0), chance: 0)
        pace.giveBack(20, Self.limits, blocks: 0, now: after(0))
        #expect(first == .granted(after: .zero, blocks: 0) && pace.fullAt == after(0))

        pace.refused(because: "too many requests", blocks: 0, now: after(0), chance: 0)
        #expect(pace.take(1, Self.limits, now: after(300), chance: 0) == .granted(after: .zero, blocks: 1))
        pace.giveBack(1, Self.limits, blocks: 1, now: after(301))
        #expect(pace.take(1, Self.limits, now: after(302), chance: 0) == .granted(after: .zero, blocks: 1))
    }

    @Test("after a refusal nobody asks, then one probes, and each further refusal doubles the pause")
    func blocks() {
        var pace = YouTubePace()
        _ = pace.take(1, Self.limits, now: after(0), chance: 0)
        pace.refused(because: "too many requests", blocks: 0, now: after(0), chance: 0)
        let first = pace.pause(at: after(0))
        #expect(first == .seconds(225))
        let early = pace.take(1, Self.limits, now: after(100), chance: 0)
        #expect(early == .blocked(for: .seconds(125), reason: "too many requests"))
        // One probes, the others wait for what comes of it.
        let probe = pace.take(1, Self.limits, now: after(226), chance: 0)
        #expect(probe == .granted(after: .zero, blocks: 1))
        guard case .blocked = pace.take(1, Self.limits, now: after(226), chance: 0) else {
            Issue.record("two probe at once")
            return
        }
        pace.refused(because: "again", blocks: 1, now: after(230), chance: 0)
        #expect(pace.pause(at: after(230)) == .seconds(450))
        #expect(pace.blocks == 2)
    }

    @Test("requests that were under way together are refused once, and an answer to an older one does not lift a block")
    func underWay() {
        var pace = YouTubePace()
        pace.refused(because: "a", blocks: 0, now: after(0), chance: 0)
        pace.refused(because: "b", blocks: 0, now: after(1), chance: 0)
        #expect(pace.blocks == 1 && pace.pause(at: after(0)) == .seconds(225))
        let older = pace.answered(blocks: 0)
        #expect(!older && pace.blocks == 1)
        let probe = pace.answered(blocks: 1)
        #expect(probe)
        #expect(pace == YouTubePace(nextAt: pace.nextAt, fullAt: pace.fullAt))
    }

    @Test("what YouTube asks for is waited for; no pause is longer than the longest")
    func requested() {
        var pace = YouTubePace()
        pace.refused(because: "", blocks: 0, requested: .seconds(3_600), now: after(0), chance: 0)
        #expect(pace.pause(at: after(0)) == .seconds(3_600))
        for blocks in 1..<100 {
            pace.refused(because: "", blocks: blocks, requested: .seconds(1_000_000), now: after(0), chance: 0.99)
            #expect(pace.pause(at: after(0)) <= .seconds(YouTubePace.longestPause))
        }
    }

    /// A day with storms of refusals in it: what YouTube says is decided by the minute.
    @Test("a day of blocks: no hour above the budget, no request in a pause, and all that is wanted is had")
    func day() {
        var pace = YouTubePace()
        var (wanted, now, asked, asksInPause) = (600, 0.0, [Double](), 0)
        while wanted > 0, now < 24 * 3_600 {
            let isPaused = pace.blockedUntil > after(now)
            switch pace.take(4, Self.limits, now: after(now), chance: 0.3) {
            case .granted(let wait, let blocks):
                if isPaused { asksInPause += 1 }
                now += wait / .seconds(1)
                asked += [now, now + 1, now + 2, now + 3]
                // Refuses from the second to the fourth hour, and a quarter of an hour in the ninth.
                let isStorm = (2 * 3_600..<4 * 3_600).contains(now) || (8 * 3_600..<8.25 * 3_600).contains(now)
                if isStorm {
                    pace.refused(because: "429", blocks: blocks, now: after(now), chance: 0.3)
                } else {
                    _ = pace.answered(blocks: blocks)
                    wanted -= 1
                }
            case .spent(let wait): now += wait / .seconds(1)
            case .blocked(let wait, _): now += wait / .seconds(1)
            }
        }
        #expect(asksInPause == 0)
        let inStorm = asked.count { (2 * 3_600..<4 * 3_600).contains($0) } / 4
        #expect((1...8).contains(inStorm), "\(inStorm) asked in two hours of refusals")
        let worst = asked.map { start in asked.count { $0 >= start && $0 < start + 3_600 } }.max() ?? 0
        #expect(worst <= 100)
        // 600 videos of four requests at 100 an hour would take a day without any storm.
        #expect(wanted < 150)
    }
}
