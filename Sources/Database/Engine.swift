/// A kind of database: opens connections and knows its dialect.
protocol Engine: Sendable {
    var dialect: Dialect { get }
    /// How many connections may write at the same time.
    var maximumWriters: Int { get }
    /// Opens a connection, within the engine's own time-out.
    ///
    /// - Throws: `DatabaseError`; `unavailable` when another attempt can succeed a little later.
    func connect(_ access: Access) async throws -> any Connection
    /// Opens a connection that only listens; `nil` where there are no notifications, now and later.
    func listen(on channels: [String]) async throws -> (any ListeningConnection)?
}

/// What a connection may do.
enum Access: Sendable {
    case read
    case write
}

/// One connection. It does one thing at a time, off the cooperative threads, in the order of the calls.
///
/// Cancelling the task stops whatever runs, except `control`. A connection that reads throws `NeedsWriter` for what
/// writes, before any of it has run.
protocol Connection: AnyObject, Sendable {
    /// `false` when it can't be used again and must be replaced.
    var isUsable: Bool { get }
    /// Whether whoever is at the other end of an idle connection is still there: a look, as cheap as a system call.
    var isConnected: Bool { get }
    /// Runs one statement.
    func run<T: Sendable>(
        _ sql: SQL, options: RunOptions, decode: @escaping @Sendable (Row) throws -> T
    ) async throws -> StatementResult<T>
    /// Runs statements one after the other, in one round trip. Outside a transaction they are one: all or nothing.
    ///
    /// `options.wanted` has no meaning here: each step has its own. Stops at the first error and throws it.
    func run(_ steps: [PipelineStep], options: RunOptions) async throws
    /// Inserts rows in bulk, all or none, and gives their number. Each row goes through `target.check` first.
    func insert(
        _ rows: some Sequence<[SQLValue]> & Sendable, into target: InsertTarget, options: RunOptions
    ) async throws -> Int
    /// Runs the statements of a migration, inside the open transaction, without a time-out.
    func runScript(_ script: String) async throws
    /// Begins, ends or divides a transaction. Not cancellable. Rolling back what is rolled back already is fine.
    func control(_ step: TransactionStep) async throws
    func close() async
}

/// A connection on which the server tells of what happens. One task uses it; it closes itself when it is let go.
protocol ListeningConnection: AnyObject, Sendable {
    /// Waits for notifications and gives those that have come, in their order.
    ///
    /// - Throws: `DatabaseError` when the connection is lost, `CancellationError`.
    func next() async throws -> [ServerNotification]
    func close() async
}

/// What a server tells a listening connection.
struct ServerNotification: Sendable {
    let channel: String
    let payload: String
}

/// How one statement is to be run.
struct RunOptions: Sendable {
    /// How many rows are wanted, `nil` for all.
    var wanted: Int?
    /// How many rows are too many.
    var maximumRows: Int
    /// How long it may take before it fails with `timedOut`.
    var timeout: Duration
    /// Whether a pipeline that writes is undone when one of its rows can't be decoded. It is then open until this process
    /// has read the answers, however long that takes.
    var undoesUndecodable = true
    /// What a pipeline's commit survives, unless the whole database promises less.
    var durability = DatabaseConfiguration.Durability.powerLoss
    /// Whether it is one of the dialect's own statements, which may do more than others.
    var isMaintenance = false

    /// For a statement that is run for its effect alone.
    static let effect = RunOptions(wanted: 0, maximumRows: .max, timeout: unlimited)
    /// For what takes as long as it takes.
    static let unlimited = Duration.seconds(365 * 24 * 3_600)
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
    case begin(Access, Isolation)
    case commit
    case rollback
    case savepoint(depth: Int)
    case release(depth: Int)
    case rollbackTo(depth: Int)
}
