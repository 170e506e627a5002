internal import CPostgres

/// The types that values are sent and read as, by their object identifiers (`pg_type.dat`), which never change.
enum PostgresType: Oid {
    case boolean = 16
    case bytea = 17
    case char = 18
    case name = 19
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case oid = 26
    case json = 114
    case float4 = 700
    case float8 = 701
    case unknown = 705
    case bpchar = 1042
    case varchar = 1043
    case date = 1082
    case timestamp = 1114
    case timestamptz = 1184
    case numeric = 1700
    case void = 2278
    case uuid = 2950
    case jsonb = 3802

    /// The type that the server is told for a value: 0 where it is to find out by itself, so that a text can become
    /// a `uuid`, a `json` or a `text`.
    static func parameterOid(of value: SQLValue) -> Oid {
        switch value {
        case .null, .text: 0
        case .integer: int8.rawValue
        case .real: float8.rawValue
        case .boolean: boolean.rawValue
        case .blob: bytea.rawValue
        case .time: timestamptz.rawValue
        }
    }
}

/// PostgreSQL's times: microseconds since 2000 UTC, where ours count from 1970.
enum PostgresTime {
    /// 2000-01-01 in microseconds since 1970.
    static let epoch: Int64 = 946_684_800_000_000
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// 2000-01-01 in days since 1970.
    static let epochDay: Int64 = 10_957

    /// The number to send. The ends of our range are PostgreSQL's infinities.
    static func encode(_ microseconds: Int64) -> Int64 {
        guard microseconds != .max else { return .max }
        let (result, isTooEarly) = microseconds.subtractingReportingOverflow(epoch)
        return isTooEarly ? .min : result
    }

    /// `nil` where the time is beyond our range, in the year 294,247.
    static func decode(_ microseconds: Int64) -> Int64? {
        guard microseconds != .max, microseconds != .min else { return microseconds }
        let (result, isTooLate) = microseconds.addingReportingOverflow(epoch)
        return isTooLate ? nil : result
    }

    /// `nil` where the day is beyond our range.
    static func decode(day: Int32) -> Int64? {
        switch day {
        case .max: return .max
        case .min: return .min
        default:
            let (result, isBeyond) = (Int64(day) + epochDay).multipliedReportingOverflow(by: microsecondsPerDay)
            return isBeyond ? nil : result
        }
    }
}
