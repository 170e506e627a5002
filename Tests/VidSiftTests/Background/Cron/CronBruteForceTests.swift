internal import Foundation
import Testing

@testable import VidSift

/// Finds ticks by looking at the calendar minute by minute (second by second), to compare with.
@Suite struct CronBruteForceTests {
    private static let zones = [
        ("GMT", "2026-03-01 00:00:00"), ("Asia/Kathmandu", "2026-12-31 18:15:00"),
        ("America/New_York", "2026-03-08 07:00:00"), ("America/New_York", "2026-11-01 06:00:00"),
        ("Europe/Berlin", "2026-03-29 01:00:00"), ("Europe/Berlin", "2026-10-25 01:00:00"),
        ("Australia/Lord_Howe", "2026-10-03 15:30:00"), ("Australia/Lord_Howe", "2026-04-04 15:00:00"),
        ("America/Sao_Paulo", "2018-11-04 03:00:00"), ("Antarctica/Troll", "2026-03-29 01:00:00"),
    ]

    @Test("for random expressions, the next tick is the one found minute by minute", arguments: zones)
    func minutes(zone: String, change: String) throws {
        let calendar = try WallCalendar(zone: zone, around: change, days: 3, step: 60)
        try compare(with: calendar, fields: Array(CronField.allCases.dropFirst()), stars: 0.5, expressions: 250)
    }

    @Test("for random expressions with seconds, the next tick is the one found second by second", arguments: zones)
    func seconds(zone: String, change: String) throws {
        let calendar = try WallCalendar(zone: zone, around: change, days: 0.2, step: 1)
        try compare(with: calendar, fields: CronField.allCases, stars: 0.6, expressions: 150)
    }

    private func compare(with calendar: WallCalendar, fields: [CronField], stars: Double, expressions: Int) throws {
        var numbers = SeededNumbers(seed: 2_026)
        var found = 0
        for _ in 0..<expressions {
            // given
            let sample = CronSample(fields: fields, stars: stars, using: &numbers)
            // An expression for a day that doesn't exist is refused.
            guard let expression = try? CronExpression(sample.text) else { continue }
            let schedule = CronSchedule(expression, in: calendar.timeZone)
            let isNear = Bool.random(using: &numbers)
            let range = isNear ? calendar.nearChange : 0..<calendar.length * 2 / 3
            let start = calendar.start + Double.random(in: range, using: &numbers)
            // when
            let next = schedule.next(after: start)
            // then
            if let expected = calendar.firstTick(of: sample, after: start) {
                #expect(next == expected, "\(schedule) after \(start)")
                found += 1
            } else {
                #expect(next.map { $0 > calendar.end } ?? true, "\(schedule) after \(start)")
            }
        }
        #expect(found > 10)
    }
}

/// A random expression, and what each of its fields allows.
private struct CronSample {
    private(set) var text = ""
    private(set) var allowed: [CronField: [Bool]] = [.second: [true] + Array(repeating: false, count: 59)]
    private(set) var starred: Set<CronField> = []

    init(fields: [CronField], stars: Double, using numbers: inout SeededNumbers) {
        for field in fields {
            // Most days are in: else few expressions would be due within the days looked at.
            let isDay = field == .dayOfMonth || field == .month || field == .dayOfWeek
            let star = Double.random(in: 0..<1, using: &numbers) < (isDay ? 0.8 : stars)
            let items = star ? 1 : Int.random(in: 1...3, using: &numbers)
            allowed[field] = Array(repeating: false, count: 60)
            var texts: [String] = []
            for _ in 0..<items { texts.append(addItem(to: field, star: star, using: &numbers)) }
            if star { starred.insert(field) }
            text += (text.isEmpty ? "" : " ") + texts.joined(separator: ",")
        }
    }

    private mutating func addItem(to field: CronField, star: Bool, using numbers: inout SeededNumbers) -> String {
        let last =
            switch field {
            case .second, .minute: 59
            case .hour: 23
            case .dayOfMonth: 31
            case .month: 12
            case .dayOfWeek: 7
            }
        let lowest = field == .dayOfMonth || field == .month ? 1 : 0
        let low = star ? lowest : Int.random(in: lowest...last, using: &numbers)
        let high = star ? last : Int.random(in: low...last, using: &numbers)
        let step = Bool.random(using: &numbers) ? 1 : Int.random(in: 2...7, using: &numbers)
        let single = !star && Bool.random(using: &numbers)
        for value in stride(from: low, through: single ? low : high, by: step) {
            allowed[field]?[field == .dayOfWeek ? value % 7 : value] = true
        }
        if single { return "\(low)" }
        return (star ? "*" : "\(low)-\(high)") + (step == 1 ? "" : "/\(step)")
    }

    var isInterval: Bool { !starred.isDisjoint(with: [.second, .minute, .hour]) }

    func allows(_ wall: WallClock) -> Bool {
        func has(_ field: CronField, _ value: Int) -> Bool { allowed[field]?[value] ?? false }
        guard has(.second, wall.second), has(.minute, wall.minute), has(.hour, wall.hour), has(.month, wall.month)
        else { return false }
        let (day, weekday) = (has(.dayOfMonth, wall.day), has(.dayOfWeek, wall.weekday))
        return starred.isDisjoint(with: [.dayOfMonth, .dayOfWeek]) ? day || weekday : day && weekday
    }
}

/// What a clock on the wall shows.
private struct WallClock: Hashable {
    let month, day, weekday, hour, minute, second: Int
}

/// What the clocks of a zone show at each step of a few days.
private struct WallCalendar {
    private struct Step {
        let time: Date
        let wall: WallClock
        let isRepeated: Bool
        let skipped: [WallClock]
    }

    let timeZone: TimeZone
    let start: Date
    let end: Date
    private var steps: [Step] = []

    var length: Double { end.timeIntervalSince(start) }
    var nearChange: Range<Double> { length / 2 - 7_200..<length / 2 + 3_600 }

    init(zone: String, around change: String, days: Double, step: Double) throws {
        timeZone = try #require(TimeZone(identifier: zone))
        let middle = try cronTime(change)
        start = middle - days * 43_200
        end = middle + days * 43_200
        var local = Calendar(identifier: .gregorian)
        local.timeZone = timeZone
        var utc = Calendar(identifier: .gregorian)
        utc.timeZone = .gmt
        var shown: Set<WallClock> = []
        var last: Date?
        // It begins earlier, to know what is repeated.
        for time in stride(from: start - 10_800, through: end, by: step) {
            let parts = local.dateComponents([.year, .month, .day, .hour, .minute, .second], from: time)
            let wallTime = try #require(utc.date(from: parts))
            let wall = Self.wall(wallTime, utc)
            var skipped: [WallClock] = []
            while let shown = last, wallTime > shown + step {
                last = shown + step
                skipped.append(Self.wall(shown + step, utc))
            }
            let isNew = shown.insert(wall).inserted
            steps.append(Step(time: time, wall: wall, isRepeated: !isNew, skipped: skipped))
            last = wallTime
        }
    }

    private static func wall(_ time: Date, _ utc: Calendar) -> WallClock {
        let parts = utc.dateComponents([.month, .day, .weekday, .hour, .minute, .second], from: time)
        return WallClock(
            month: parts.month ?? 0, day: parts.day ?? 0, weekday: (parts.weekday ?? 0) - 1, hour: parts.hour ?? 0,
            minute: parts.minute ?? 0, second: parts.second ?? 0)
    }

    func firstTick(of sample: CronSample, after date: Date) -> Date? {
        let isInterval = sample.isInterval
        return steps.first { step in
            guard step.time > date else { return false }
            if isInterval { return sample.allows(step.wall) }
            return !step.isRepeated && sample.allows(step.wall) || step.skipped.contains(where: sample.allows)
        }?.time
    }
}
