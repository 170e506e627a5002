internal import Crypto
public import Logging

/// One step from a schema to the next: a name that sorts after those before it, and its statements.
public struct Migration: Sendable, Hashable {
    /// For example `001_search_function`.
    public let name: String
    /// One or more statements. They run in one transaction, so they may not begin or end one.
    public let sql: String

    /// - Parameters:
    ///   - name: for example `001_search_function`; names must be in ascending order.
    ///   - sql: one or more statements, without `BEGIN` and `COMMIT`.
    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// SHA-256 of the statements, as lower-case hexadecimal digits.
    public var checksum: String {
        SHA256.hash(data: Array(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Brings a database to the schema that the program expects, and refuses one that it does not know.
///
/// What has been applied is recorded in the table `schema_migrations`. Several processes may start at once: the
/// first applies, the others wait and find it done.
public struct Migrator: Sendable {
    private let migrations: [Migration]
    private let logger: Logger

    /// - Throws: `MigrationError.badList` when two names are equal or not in ascending order.
    public init(_ migrations: [Migration], logger: Logger = Logger(label: "database.migrator")) throws {
        for (earlier, later) in zip(migrations, migrations.dropFirst()) where earlier.name >= later.name {
            throw MigrationError.badList(earlier: earlier.name, later: later.name)
        }
        self.migrations = migrations
        self.logger = logger
    }

    /// Applies what is missing, each migration in one transaction, and gives the names of those it applied.
    ///
    /// - Throws: `MigrationError`, `DatabaseError`. The migrations before the one that failed stay applied.
    @discardableResult
    public func run(on database: Database) async throws -> [String] {
        var applied: [String] = []
        if try await isComplete(on: database) { return applied }
        try await database.transaction { try await self.adopt(in: $0, of: database) }
        while let name = try await applyNextInTurn(on: database) {
            logger.info("migration applied", metadata: ["name": "\(name)"])
            applied.append(name)
        }
        return applied
    }

    /// How long another process that migrates the same database is waited for, besides the database's own time-out.
    private static let patience = Duration.seconds(60)

    private func applyNextInTurn(on database: Database) async throws -> String? {
        let end = ContinuousClock.now + Self.patience
        while true {
            do {
                return try await database.transaction { try await self.applyNext(in: $0, of: database) }
            } catch let error as DatabaseError where error.kind == .busy && ContinuousClock.now < end {
                logger.info("waiting for another process that holds the database")
            }
        }
    }

    /// The names of the migrations that are not applied yet. Changes nothing.
    ///
    /// - Throws: `MigrationError` when the database is newer than the program, or its migrations differ.
    public func pending(on database: Database) async throws -> [String] {
        try await database.read { try await self.pending(in: $0, of: database).map(\.name) }
    }

    /// Applies what is missing to the real database, then undoes it: tells whether `run` would succeed.
    ///
    /// - Returns: the names of the migrations it tried.
    public func dryRun(on database: Database) async throws -> [String] {
        do {
            return try await database.transaction { transaction in
                var tried: [String] = []
                while let name = try await self.applyNext(in: transaction, of: database) { tried.append(name) }
                throw DryRunIsOver(tried: tried)
            }
        } catch let end as DryRunIsOver {
            return end.tried
        }
    }

    private func isComplete(on database: Database) async throws -> Bool {
        try await database.read { transaction in
            guard try await self.pending(in: transaction, of: database).isEmpty, !self.migrations.isEmpty else {
                return self.migrations.isEmpty
            }
            return try await transaction.value(
                "SELECT count(*) FROM schema_migrations WHERE checksum = ''", as: Int.self) == 0
        }
    }

    /// Writes down the checksums of migrations that were applied by hand: they record themselves without one.
    private func adopt(in transaction: Transaction, of database: Database) async throws {
        if let lock = database.engine.dialect.migrationLock { try await transaction.execute(lock) }
        let pending = try await pending(in: transaction, of: database)
        for migration in migrations.dropLast(pending.count) {
            try await transaction.execute(
                """
                UPDATE schema_migrations SET checksum = \(migration.checksum)
                WHERE name = \(migration.name) AND checksum = ''
                """)
        }
    }

    private func applyNext(in transaction: Transaction, of database: Database) async throws -> String? {
        let dialect = database.engine.dialect
        if let lock = dialect.migrationLock { try await transaction.execute(lock) }
        guard let next = try await pending(in: transaction, of: database).first else { return nil }
        do {
            try await transaction.runScript(dialect.prepareMigrations)
            try await transaction.runScript(next.sql)
        } catch let error as DatabaseError {
            throw MigrationError.failed(name: next.name, error)
        }
        try await transaction.execute(
            """
            INSERT INTO schema_migrations (name, checksum, applied_at)
            VALUES (\(next.name), \(next.checksum), now())
            ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum
            """)
        return next.name
    }

    private func pending(in transaction: Transaction, of database: Database) async throws -> ArraySlice<Migration> {
        let isRecorded = try await transaction.value(database.engine.dialect.countMigrationsTables, as: Int.self) != 0
        guard isRecorded else { return migrations[...] }
        let recorded = try await transaction.rows(
            "SELECT name, checksum FROM schema_migrations ORDER BY name", as: RecordedMigration.self)
        try check(recorded)
        return migrations.dropFirst(recorded.count)
    }

    /// What is recorded must be the beginning of the list.
    private func check(_ recorded: [RecordedMigration]) throws {
        let known = Set(migrations.map(\.name))
        let unknown = recorded.map(\.name).filter { !known.contains($0) }
        guard unknown.isEmpty else { throw MigrationError.newerDatabase(unknown: unknown) }
        for (migration, record) in zip(migrations, recorded) {
            guard migration.name == record.name else {
                throw MigrationError.outOfOrder(missing: migration.name, applied: record.name)
            }
            guard record.checksum.isEmpty || migration.checksum == record.checksum else {
                throw MigrationError.changed(name: migration.name)
            }
        }
    }
}

/// A row of `schema_migrations`.
private struct RecordedMigration: RowDecodable {
    let name: String
    let checksum: String

    init(row: Row) throws {
        name = try row.decode("name")
        checksum = try row.decode("checksum")
    }
}

/// Rolls a dry run back and carries what it has done.
private struct DryRunIsOver: Error {
    let tried: [String]
}
