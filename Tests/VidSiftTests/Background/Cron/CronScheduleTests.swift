internal import Foundation
import Testing

@testable import VidSift

@Suite struct CronScheduleTests {
    @Test("the next tick is the one that croniter finds")
    func nextTicks() throws {
        for row in CronTables.nextTicks {
            let next = try CronSchedule(row.expression).next(after: cronTime(row.after))
            #expect(try next == cronTime(row.next), "\(row)")
        }
    }

    @Test("where the clock is set, intervals go on by it, and fixed times are due once")
    func clockChanges() throws {
        for row in CronTables.clockChanges {
            let schedule = try CronSchedule(row.expression, in: zone(row.zone))
            let ticks = try schedule.ticks(after: cronTime(row.after), through: .distantFuture, limit: row.ticks.count)
            #expect(try ticks == row.ticks.map { try cronTime($0) }, "\(row)")
        }
    }

    @Test("29 February is skipped in 2100, also where it must be a Sunday")
    func century() throws {
        let leapDay = try CronSchedule("0 0 29 2 *")
        #expect(try leapDay.next(after: cronTime("2096-02-29 00:00:00")) == cronTime("2104-02-29 00:00:00"))
        let sunday = try CronSchedule("0 0 29 2 */7")
        #expect(try sunday.next(after: cronTime("2026-01-01 00:00:00")) == cronTime("2032-02-29 00:00:00"))
        // Then come 2060 and 2088; 2116 would be next if 2100 had the day.
        #expect(try sunday.next(after: cronTime("2088-02-29 00:00:00")) == cronTime("2128-02-29 00:00:00"))
    }

    @Test("a day field that begins with * does not restrict, one that doesn't is an alternative to the other")
    func dayFields() throws {
        let start = try cronTime("2026-11-01 00:00:00")
        func days(_ text: String) throws -> [Int] {
            let ticks = try CronSchedule(text).ticks(after: start, through: cronTime("2026-11-30 23:59:59"), limit: 40)
            return ticks.map { Int($0.timeIntervalSince(start)) / 86_400 + 1 }
        }
        // In November 2026 the 2nd is a Monday.
        #expect(try days("0 0 10-12 * MON") == [2, 9, 10, 11, 12, 16, 23, 30])
        #expect(try days("0 0 */2 * MON") == [9, 23])
        #expect(try days("0 0 10-23 * */6") == [14, 15, 21, 22])
        #expect(try days("0 0 * * MON") == [2, 9, 16, 23, 30])
        #expect(try days("0 0 ? * MON") == [2, 9, 16, 23, 30])
        #expect(try days("0 0 9 * ?") == [9])
    }

    @Test("a tick is strictly after the time asked about, to the fraction of a second, also before 1970 and 2001")
    func fractions() throws {
        let sweep = try CronSchedule("*/10 * * * * *")
        for text in ["2026-11-24 10:00:10", "1969-12-31 23:59:50", "2001-01-01 00:00:00", "1901-05-06 07:08:20"] {
            let tick = try cronTime(text)
            #expect(sweep.next(after: tick) == tick + 10)
            #expect(sweep.next(after: tick + 0.001) == tick + 10)
            #expect(sweep.next(after: tick + 9.999) == tick + 10)
            #expect(sweep.next(after: tick - 0.001) == tick)
            #expect(sweep.next(after: tick - 9.999) == tick)
            #expect(sweep.next(after: tick - 10) == tick)
        }
        let tiny = Date(timeIntervalSinceReferenceDate: -1e-9)
        #expect(sweep.next(after: tiny) == Date(timeIntervalSinceReferenceDate: 0))
    }

    @Test("outside of the years 1 to 9999 there is no tick, and no time is too odd to be asked about")
    func bounds() throws {
        for zone in [TimeZone.gmt, try zone("America/New_York"), try zone("Pacific/Kiritimati")] {
            let minutes = try CronSchedule("0 * * * * *", in: zone)
            let leapDays = try CronSchedule("0 0 29 2 *", in: zone)
            let times = [
                -Double.infinity, .infinity, .nan, 1e300, -1e300, 9e18, -9e18, 253_402_300_800 - 978_307_200, -1e13,
            ]
            for time in times {
                #expect(minutes.next(after: Date(timeIntervalSinceReferenceDate: time)) == nil, "\(time)")
            }
            #expect(leapDays.next(after: Date(timeIntervalSince1970: 253_402_300_799)) == nil)
            #expect(leapDays.next(after: Date(timeIntervalSince1970: 253_390_000_000)) == nil)
            #expect(leapDays.next(after: .distantPast) != nil)
            #expect(minutes.next(after: .distantPast) != nil)
            #expect(minutes.next(after: .distantFuture) == .distantFuture + 60)
            #expect(minutes.ticks(after: .distantFuture, through: .distantPast, limit: 5).isEmpty)
            let end = minutes.lastTick(after: .distantFuture, through: Date(timeIntervalSince1970: .infinity))
            #expect(end == Date(timeIntervalSince1970: 253_402_300_740))
        }
    }

    @Test("ticks are those in a half-open interval, oldest first, and no more than asked for")
    func interval() throws {
        let schedule = try CronSchedule("*/15 * * * *")
        let start = try cronTime("2026-11-24 10:00:00")
        let hour = [15.0, 30, 45, 60].map { start + $0 * 60 }
        #expect(schedule.ticks(after: start, through: start + 3_600, limit: 100) == hour)
        #expect(schedule.ticks(after: start, through: start + 3_599.9, limit: 100) == Array(hour.prefix(3)))
        #expect(schedule.ticks(after: start, through: start + 3_600, limit: 2) == Array(hour.prefix(2)))
        #expect(schedule.ticks(after: start, through: start + 3_600, limit: 0).isEmpty)
        #expect(schedule.ticks(after: start, through: start + 899, limit: 100).isEmpty)
        #expect(schedule.ticks(after: start, through: start, limit: 100).isEmpty)
    }

    @Test("the last tick of an interval is the last one that going through it finds")
    func lastTick() throws {
        var numbers = SeededNumbers(seed: 7)
        let start = try cronTime("2026-10-24 00:00:00")
        var found = 0
        for text in ["*/10 * * * *", "30 2 * * *", "0,30 1-3 * * *", "* 2 25 * *", "17 3 26 10 *"] {
            let schedule = try CronSchedule(text, in: zone("Europe/Berlin"))
            for _ in 0..<100 {
                let from = start + Double.random(in: 0..<200_000, using: &numbers)
                let end = from + Double.random(in: -1_000..<100_000, using: &numbers)
                let last = schedule.ticks(after: from, through: end, limit: .max).last
                #expect(schedule.lastTick(after: from, through: end) == last, "\(text) \(from) \(end)")
                found += last == nil ? 0 : 1
            }
        }
        #expect(found > 100)
    }

    @Test("a schedule describes itself by its expression and its zone")
    func description() throws {
        #expect(try CronSchedule("0 */6 * * *").description == "0 */6 * * * (GMT)")
        let berlin = try CronSchedule("@daily", in: zone("Europe/Berlin"))
        #expect(berlin.description == "@daily (Europe/Berlin)")
    }

    private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }
}
