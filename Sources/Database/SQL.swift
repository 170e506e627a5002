/// A statement and the values bound to it: the literal text is the statement, each interpolation is a bind.
///
/// ```swift
/// "SELECT id, title FROM videos WHERE channel_id = \(channel) AND id IN \(list: ids) LIMIT \(limit)"
/// ```
/// Values never become part of the text, so no input can change what a statement does.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The most values one statement may bind.
    public static let maximumValues = 32_000

    /// The text around the values: always one more than there are values.
    let pieces: [String]
    let values: [SQLValue]

    /// A statement without values.
    public init(stringLiteral value: String) {
        pieces = [value]
        values = []
    }

    /// A statement with one bound value for each interpolation.
    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
        values = stringInterpolation.values
    }

    /// A statement made of text that is not a literal. Never pass anything here that a client has sent.
    public init(unescaped text: String) {
        self.init(stringLiteral: text)
    }

    /// Collects the pieces and values of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [String] = [""]
        var values: [SQLValue] = []

        /// Reserves room for the given number of values.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount + 1)
            values.reserveCapacity(interpolationCount)
        }

        /// Adds text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            pieces[pieces.count - 1] += literal
        }

        /// Binds one value.
        public mutating func appendInterpolation(_ value: some SQLBindable) {
            bind(value.sqlValue)
        }

        /// Binds one value, or `NULL` for `nil`.
        public mutating func appendInterpolation<T: SQLBindable>(_ value: T?) {
            bind(value.sqlValue)
        }

        /// Binds a list, for `IN \(list: ids)`. Parentheses are added unless they are there already.
        ///
        /// An empty list becomes `(NULL)`, so `IN` matches nothing. `NOT IN` matches nothing either.
        public mutating func appendInterpolation(list: some Sequence<some SQLBindable>) {
            let isOpened = pieces[pieces.count - 1].last { $0 != " " } == "("
            var isEmpty = true
            if !isOpened { appendLiteral("(") }
            for value in list {
                if !isEmpty { appendLiteral(", ") }
                bind(value.sqlValue)
                isEmpty = false
            }
            if isEmpty { appendLiteral("NULL") }
            if !isOpened { appendLiteral(")") }
        }

        /// Adds raw text, such as the name of a column. Never pass anything here that a client has sent.
        public mutating func appendInterpolation(unescaped text: String) {
            appendLiteral(text)
        }

        /// Adds a part of a statement with its values.
        public mutating func appendInterpolation(_ part: SQL) {
            appendLiteral(part.pieces[0])
            for (value, piece) in zip(part.values, part.pieces.dropFirst()) {
                bind(value)
                appendLiteral(piece)
            }
        }

        private mutating func bind(_ value: SQLValue) {
            values.append(value)
            pieces.append("")
        }
    }
}

extension SQL: CustomStringConvertible {
    /// The statement with `?` for each value: the values are never shown.
    public var description: String {
        pieces.joined(separator: "?")
    }
}
