/// What went wrong in the database, the same for every engine.
public struct DatabaseError: Error, Sendable {
    /// What kind of failure it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// A row with the same unique values exists.
        case uniqueViolation
        /// A row refers to one that is not there, or is referred to.
        case foreignKeyViolation
        /// A value breaks a `CHECK` rule.
        case checkViolation
        /// A value that must be there is missing.
        case notNullViolation
        /// A text holds a character that can't be stored, such as NUL.
        case unstorableText
        /// Somebody else holds the lock, or too many wait.
        case busy
        /// The server can't be reached, is starting or going down, or takes no more connections.
        case unavailable
        /// The transaction met another one at the same rows, and was undone.
        case conflict
        /// It took longer than it may, and was stopped.
        case timedOut
        /// There is no room left on the disk, or the file has reached its limit.
        case diskFull
        /// Reading or writing the file failed.
        case inputOutput
        /// The file is damaged.
        case corrupt
        /// The database, or the snapshot, can't be written to.
        case readOnly
        /// The file is something else than a database.
        case notADatabase
        /// The file can't be opened.
        case cannotOpen
        /// The statement was stopped.
        case interrupted
        /// A row is not what the program expected.
        case decoding
        /// The result is larger than the limit.
        case tooLarge
        /// The database has been closed.
        case closed
        /// The program used the database in a way that can't work, such as a transaction after its end.
        case misuse
        /// Anything else, such as a mistake in a statement.
        case other
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// The rule that was broken, as the engine names it, for violations: SQLite names columns (`videos.slug`),
    /// PostgreSQL the constraint (`videos_slug_key`).
    public let constraint: String?
    /// The server's five-character code (<https://www.postgresql.org/docs/current/errcodes-appendix.html>); `nil` where
    /// the engine has none.
    public let sqlState: String?
    /// A safe text: no values, nothing of a statement.
    let summary: String
    /// What the engine said, and the statement with `?` for its values.
    let detail: String?

    init(
        _ kind: Kind, _ summary: String, constraint: String? = nil, sqlState: String? = nil, detail: String? = nil
    ) {
        self.kind = kind
        self.constraint = constraint
        self.sqlState = sqlState
        self.summary = summary
        self.detail = detail
    }

    /// Why no connection can be had, in the server's or the client library's words: for who runs the program, not for
    /// clients. It holds no password. `nil` for other failures.
    public var connectingFailure: String? {
        [.unavailable, .cannotOpen].contains(kind) ? detail : nil
    }

    static func decoding(_ what: String) -> DatabaseError {
        DatabaseError(.decoding, "A row of the database could not be read: \(what).")
    }

    /// Whether the same work can succeed when it is tried again a little later.
    public var isRetryable: Bool {
        switch kind {
        case .busy, .interrupted, .unavailable, .conflict, .timedOut, .diskFull: true
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .unstorableText,
            .inputOutput, .corrupt, .readOnly, .notADatabase, .cannotOpen, .decoding, .tooLarge, .closed, .misuse,
            .other:
            false
        }
    }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
    /// Safe to show: no values, nothing of the statement.
    public var description: String {
        constraint.map { "\(summary) (\($0))" } ?? summary
    }

    /// Everything that is known, for the log: the engine's message and the statement without its values.
    public var debugDescription: String {
        "DatabaseError.\(kind.rawValue): \(description)" + (detail.map { " [\($0)]" } ?? "")
    }
}
