internal import GRDB
internal import GRDBSQLite

extension DatabaseError {
    /// The error of an extended result code (<https://www.sqlite.org/rescode.html>).
    init(code: CInt, message: String, statement: String?) {
        let (kind, summary) = Self.meaning(of: code)
        let constraint = Self.violations.contains(kind) ? Self.constraint(in: message) : nil
        let detail = "SQLite \(code): \(message)" + (statement.map { "; statement: \($0)" } ?? "")
        self.init(kind, summary, constraint: constraint, detail: detail)
    }

    /// Any error of GRDB, as ours; ours as it is.
    init(wrapping error: any Error, statement: String?) {
        switch error {
        case let error as DatabaseError:
            self = error
        case let error as GRDB.DatabaseError:
            self.init(
                code: error.extendedResultCode.rawValue, message: error.message ?? "", statement: error.sql ?? statement
            )
        default:
            self.init(.other, "The database failed.", detail: "\(error)")
        }
    }

    /// The error of opening a file, with its path.
    init(opening path: String, _ error: GRDB.DatabaseError) {
        let (kind, _) = Self.meaning(of: error.extendedResultCode.rawValue)
        let detail = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")"
        let summary =
            switch kind {
            case .notADatabase: "The file \(path) is not a database, or is encrypted."
            case .cannotOpen: "The database \(path) can't be opened: is its folder there, and may it be written to?"
            case .corrupt: "The database \(path) is damaged."
            case .busy: "The database \(path) is locked by another process."
            case .readOnly: "The database \(path) can't be written to."
            case .diskFull: "There is no room on the disk of the database \(path)."
            default: "The database \(path) can't be opened."
            }
        self.init(kind == .other ? .cannotOpen : kind, summary, detail: detail)
    }

    private static let violations: Set<Kind> = [
        .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation,
    ]

    private static func meaning(of code: CInt) -> (Kind, String) {
        switch ResultCode(rawValue: code) {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return (.uniqueViolation, "There is a row with the same value already.")
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            return (.foreignKeyViolation, "A row refers to another that does not exist.")
        case .SQLITE_CONSTRAINT_CHECK:
            return (.checkViolation, "A value breaks a rule of the database.")
        case .SQLITE_CONSTRAINT_NOTNULL:
            return (.notNullViolation, "A value is missing.")
        default:
            return meaning(ofPrimary: code & 0xFF)
        }
    }

    private static func meaning(ofPrimary code: CInt) -> (Kind, String) {
        switch code {
        case SQLITE_BUSY, SQLITE_LOCKED: (.busy, "The database is locked by another process.")
        case SQLITE_FULL: (.diskFull, "There is no room left for the database.")
        case SQLITE_IOERR: (.inputOutput, "The database's file could not be read or written.")
        case SQLITE_CORRUPT: (.corrupt, "The database's file is damaged.")
        case SQLITE_NOTADB: (.notADatabase, "The file is not a database.")
        case SQLITE_CANTOPEN: (.cannotOpen, "The database's file can't be opened.")
        case SQLITE_READONLY: (.readOnly, "The database can't be written to.")
        case SQLITE_INTERRUPT: (.interrupted, "The statement was stopped.")
        case SQLITE_TOOBIG: (.tooLarge, "A value is too large for the database.")
        case SQLITE_CONSTRAINT: (.checkViolation, "A value breaks a rule of the database.")
        case SQLITE_MISMATCH: (.checkViolation, "A value has the wrong type.")
        default: (.other, "The database could not run a statement.")
        }
    }

    /// `UNIQUE constraint failed: videos.slug` names `videos.slug`; a foreign key has no name here.
    private static func constraint(in message: String) -> String? {
        guard let colon = message.firstIndex(of: ":") else { return nil }
        let name = message[message.index(after: colon)...].drop { $0 == " " }
        return name.isEmpty ? nil : String(name)
    }
}
