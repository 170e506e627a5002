/// What differs between the engines' SQL: this file is the whole list.
struct Dialect: Sendable {
    /// The text that stands for the value at a place, from 0.
    var placeholder: @Sendable (Int) -> String
    /// Begins a transaction that writes.
    var beginWrite: String
    /// Begins a transaction that reads one state of the database.
    var beginRead: String
    /// Creates the table in which migrations are recorded, unless it exists.
    var createMigrationsTable: SQL
    /// Counts the tables called `schema_migrations`.
    var countMigrationsTables: SQL
    /// Makes other processes wait until this transaction ends; `nil` where `beginWrite` does it.
    var migrationLock: SQL?
    /// Gives one text a problem, or the one text `ok`.
    var quickCheck: SQL?
    /// Gives the size in bytes.
    var size: SQL
    /// Moves what is in the log into the database's file.
    var checkpoint: SQL?
    /// Gives the engine's name and version.
    var version: SQL

    /// The statement's text with placeholders.
    func text(of sql: SQL) -> String {
        var text = sql.pieces[0]
        for (place, piece) in sql.pieces.dropFirst().enumerated() {
            text += placeholder(place)
            text += piece
        }
        return text
    }

    /// The text of a step of a transaction.
    func text(of step: TransactionStep) -> String {
        switch step {
        case .begin(.write): beginWrite
        case .begin(.read): beginRead
        case .commit: "COMMIT"
        case .rollback: "ROLLBACK"
        case .savepoint(let depth): "SAVEPOINT level_\(depth)"
        case .release(let depth): "RELEASE SAVEPOINT level_\(depth)"
        case .rollbackTo(let depth): "ROLLBACK TO SAVEPOINT level_\(depth)"
        }
    }
}

extension Dialect {
    /// SQLite 3.35 or newer. Times are integers: microseconds since 1970 UTC.
    static let sqlite = Dialect(
        placeholder: { _ in "?" },
        beginWrite: "BEGIN IMMEDIATE",
        beginRead: "BEGIN DEFERRED",
        createMigrationsTable: """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name TEXT NOT NULL PRIMARY KEY,
                checksum TEXT NOT NULL,
                applied_at INTEGER NOT NULL)
            """,
        countMigrationsTables: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
        migrationLock: nil,
        quickCheck: "PRAGMA quick_check",
        size: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        checkpoint: "PRAGMA wal_checkpoint(TRUNCATE)",
        version: "SELECT 'SQLite ' || sqlite_version()")
}
