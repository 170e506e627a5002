public import Foundation

/// One value as it travels between the program and the database, the same for every engine.
public enum SQLValue: Sendable, Hashable {
    /// SQL's `NULL`.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// True or false; an engine without such a type stores 1 or 0.
    case boolean(Bool)
    /// A text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
    /// A moment, in microseconds since 1970 UTC.
    case time(microseconds: Int64)

    /// The name of the kind of value, for messages: never the value itself.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .integer: "an integer"
        case .real: "a real number"
        case .boolean: "a truth value"
        case .text: "a text"
        case .blob: "bytes"
        case .time: "a time"
        }
    }
}

/// A type whose values can be bound to a statement.
///
/// A type with a raw value that can be bound needs only to declare the conformance.
public protocol SQLBindable: Sendable {
    /// The value that is sent to the database.
    var sqlValue: SQLValue { get }
}

extension SQLBindable where Self: RawRepresentable, RawValue: SQLBindable {
    /// The raw value.
    public var sqlValue: SQLValue { rawValue.sqlValue }
}

extension SQLValue: SQLBindable {
    /// The value itself.
    public var sqlValue: SQLValue { self }
}

extension Int: SQLBindable {
    /// An integer.
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
    /// An integer.
    public var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLBindable {
    /// A real number.
    public var sqlValue: SQLValue { .real(self) }
}

extension Bool: SQLBindable {
    /// A truth value.
    public var sqlValue: SQLValue { .boolean(self) }
}

extension String: SQLBindable {
    /// A text.
    public var sqlValue: SQLValue { .text(self) }
}

extension UUID: SQLBindable {
    /// The lower-case text.
    public var sqlValue: SQLValue { .text(uuidString.lowercased()) }
}

extension Date: SQLBindable {
    /// The time to the microsecond. Dates beyond 292,000 years are clamped.
    public var sqlValue: SQLValue {
        let microseconds = (timeIntervalSince1970 * 1_000_000).rounded()
        return .time(microseconds: Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max))
    }
}

extension [UInt8]: SQLBindable {
    /// The bytes.
    public var sqlValue: SQLValue { .blob(self) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    /// `NULL` for `nil`.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
