/// A kind of database: opens connections and knows its dialect.
protocol Engine: Sendable {
    var dialect: Dialect { get }
    /// How many connections may write at the same time.
    var maximumWriters: Int { get }
    func connect(_ access: Access) async throws -> any Connection
}

/// What a connection may do.
enum Access: Sendable {
    case read
    case write
}

/// One connection. It runs one statement at a time, off the cooperative threads, in the order of the calls.
protocol Connection: AnyObject, Sendable {
    /// `false` when it can't be used again and must be replaced.
    var isUsable: Bool { get }
    /// Runs one statement. Cancelling the task stops it. Throws `NeedsWriter` for a write on a reading connection.
    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T>
    /// Runs the statements of a migration, inside the open transaction.
    func runScript(_ script: String) async throws
    /// Begins, ends or divides a transaction. Not cancellable. Rolling back what is rolled back already is fine.
    func control(_ step: TransactionStep) async throws
    func close() async
}

/// How one statement is to be run.
struct RunOptions: Sendable {
    /// How many rows are wanted, `nil` for all.
    var wanted: Int?
    /// How many rows are too many.
    var maximumRows: Int
    /// Whether it is one of the dialect's own statements, which may do more than others.
    var isMaintenance = false
}

/// What one statement gave.
struct StatementResult<T: Sendable>: Sendable {
    var rows: [T]
    /// How many rows were changed.
    var changes: Int
}

/// A statement that writes was sent to a connection that reads.
struct NeedsWriter: Error {}

/// The statements that move a transaction on.
enum TransactionStep: Sendable {
    case begin(Access)
    case commit
    case rollback
    case savepoint(depth: Int)
    case release(depth: Int)
    case rollbackTo(depth: Int)
}
