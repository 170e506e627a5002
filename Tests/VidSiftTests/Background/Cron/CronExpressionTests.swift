import Testing

@testable import VidSift

@Suite struct CronExpressionTests {
    @Test("what is written in different ways means the same")
    func ways() throws {
        let pairs = [
            ("0 0 * * 7", "0 0 * * 0"), ("0 0 * * 5-7", "0 0 * * 0,5,6"), ("0 0 * * fri-SAT", "0 0 * * 5,6"),
            ("0 0 * jan,Dec *", "0 0 * 1,12 *"), ("0 0 * MAR-MAY *", "0 0 * 3-5 *"), ("0 0 ? * ?", "0 0 * * *"),
            ("10-40/10 * * * *", "10,20,30,40 * * * *"), ("10-45/10 * * * *", "10,20,30,40 * * * *"),
            ("05 08 * * *", "5 8 * * *"), (" \t0  0 * *\t* ", "0 0 * * *"), ("0 5-5 * * *", "0 5 * * *"),
            ("0 5 * * * *", "5 * * * *"), ("@DAILY", "@midnight"), ("@yearly", "@annually"), ("@hourly", "0 * * * *"),
            ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *"), ("@daily", "0 0 * * *"), ("@yearly", "0 0 1 1 *"),
            ("0 0 */7 * *", "0 0 */7 * ?"), ("0 0 1-31/10 * 1", "0 0 1,11,21,31 * 1"), ("0,0 0 * * *", "0 0 * * *"),
        ]
        for (one, other) in pairs {
            let (one, other) = (try CronExpression(one), try CronExpression(other))
            #expect(fields(of: one) == fields(of: other), "\(one) and \(other)")
        }
    }

    private func fields(of expression: CronExpression) -> [CronValues] {
        [
            expression.second, expression.minute, expression.hour, expression.dayOfMonth, expression.month,
            expression.dayOfWeek,
        ]
    }

    @Test("a description is what was written, with single spaces")
    func description() throws {
        #expect(try CronExpression("  */5\t0  * * MON").description == "*/5 0 * * MON")
        #expect(try CronExpression(" @daily ").description == "@daily")
    }

    @Test(
        "a bad expression is refused with the field, what was found and what was expected",
        arguments: [
            ("", "found 0 fields, expected 5 (minute hour day-of-month month day-of-week) or 6 (second first)"),
            ("* * * *", "found 4 fields, expected 5 (minute hour day-of-month month day-of-week) or 6 (second first)"),
            (
                "* * * * * * 2026",
                "found 7 fields, expected 5 (minute hour day-of-month month day-of-week) or 6 (second first)"
            ),
            ("60 * * * *", #"minute: found "60", expected 0 to 59"#),
            ("60 * * * * *", #"second: found "60", expected 0 to 59"#),
            ("* 24 * * *", #"hour: found "24", expected 0 to 23"#),
            ("* * 0 * *", #"day-of-month: found "0", expected 1 to 31"#),
            ("* * 32 * *", #"day-of-month: found "32", expected 1 to 31"#),
            ("* * * 13 *", #"month: found "13", expected 1 to 12 or JAN to DEC"#),
            ("* * * 0 *", #"month: found "0", expected 1 to 12 or JAN to DEC"#),
            ("* * * * 8", #"day-of-week: found "8", expected 0 to 7 or SUN to SAT"#),
            ("* 20-24 * * *", #"hour: found "20-24", expected 0 to 23"#),
            ("99999999999999999999 * * * *", #"minute: found "99999999999999999999", expected 0 to 59"#),
            ("-5 * * * *", #"minute: found "-5", expected 0 to 59"#),
            ("+5 * * * *", #"minute: found "+5", expected 0 to 59"#),
            ("5- * * * *", #"minute: found "5-", expected 0 to 59"#),
            ("1-2-3 * * * *", #"minute: found "1-2-3", expected 0 to 59"#),
            ("1.5 * * * *", #"minute: found "1.5", expected 0 to 59"#),
            ("٣ * * * *", #"minute: found "٣", expected 0 to 59"#),
            ("*5 * * * *", #"minute: found "*5", expected 0 to 59"#),
            ("? * * * *", #"minute: found "?", expected 0 to 59"#),
            ("* * ?/2 * *", #"day-of-month: found "?/2", expected 1 to 31"#),
            ("* * L * *", #"day-of-month: found "L", expected 1 to 31"#),
            ("* * 15W * *", #"day-of-month: found "15W", expected 1 to 31"#),
            ("* * * * MON#2", #"day-of-week: found "MON#2", expected 0 to 7 or SUN to SAT"#),
            ("* * * MON *", #"month: found "MON", expected 1 to 12 or JAN to DEC"#),
            ("* * * * monday", #"day-of-week: found "monday", expected 0 to 7 or SUN to SAT"#),
            ("0\n0 * * * *", #"minute: found "0\n0", expected 0 to 59"#),
            ("40-10 * * * *", #"minute: found "40-10", expected a range whose end is not before its start"#),
            ("* * * * FRI-SUN", #"day-of-week: found "FRI-SUN", expected a range whose end is not before its start"#),
            ("*/0 * * * *", #"minute: found "*/0", expected a step of 1 to 60"#),
            ("*/61 * * * *", #"minute: found "*/61", expected a step of 1 to 60"#),
            ("* */ * * *", #"hour: found "*/", expected a step of 1 to 24"#),
            ("* */x * * *", #"hour: found "*/x", expected a step of 1 to 24"#),
            ("* */2/3 * * *", #"hour: found "*/2/3", expected a step of 1 to 24"#),
            ("* * * * */8", #"day-of-week: found "*/8", expected a step of 1 to 7"#),
            ("3/15 * * * *", #"minute: found "3/15", expected * or a range before the step"#),
            (",5 * * * *", "minute: found an empty item, expected 0 to 59"),
            ("5,,6 * * * *", "minute: found an empty item, expected 0 to 59"),
            ("* * * * MON,", "day-of-week: found an empty item, expected 0 to 7 or SUN to SAT"),
            ("/5 * * * *", #"minute: found "/5", expected 0 to 59"#),
            (
                "@reboot",
                #"found "@reboot", expected one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"#
            ),
            (
                "@daily *",
                #"found "@daily *", expected one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually"#
            ),
            ("0 0 30 2 *", #""0 0 30 2 *" is never due: its months don't have its days"#),
            ("0 0 31 2,4,6,9,11 *", #""0 0 31 2,4,6,9,11 *" is never due: its months don't have its days"#),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: CronSyntaxError.self) { try CronExpression(text) }
        #expect(error?.description == message)
    }

    @Test("a text of the longest length is read, one of a byte more is refused, however long it is")
    func tooLong() throws {
        let longest = "* * * * " + String(repeating: "1,", count: 95) + "01"
        #expect(longest.utf8.count == CronExpression.longestText)
        #expect(try CronExpression(longest).dayOfWeek.bits == 0b10)
        for (text, length) in [(longest + " ", 201), (String(repeating: "*", count: 5_000_000), 5_000_000)] {
            let error = #expect(throws: CronSyntaxError.self) { try CronExpression(text) }
            #expect(error?.description == "a cron expression has at most 200 bytes, this one has \(length)")
        }
    }

    @Test("any text is read or refused, and what is read is due some time")
    func anyText() {
        var numbers = SeededNumbers(seed: 41)
        let alphabet = Array("0123456789012*,-/?@  JANSUMONé\u{0}#")
        var read = 0
        for _ in 0..<50_000 {
            let length = Int.random(in: 0...8, using: &numbers)
            var text = ""
            for _ in 0..<length { text.append(alphabet.randomElement(using: &numbers) ?? " ") }
            guard let expression = try? CronExpression(text + " * * *") else { continue }
            read += 1
            #expect(expression.firstWallTime(from: 0) != nil, "\(expression)")
        }
        #expect(read > 100)
    }
}
