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
    /// The most connections that read at the same time. There is one more that writes, where the engine allows one.
    public var maximumReaders: Int
    /// The most callers that wait for a connection; further ones fail at once with `busy`.
    public var maximumWaiters: Int
    /// How long a caller waits for a connection of this process before it fails with `busy`.
    public var waitTimeout: Duration
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
        maximumWaiters: Int = 4_096,
        waitTimeout: Duration = .seconds(30),
        busyTimeout: Duration = .seconds(5),
        maximumRows: Int = 1_000_000,
        maximumFileBytes: Int64? = nil,
        cachedStatements: Int = 256,
        slowTransaction: Duration = .seconds(2)
    ) {
        self.durability = durability
        self.maximumReaders = max(1, maximumReaders)
        self.maximumWaiters = max(0, maximumWaiters)
        self.waitTimeout = waitTimeout
        self.busyTimeout = busyTimeout
        self.maximumRows = max(1, maximumRows)
        self.maximumFileBytes = maximumFileBytes
        self.cachedStatements = max(1, cachedStatements)
        self.slowTransaction = slowTransaction
    }
}
