/// The limits of the driver that nobody needs to set. Those that one may want to set are in `DatabaseConfiguration`.
enum PostgresLimits {
    /// How long the server may take to react to a request to stop a statement before its connection is cut.
    static let cancelGrace = Duration.seconds(3)
    /// A request to stop that comes between two statements of a pipeline is lost: it is repeated after this time.
    static let cancelRepeat = Duration.milliseconds(500)
    /// How long the statements of a migration may run.
    static let scriptTimeout = Duration.seconds(24 * 3_600)
    /// How long one step of a transaction may take. A commit waits for the server's disk, and perhaps for a standby.
    static let controlTimeout = Duration.seconds(60)

    /// Seconds of silence after which the kernel asks whether the server is still there.
    static let keepaliveIdle = 30
    /// Seconds between two such questions.
    static let keepaliveInterval = 10
    /// How many unanswered questions end a connection.
    static let keepaliveCount = 3
    /// Milliseconds after which data that the server does not acknowledge end a connection.
    static let unacknowledged = 30_000

    /// A statement is prepared by name when it comes again; this many times it is remembered for each that is kept.
    static let rememberedPerPrepared = 4
    /// From this size on a value is lent to libpq where it lies, not gathered with the others first.
    static let lentBytes = 4_096
    /// How many bytes of rows are gathered before they are handed to the server in a bulk insert.
    static let copyChunk = 64 << 10
    /// How many statements of a pipeline may be without an answer at a time.
    static let pipelineDepth = 256
    /// How many bytes of a pipeline's values may be without an answer at a time.
    static let pipelineBytes = 1 << 20

    /// How long a listening connection is silent before it is asked whether it still lives.
    static let listenerCheck = Duration.seconds(30)
    /// How long it may take to answer.
    static let listenerAnswer = Duration.seconds(10)
    /// The stack of a connection's thread: rows are decoded on it.
    static let threadStack = 1 << 20
}
