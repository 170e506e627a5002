internal import CPostgres

/// What the server said about a failure, as far as it may be passed on.
///
/// `DETAIL`, `HINT` and `CONTEXT` are left out: they quote values of rows.
struct PostgresFailure {
    /// Five characters (<https://www.postgresql.org/docs/current/errcodes-appendix.html>), empty if there is none.
    let sqlState: String
    let message: String
    /// The rule that was broken; for a missing value `table.column`.
    let constraint: String?
    /// The server's function that reported it.
    let origin: String
    /// Whether a function of the schema's own says so (`RAISE`), in words of its own.
    private let isRaised: Bool
    /// What a migration says of a server that lacks something (`RAISE feature_not_supported`), and what to do.
    let refusal: String?
    /// Whether the message says where in a text of SQL the mistake is. Then what it quotes is a part of that text.
    let hasPosition: Bool

    init(_ result: OpaquePointer) {
        let field = { (code: Character) -> String? in
            PQresultErrorField(result, CInt(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        sqlState = field("C") ?? ""
        message = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        origin = field("R") ?? ""
        hasPosition = field("P") != nil || field("p") != nil
        isRaised = origin == "exec_stmt_raise"
        refusal = isRaised && sqlState == "0A000" ? "\(message). \(field("H") ?? "")" : nil
        let column = field("c").map { column in field("t").map { "\($0).\(column)" } ?? column }
        constraint = field("n") ?? (sqlState == "23502" ? column : nil)
    }

    /// The plan of a prepared statement no longer fits, or the statement is gone: it is to be prepared anew.
    var wantsNewStatement: Bool {
        isUnknownStatement || (sqlState == "0A000" && origin == "RevalidateCachedQuery")
    }

    /// Whether the message may quote a value. What the schema's own functions say is known to be fit for the log.
    var quotesValues: Bool {
        !isRaised && (sqlState.hasPrefix("22") || (sqlState.hasPrefix("42") && !hasPosition))
    }

    /// The server does not know the name of a prepared statement.
    var isUnknownStatement: Bool { sqlState == Self.unknownStatement }
    static let unknownStatement = "26000"

    /// The server ends the connection with these.
    var endsConnection: Bool {
        sqlState.hasPrefix("08") || ["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"].contains(sqlState)
    }
}

extension DatabaseError {
    /// The error of a statement.
    init(_ failure: PostgresFailure, statement: String?) {
        let (kind, usualSummary) = Self.meaning(ofState: failure.sqlState)
        let summary = failure.refusal ?? usualSummary
        let message = "PostgreSQL \(failure.sqlState): \(Self.withoutValues(failure))"
        self.init(
            kind, summary, constraint: failure.constraint, sqlState: failure.sqlState.isEmpty ? nil : failure.sqlState,
            detail: message + (statement.map { "; statement: \($0)" } ?? ""))
    }

    /// The error of a connection that can't be had.
    ///
    /// - Parameter message: libpq's, with the SQLSTATE where the server has answered.
    init(connectingTo parameters: PostgresConnectionParameters, message: String) {
        // `FATAL:  28P01: password authentication failed`; of several hosts the last one counts.
        let state = message.matches(of: #/:  ([0-9A-Z]{5}): /#).last.map { String($0.output.1) }
        let isRefused = ["28", "3D", "42"].contains(state?.prefix(2))
        self.init(
            isRefused ? .cannotOpen : .unavailable,
            "The database \(isRefused ? "refuses the login, or does not exist" : "can't be reached"): \(parameters).",
            sqlState: state, detail: message)
    }

    /// The error of a connection that was lost.
    static func connectionLost(_ message: String, statement: String?) -> DatabaseError {
        DatabaseError(
            .unavailable, "The connection to the database was lost.",
            detail: message + (statement.map { "; statement: \($0)" } ?? ""))
    }

    /// Messages about values (class 22), and about what was looked for by a value (class 42), quote them, in the quotes
    /// of the server's language. A value may hold quotes itself, so nothing is kept from the first one on.
    private static func withoutValues(_ failure: PostgresFailure) -> String {
        let kept = failure.message.prefix { !quotes.contains($0) }
        return failure.quotesValues && kept.endIndex < failure.message.endIndex ? kept + "…" : failure.message
    }

    private static let quotes: Set<Character> = ["\"", "'", "`", "«", "»", "„", "“", "”", "‘", "’", "「", "『"]

    private static func meaning(ofState state: String) -> (Kind, String) {
        switch state {
        case "23505", "23P01": (.uniqueViolation, "There is a row with the same value already.")
        case "23503", "23001": (.foreignKeyViolation, "A row refers to another that does not exist.")
        case "23514": (.checkViolation, "A value breaks a rule of the database.")
        case "22021", "22P05": (.unstorableText, "A text holds a character that the database can't store.")
        case "23502": (.notNullViolation, "A value is missing.")
        case "40001", "40P01": (.conflict, "The transaction met another one that changed the same rows.")
        case "55P03", "55006": (.busy, "The database is locked by another connection.")
        case "53100": (.diskFull, "There is no room left for the database.")
        case "54000", "54001", "54023": (.tooLarge, "A statement is too large.")
        case "57014": (.interrupted, "The statement was stopped.")
        case "25006": (.readOnly, "The database can't be written to.")
        case "58030": (.inputOutput, "The database's files could not be read or written.")
        case "XX001", "XX002": (.corrupt, "The database's files are damaged.")
        default: meaning(ofClass: String(state.prefix(2)), state: state)
        }
    }

    private static func meaning(ofClass code: String, state: String) -> (Kind, String) {
        let unavailable = (Kind.unavailable, "The database is not available just now.")
        switch code {
        case "08", "53": return unavailable
        case "57": return unavailable
        case "28", "3D": return (.cannotOpen, "The database refuses the login, or does not exist.")
        case "40": return (.conflict, "The transaction was rolled back by the database.")
        case "42": return (.other, "The database does not understand a statement.")
        default:
            return state == "25P03" || state == "25P04" ? unavailable : (.other, "The database refused a statement.")
        }
    }
}
