/// Reads values in PostgreSQL's text format. Whatever the bytes are, it gives a value or `Malformed`.
enum PostgresText {
    typealias Malformed = PostgresBinary.Malformed

    static func value(_ bytes: UnsafeRawBufferPointer, _ type: PostgresType) throws(Malformed) -> SQLValue {
        let text = try PostgresBinary.text(bytes)
        switch type {
        case .text, .varchar, .bpchar, .name, .char, .json, .jsonb, .unknown: return .text(text)
        case .uuid: return .text(text.lowercased())
        case .int2, .int4, .int8, .oid: return .integer(try unwrap(Int64(text)))
        case .float4, .float8: return .real(try unwrap(Double(text)))
        case .numeric:
            if let number = Int64(text) { return .integer(number) }
            return .real(try unwrap(Double(text)))
        case .boolean: return .boolean(try boolean(text))
        case .bytea: return .blob(try hexadecimal(bytes))
        case .timestamptz, .timestamp, .date: return .time(microseconds: try PostgresTimeText.microseconds(text))
        case .void: return .null
        }
    }

    private static func boolean(_ text: String) throws(Malformed) -> Bool {
        guard text == "t" || text == "f" else { throw Malformed() }
        return text == "t"
    }

    /// `\x` and two digits a byte. The older format of `bytea_output = escape` is not read.
    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> [UInt8] {
        guard bytes.count.isMultiple(of: 2), bytes.starts(with: #"\x"#.utf8) else { throw Malformed() }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2 - 1)
        for index in stride(from: 2, to: bytes.count, by: 2) {
            let high = try digit(bytes[index])
            let low = try digit(bytes[index + 1])
            result.append(high << 4 | low)
        }
        return result
    }

    private static func digit(_ character: UInt8) throws(Malformed) -> UInt8 {
        guard let value = Character(UnicodeScalar(character)).hexDigitValue else { throw Malformed() }
        return UInt8(value)
    }

    static func unwrap<T>(_ value: T?) throws(Malformed) -> T {
        guard let value else { throw Malformed() }
        return value
    }
}

/// Reads dates and times as `DateStyle = ISO` writes them: `2024-02-29 13:14:15.123456+05:30`, `0044-03-15 BC`.
enum PostgresTimeText {
    typealias Malformed = PostgresBinary.Malformed

    static func microseconds(_ text: String) throws(Malformed) -> Int64 {
        if text == "infinity" { return .max }
        if text == "-infinity" { return .min }
        let isBC = text.hasSuffix(" BC")
        let parts = text.dropLast(isBC ? 3 : 0).split(separator: " ", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { throw Malformed() }
        let days = try day(parts[0], isBC: isBC)
        let time = parts.count == 2 ? try timeOfDay(parts[1]) : 0
        let (start, isBeyond) = days.multipliedReportingOverflow(by: PostgresTime.microsecondsPerDay)
        let (result, isStillBeyond) = start.addingReportingOverflow(time)
        guard !isBeyond, !isStillBeyond else { throw Malformed() }
        return result
    }

    /// Days since 1970 in the Gregorian calendar, by the method of Howard Hinnant's `days_from_civil`.
    private static func day(_ text: Substring, isBC: Bool) throws(Malformed) -> Int64 {
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 3 else { throw Malformed() }
        let written = try number(fields[0], 1...300_000)
        let month = try number(fields[1], 1...12)
        let day = try number(fields[2], 1...31)
        let year = (isBC ? 1 - written : written) - (month <= 2 ? 1 : 0)
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Microseconds since midnight UTC of `13:14:15.123456+05:30`; without an offset the time is UTC.
    private static func timeOfDay(_ text: Substring) throws(Malformed) -> Int64 {
        let clock = text.prefix { $0 != "+" && $0 != "-" }
        let zone = text[clock.endIndex...]
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3 else { throw Malformed() }
        let seconds = fields[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2 else { throw Malformed() }
        let whole =
            try number(fields[0], 0...24) * 3_600 + (try number(fields[1], 0...59)) * 60
            + (try number(seconds[0], 0...60))
        let fraction = seconds.count == 2 ? try fraction(seconds[1]) : 0
        return (whole - (try offset(zone))) * 1_000_000 + fraction
    }

    private static func fraction(_ digits: Substring) throws(Malformed) -> Int64 {
        guard (1...6).contains(digits.count) else { throw Malformed() }
        return try number(digits + String(repeating: "0", count: 6 - digits.count), 0...999_999)
    }

    /// Seconds east of Greenwich: `+05:30`, `-03`, or nothing.
    private static func offset(_ zone: Substring) throws(Malformed) -> Int64 {
        guard let sign = zone.first else { return 0 }
        let fields = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(fields.count) else { throw Malformed() }
        var seconds: Int64 = 0
        for (field, unit) in zip(fields, [3_600, 60, 1] as [Int64]) { seconds += try number(field, 0...59) * unit }
        return sign == "-" ? -seconds : seconds
    }

    private static func number(
        _ digits: some StringProtocol, _ range: ClosedRange<Int64>
    ) throws(Malformed) -> Int64 {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(digits), range.contains(number)
        else { throw Malformed() }
        return number
    }
}
