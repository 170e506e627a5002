public import Foundation

/// A type that can be made of one value of a row.
///
/// A type with a raw value that can be decoded needs only to declare the conformance.
public protocol SQLDecodable: Sendable {
    /// Makes the type of a value, or throws `SQLMismatch`.
    static func decode(_ value: SQLValue) throws -> Self
}

/// The value in the database is not of the type that was asked for. A row adds the name of the column.
public struct SQLMismatch: Error {
    /// What was expected, for example "a UUID".
    public let expected: String
    /// What was found instead: the kind of value, never the value.
    public let found: String

    /// - Parameters:
    ///   - expected: what was expected, for example "a UUID".
    ///   - value: what was found instead; only its kind is kept.
    public init(expected: String, found value: SQLValue) {
        self.expected = expected
        found = value.kind
    }
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    /// Makes the type of its raw value.
    public static func decode(_ value: SQLValue) throws -> Self {
        guard let result = Self(rawValue: try RawValue.decode(value)) else {
            throw SQLMismatch(expected: "a known \(Self.self)", found: value)
        }
        return result
    }
}

extension SQLValue: SQLDecodable {
    /// The value itself. A time of an engine that stores numbers is an integer.
    public static func decode(_ value: SQLValue) throws -> SQLValue { value }
}

extension Int: SQLDecodable {
    /// From an integer.
    public static func decode(_ value: SQLValue) throws -> Int {
        guard case .integer(let number) = value else { throw SQLMismatch(expected: "an integer", found: value) }
        return Int(number)
    }
}

extension Int64: SQLDecodable {
    /// From an integer.
    public static func decode(_ value: SQLValue) throws -> Int64 {
        guard case .integer(let number) = value else { throw SQLMismatch(expected: "an integer", found: value) }
        return number
    }
}

extension Double: SQLDecodable {
    /// From a real number or an integer.
    public static func decode(_ value: SQLValue) throws -> Double {
        switch value {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        default: throw SQLMismatch(expected: "a number", found: value)
        }
    }
}

extension Bool: SQLDecodable {
    /// From a truth value, or from 0 or 1.
    public static func decode(_ value: SQLValue) throws -> Bool {
        switch value {
        case .boolean(let truth): return truth
        case .integer(0): return false
        case .integer(1): return true
        default: throw SQLMismatch(expected: "a truth value", found: value)
        }
    }
}

extension String: SQLDecodable {
    /// From a text.
    public static func decode(_ value: SQLValue) throws -> String {
        guard case .text(let text) = value else { throw SQLMismatch(expected: "a text", found: value) }
        return text
    }
}

extension UUID: SQLDecodable {
    /// From its text.
    public static func decode(_ value: SQLValue) throws -> UUID {
        guard case .text(let text) = value, let uuid = UUID(uuidString: text) else {
            throw SQLMismatch(expected: "a UUID", found: value)
        }
        return uuid
    }
}

extension Date: SQLDecodable {
    /// From microseconds since 1970 UTC.
    public static func decode(_ value: SQLValue) throws -> Date {
        switch value {
        case .integer(let microseconds), .time(let microseconds):
            return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        default:
            throw SQLMismatch(expected: "a time", found: value)
        }
    }
}

extension [UInt8]: SQLDecodable {
    /// From bytes; the array is the one the engine filled, it is not copied again.
    public static func decode(_ value: SQLValue) throws -> [UInt8] {
        guard case .blob(let bytes) = value else { throw SQLMismatch(expected: "bytes", found: value) }
        return bytes
    }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    /// `nil` from `NULL`.
    public static func decode(_ value: SQLValue) throws -> Wrapped? {
        if case .null = value { return nil }
        return try Wrapped.decode(value)
    }
}
