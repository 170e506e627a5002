/// The engines there are.
public enum DatabaseKind: String, Sendable, CaseIterable {
    /// A file, in process.
    case sqlite
    /// A server.
    case postgres
}

/// What differs between the engines' SQL: this file is the whole list.
struct Dialect: Sendable {
    var kind: DatabaseKind
    /// The text that stands for the value at a place, from 0.
    var placeholder: @Sendable (Int) -> String
    /// Begins a transaction that writes.
    var beginWrite: @Sendable (Isolation) -> String
    /// Begins a transaction that reads one state of the database.
    var beginRead: String
    /// Whether transactions that write come one after the other, so that none meets another.
    var serialisesWrites: Bool
    /// Creates what migrations stand on: the table in which they are recorded, and functions that every engine has.
    var prepareMigrations: String
    /// Counts the tables called `schema_migrations` where new tables are made.
    var countMigrationsTables: SQL
    /// Makes other processes that migrate wait until this transaction ends; `nil` where `beginWrite` does it.
    var migrationLock: SQL?
    /// Gives one text a problem, or the one text `ok`.
    var quickCheck: SQL?
    /// Gives the size in bytes.
    var size: SQL
    /// Moves what is in the log into the database's file.
    var checkpoint: SQL?
    /// Gives the engine's name and version.
    var version: SQL
    /// Lets the open transaction end without waiting for the disk; `nil` where none can.
    var relaxDurability: SQL?

    /// The statement's text with placeholders.
    func text(of sql: SQL) -> String {
        var text = sql.pieces[0]
        for (place, piece) in sql.pieces.dropFirst().enumerated() {
            text += placeholder(place)
            text += piece
        }
        return serialisesWrites ? text : RowLock.spellingOut(text)
    }

    /// The text of a step of a transaction.
    func text(of step: TransactionStep) -> String {
        switch step {
        case .begin(.write, let isolation): beginWrite(isolation)
        case .begin(.read, _): beginRead
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
        kind: .sqlite,
        placeholder: { _ in "?" },
        beginWrite: { _ in "BEGIN IMMEDIATE" },
        beginRead: "BEGIN DEFERRED",
        serialisesWrites: true,
        prepareMigrations: """
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
        version: "SELECT 'SQLite ' || sqlite_version()",
        relaxDurability: nil)

    /// How long a transaction that writes may wait for its next statement.
    private static let longestIdleTransaction = Duration.seconds(20)

    /// PostgreSQL 15 or newer. Nothing here outlives a transaction, so that it works behind a pooler as well.
    static let postgres = Dialect(
        kind: .postgres,
        placeholder: { "$\($0 + 1)" },
        beginWrite: { isolation in
            let level =
                switch isolation {
                case .readCommitted: "READ COMMITTED"
                case .repeatableRead: "REPEATABLE READ"
                case .serializable: "SERIALIZABLE"
                }
            // A process that is suspended in the midst must not keep its locks for as long as that takes.
            return """
                BEGIN ISOLATION LEVEL \(level) READ WRITE; \
                SET LOCAL idle_in_transaction_session_timeout = \(longestIdleTransaction.components.seconds * 1_000)
                """
        },
        beginRead: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        serialisesWrites: false,
        prepareMigrations: """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now());
            CREATE OR REPLACE FUNCTION seconds_from_now(seconds double precision) RETURNS timestamptz
                LANGUAGE sql STABLE PARALLEL SAFE RETURN now() + make_interval(secs => seconds);
            """,
        countMigrationsTables: """
            SELECT count(*) FROM pg_catalog.pg_tables
            WHERE tablename = 'schema_migrations' AND schemaname = current_schema()
            """,
        // Any number will do that stays the same in all versions: "vidsift" in ASCII.
        migrationLock: "SELECT 1 FROM (SELECT pg_advisory_xact_lock(33329927405790836)) AS lock",
        quickCheck: nil,
        size: "SELECT pg_database_size(current_database())",
        checkpoint: nil,
        version: "SELECT 'PostgreSQL ' || current_setting('server_version')",
        relaxDurability: "SELECT set_config('synchronous_commit', 'off', true)")
}
