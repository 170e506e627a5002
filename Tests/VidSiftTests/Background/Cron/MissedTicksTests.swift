internal import Foundation
import Testing

@testable import VidSift

@Suite struct MissedTicksTests {
    private let hourly: CronSchedule
    private let noon: Date

    init() throws {
        hourly = try CronSchedule("@hourly")
        noon = try cronTime("2026-11-24 12:00:00")
    }

    @Test("a task that has never run has its first tick after it was first seen", arguments: MissedTicks.allCases)
    func firstSeen(policy: MissedTicks) {
        let progress = CronProgress(firstSeen: noon)
        #expect(hourly.dueTicks(since: progress, now: noon, missed: policy).isEmpty)
        #expect(hourly.dueTicks(since: progress, now: noon + 3_599, missed: policy).isEmpty)
        #expect(hourly.dueTicks(since: progress, now: noon + 3_600, missed: policy) == [noon + 3_600])
    }

    @Test("a tick on record is not due again, and the next one is", arguments: MissedTicks.allCases)
    func recorded(policy: MissedTicks) {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        for seconds in [0, 0.5, 1, 1_800, 3_599.999] {
            #expect(hourly.dueTicks(since: progress, now: noon + seconds, missed: policy).isEmpty, "\(seconds)")
        }
        for seconds in [3_600, 3_600.001, 3_660] {
            let due = hourly.dueTicks(since: progress, now: noon + seconds, missed: policy)
            #expect(due == [noon + 3_600], "\(seconds)")
        }
    }

    @Test("after five hours away, `latest` gives the newest tick")
    func latest() {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        let due = hourly.dueTicks(since: progress, now: noon + 5.5 * 3_600, missed: .latest)
        #expect(due == [noon + 5 * 3_600])
    }

    @Test("after five hours away, `all` gives each tick, oldest first")
    func all() {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        let due = hourly.dueTicks(since: progress, now: noon + 5.5 * 3_600, missed: .all)
        #expect(due == [1.0, 2, 3, 4, 5].map { noon + $0 * 3_600 })
    }

    @Test("`all` gives no more than its limit at a time, and the rest, none twice, in the next looks")
    func allInTurns() throws {
        // given
        let sweep = try CronSchedule("*/10 * * * * *")
        var progress = CronProgress(firstSeen: noon)
        let now = noon + 2_505
        // when
        var counts: [Int] = []
        var ticks: [Date] = []
        repeat {
            let due = sweep.dueTicks(since: progress, now: now, missed: .all)
            counts.append(due.count)
            ticks += due
            progress.lastTick = due.last ?? progress.lastTick
        } while counts.last != 0 && counts.count < 10
        // then
        #expect(counts == [MissedTicks.mostAtOnce, MissedTicks.mostAtOnce, 50, 0])
        #expect(ticks == (1...250).map { noon + Double($0) * 10 })
    }

    @Test("`skip` gives the newest tick while it is fresh, and never an older one")
    func skip() throws {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        func due(_ seconds: Double) -> [Date] {
            hourly.dueTicks(since: progress, now: noon + seconds, missed: .skip, freshness: .seconds(30))
        }
        #expect(due(5 * 3_600 + 30) == [noon + 5 * 3_600])
        #expect(due(5 * 3_600 + 30.001).isEmpty)
        #expect(due(6 * 3_600 - 1).isEmpty)
        #expect(due(6 * 3_600) == [noon + 6 * 3_600])
        // Six ticks are fresh here, and one of them makes up for the others.
        let sweep = try CronSchedule("*/10 * * * * *")
        let swept = sweep.dueTicks(since: progress, now: noon + 301, missed: .skip)
        #expect(swept == [noon + 300])
    }

    @Test("where the clock goes back, nothing is due until it is past the last tick", arguments: MissedTicks.allCases)
    func clockGoesBack(policy: MissedTicks) {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        for seconds in stride(from: -7_200.0, to: 3_600, by: 450) {
            #expect(hourly.dueTicks(since: progress, now: noon + seconds, missed: policy).isEmpty, "\(seconds)")
            #expect(hourly.lateTick(since: progress, now: noon + seconds, tolerance: .zero) == nil)
        }
        #expect(hourly.dueTicks(since: progress, now: noon + 3_600, missed: policy) == [noon + 3_600])
    }

    @Test("with a clock that jumps about, no tick is due twice or out of order", arguments: MissedTicks.allCases)
    func jumpingClock(policy: MissedTicks) throws {
        // given
        var numbers = SeededNumbers(seed: 12)
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let schedule = try CronSchedule("*/15 1-3 * * *", in: zone)
        let start = try cronTime("2026-10-24 20:00:00")
        var progress = CronProgress(firstSeen: start)
        var recorded: [Date] = []
        var now = start
        // when
        for _ in 0..<2_000 {
            now += Double.random(in: -2_000..<2_400, using: &numbers)
            let due = schedule.dueTicks(since: progress, now: now, missed: policy, limit: 3)
            #expect(due.allSatisfy { $0 <= now })
            recorded += due
            progress.lastTick = recorded.last
        }
        // then
        #expect(recorded.count > (policy == .skip ? 3 : 20))
        #expect(zip(recorded, recorded.dropFirst()).allSatisfy { $0 < $1 })
        if policy == .all {
            #expect(recorded == schedule.ticks(after: start, through: .distantFuture, limit: recorded.count))
        }
    }

    @Test("however long a task was away, the newest tick is found at once", .timeLimit(.minutes(1)))
    func longAway() throws {
        let sweep = try CronSchedule("*/10 * * * * *")
        let progress = CronProgress(firstSeen: .distantPast)
        for _ in 0..<100 {
            #expect(sweep.dueTicks(since: progress, now: noon + 9, missed: .latest) == [noon])
            #expect(sweep.dueTicks(since: progress, now: noon + 9, missed: .skip) == [noon])
        }
    }

    @Test("a task is late once a tick without a record is older than the tolerance; the oldest one is told")
    func late() {
        let progress = CronProgress(firstSeen: noon - 86_400, lastTick: noon)
        func late(_ seconds: Double) -> Date? {
            hourly.lateTick(since: progress, now: noon + seconds, tolerance: .seconds(90))
        }
        #expect(late(3_600) == nil)
        #expect(late(3_690) == nil)
        #expect(late(3_690.5) == noon + 3_600)
        #expect(late(9 * 3_600) == noon + 3_600)
        let unseen = CronProgress(firstSeen: noon + 1_800)
        #expect(hourly.lateTick(since: unseen, now: noon + 3_600, tolerance: .seconds(90)) == nil)
        #expect(hourly.lateTick(since: unseen, now: noon + 3_691, tolerance: .seconds(90)) == noon + 3_600)
    }
}
