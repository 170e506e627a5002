/// Keeps the rows that a `SELECT` finds from other transactions until this one ends.
///
/// Where transactions that write come one after the other, nothing is needed, and the words stay a comment.
/// ```swift
/// "SELECT id FROM jobs WHERE state = 'pending' LIMIT 8 \(lock: .update(.skipping))"
/// ```
public enum RowLock: Sendable {
    /// What to do about rows that another transaction has locked.
    public enum Held: Sendable {
        case waiting
        case skipping
    }

    case update(Held)
    /// Others may change the rows, but for their keys, and may not delete them; those that are being deleted are waited
    /// for.
    case keyShare

    /// Stands in the text of a statement until the dialect is known.
    var marker: String {
        switch self {
        case .update(.waiting): "/*FOR UPDATE*/"
        case .update(.skipping): "/*FOR UPDATE SKIP LOCKED*/"
        case .keyShare: "/*FOR KEY SHARE*/"
        }
    }

    /// The text with the markers as what they mean.
    static func spellingOut(_ text: String) -> String {
        guard text.contains("/*FOR ") else { return text }
        return [RowLock.update(.waiting), .update(.skipping), .keyShare].reduce(text) { text, lock in
            text.replacing(lock.marker, with: lock.marker.dropFirst(2).dropLast(2))
        }
    }
}

extension SQL.StringInterpolation {
    /// Locks the rows that the `SELECT` before it finds.
    public mutating func appendInterpolation(lock: RowLock) {
        appendLiteral(lock.marker)
    }
}
