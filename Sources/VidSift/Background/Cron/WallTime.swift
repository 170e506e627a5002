/// A day of the Gregorian calendar, before 1582 too.
struct CalendarDay: Hashable {
    var year: Int
    var month: Int
    var day: Int

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    init(daysSince1970 days: Int) {
        // Eras of 400 years, of years that begin in March: then the leap day is a year's last.
        let (era, dayOfEra) = (days + 719_468).dividedDown(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The same source, `days_from_civil`.
    var daysSince1970: Int {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).dividedDown(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Sunday is 0; 1 January 1970 was a Thursday.
    var dayOfWeek: Int { (daysSince1970 + 4).dividedDown(by: 7).remainder }

    var daysInMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    mutating func startNextMonth() {
        day = 1
        month = month == 12 ? 1 : month + 1
        if month == 1 { year += 1 }
    }
}

extension Int {
    static let secondsPerDay = 86_400

    fileprivate func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension CronExpression {
    /// The calendar repeats itself after 400 years: a day that isn't found within them doesn't exist.
    private static let monthsUntilRepeat = 400 * 12

    /// - Parameter start: a time of the wall clock, in seconds since 1 January 1970 by the same clock.
    /// - Returns: nil for no expression that was parsed: parsing refuses one that is never due.
    func firstWallTime(from start: Int) -> Int? {
        let (day, second) = start.dividedDown(by: .secondsPerDay)
        let today = CalendarDay(daysSince1970: day)
        if firstDay(from: today, months: 1) == today, let second = firstSecond(from: second) {
            return day * .secondsPerDay + second
        }
        guard let next = firstDay(from: CalendarDay(daysSince1970: day + 1)) else { return nil }
        return firstSecond(from: 0).map { next.daysSince1970 * .secondsPerDay + $0 }
    }

    func firstDay(from start: CalendarDay, months: Int = monthsUntilRepeat + 1) -> CalendarDay? {
        var day = start
        for _ in 0..<months {
            if month.contains(day.month), let found = days(ofMonthWith: day).first(from: day.day) {
                day.day = found
                return day
            }
            day.startNextMonth()
        }
        return nil
    }

    private func days(ofMonthWith day: CalendarDay) -> CronValues {
        var first = day
        first.day = 1
        // As if the month began on a Sunday.
        var weekdays: UInt64 = 0
        for week in 0...5 { weekdays |= dayOfWeek.bits << (7 * week + 1) }
        let byWeekday = weekdays >> first.dayOfWeek
        let either = !dayOfMonth.isStarred && !dayOfWeek.isStarred
        let days = either ? dayOfMonth.bits | byWeekday : dayOfMonth.bits & byWeekday
        return CronValues(bits: days & (1 << (day.daysInMonth + 1) - 1))
    }

    /// - Parameter start: a second of the day.
    private func firstSecond(from start: Int) -> Int? {
        let (hour, minute, second) = (start / 3_600, start / 60 % 60, start % 60)
        if self.hour.contains(hour) {
            if self.minute.contains(minute), let second = self.second.first(from: second) {
                return hour * 3_600 + minute * 60 + second
            }
            if let minute = self.minute.first(from: minute + 1) { return hour * 3_600 + minute * 60 + firstSecond }
        }
        return self.hour.first(from: hour + 1).map { $0 * 3_600 + firstMinute * 60 + firstSecond }
    }

    private var firstMinute: Int { minute.bits.trailingZeroBitCount }
    private var firstSecond: Int { second.bits.trailingZeroBitCount }
}
