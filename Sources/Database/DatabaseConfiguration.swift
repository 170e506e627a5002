/// How a database is opened: its limits and how much a crash may cost.
public struct DatabaseConfiguration: Sendable {
    /// What survives what.
    public enum Durability: Sendable {
        /// A commit that was acknowledged survives the end of the process and the loss of power. It waits for the disk.
        case powerLoss
        /// It survives the end of the process, `kill -9` included. A loss of power may cost the last commits; the
        /// database stays whole.
        case processEnd
    }

    /// What a commit survives.
    public var durability: Durability
    /// The most connections that read at the same time.
    public var maximumReaders: Int
    /// The most connections that write at the same time, beside those that read. SQLite has one.
    public var maximumWriters: Int
    /// The most callers that wait for a connection; further ones fail at once with `busy`.
    public var maximumWaiters: Int
    /// How long a caller waits for a connection of this process before it fails with `busy`.
    public var waitTimeout: Duration
    /// How long connecting to a server may take before it fails with `unavailable`.
    public var connectTimeout: Duration
    /// How long one statement may run before it is stopped and fails with `timedOut`.
    public var statementTimeout: Duration
    /// How long a connection is kept that nobody uses.
    public var idleTimeout: Duration
    /// What stands between the program and the server.
    public var pooler: Pooler
    /// How long to wait for another process that holds the lock of the file before failing with `busy`.
    public var busyTimeout: Duration
    /// The most rows one statement may return; more fail with `tooLarge`, nothing is cut off silently.
    public var maximumRows: Int
    /// The most bytes the database's file may have; a statement that needs more fails with `diskFull`.
    public var maximumFileBytes: Int64?
    /// How many prepared statements a connection keeps.
    public var cachedStatements: Int
    /// A transaction that holds its connection longer than this is logged as a warning.
    public var slowTransaction: Duration

    /// The usual settings: commits survive a loss of power.
    public init(
        durability: Durability = .powerLoss,
        maximumReaders: Int = 4,
        maximumWriters: Int = 4,
        maximumWaiters: Int = 4_096,
        waitTimeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10),
        statementTimeout: Duration = .seconds(30),
        idleTimeout: Duration = .seconds(300),
        pooler: Pooler = .automatic,
        busyTimeout: Duration = .seconds(5),
        maximumRows: Int = 1_000_000,
        maximumFileBytes: Int64? = nil,
        cachedStatements: Int = 256,
        slowTransaction: Duration = .seconds(2)
    ) {
        self.durability = durability
        self.maximumReaders = max(1, maximumReaders)
        self.maximumWriters = max(1, maximumWriters)
        self.maximumWaiters = max(0, maximumWaiters)
        self.waitTimeout = waitTimeout
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.idleTimeout = idleTimeout
        self.pooler = pooler
        self.busyTimeout = busyTimeout
        self.maximumRows = max(1, maximumRows)
        self.maximumFileBytes = maximumFileBytes
        self.cachedStatements = max(1, cachedStatements)
        self.slowTransaction = slowTransaction
    }
}

/// What stands between the program and a PostgreSQL server and lends its connections to several clients.
public enum Pooler: String, Sendable, CaseIterable {
    /// Found out when the first connection is made; one that is there is taken for a transaction pooler.
    case automatic
    /// Nothing, or something that only passes bytes on.
    case none
    /// One whose connection belongs to this client until it closes its own: everything works.
    case session
    /// One that may give each transaction another connection: no statements prepared by name, no `LISTEN`.
    case transaction
}
