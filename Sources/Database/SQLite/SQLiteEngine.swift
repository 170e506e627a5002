internal import Dispatch
internal import GRDB

/// Opens connections to one SQLite file: one that writes, several that read.
///
/// Each connection is a GRDB queue of its own rather than part of GRDB's pool, because the body of a transaction is
/// asynchronous: it has to keep its connection while its task is suspended, without blocking a thread.
struct SQLiteEngine: Engine {
    let path: String
    let configuration: DatabaseConfiguration

    var dialect: Dialect { .sqlite }
    var maximumWriters: Int { 1 }

    func connect(_ access: Access) async throws -> any Connection {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try open(access) })
            }
        }
    }

    /// A file tells nobody of its changes.
    func listen(on channels: [String]) async throws -> (any ListeningConnection)? { nil }

    private func open(_ access: Access) throws -> SQLiteConnection {
        let context = SQLiteContext(busyTimeout: configuration.busyTimeout)
        do {
            let queue = try DatabaseQueue(path: path, configuration: settings(access, context))
            if access == .write { try queue.inDatabase { try prepareWriter($0) } }
            return SQLiteConnection(
                queue: queue, access: access, dialect: dialect, context: context,
                durability: configuration.durability, cachedStatements: configuration.cachedStatements)
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError(opening: path, error)
        }
    }

    private func settings(_ access: Access, _ context: SQLiteContext) -> Configuration {
        var settings = Configuration()
        settings.label = access == .read ? "database.reader" : "database.writer"
        settings.readonly = access == .read
        settings.foreignKeysEnabled = true
        settings.journalMode = access == .read ? .default : .wal
        settings.allowsUnsafeTransactions = true
        settings.busyMode = .callback { context.waitForLock(attempt: $0) }
        settings.prepareDatabase { context.install(on: $0) }
        return settings
    }

    /// Runs after the change to WAL, which sets `synchronous` itself.
    private func prepareWriter(_ db: GRDB.Database) throws {
        try db.execute(sql: configuration.durability.pragma)
        guard let bytes = configuration.maximumFileBytes else { return }
        let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
        try db.execute(sql: "PRAGMA max_page_count = \(max(1, bytes / pageSize))")
    }
}

extension DatabaseConfiguration.Durability {
    /// How SQLite is told, outside of transactions.
    var pragma: String {
        switch self {
        case .powerLoss: "PRAGMA synchronous = FULL"
        case .processEnd: "PRAGMA synchronous = NORMAL"
        }
    }
}
