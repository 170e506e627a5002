internal import CPostgres
internal import Foundation

/// The client's end of a connection: libpq without blocking, with deadlines. For one thread at a time.
final class PostgresSession {
    let handle: OpaquePointer
    let statements: PostgresStatements
    let parameters = PostgresParameters()
    /// What the last statement without values has done, as the server calls it: `COMMIT`.
    var lastTag = ""
    private let socket: PostgresSocket
    private let wake: PostgresWake
    private let canceller: PostgresCanceller?
    /// The server's socket and the wake, for `poll`.
    private let polled: UnsafeMutablePointer<pollfd>
    private(set) var isBroken = false

    /// - Parameter handle: a connection that is made; the session closes it.
    init(_ handle: OpaquePointer, socket: PostgresSocket, wake: PostgresWake, statements: PostgresStatements) {
        self.handle = handle
        self.socket = socket
        self.wake = wake
        self.statements = statements
        canceller = PostgresCanceller(handle, wake: wake)
        polled = .allocate(capacity: 2)
        polled[0] = pollfd(fd: PQsocket(handle), events: 0, revents: 0)
        polled[1] = pollfd(fd: wake.readEnd, events: CShort(POLLIN), revents: 0)
        PQsetnonblocking(handle, 1)
        socket.watch(PQsocket(handle))
    }

    deinit {
        socket.forget()
        PQfinish(handle)
        polled.deallocate()
    }

    var isInTransaction: Bool {
        let status = PQtransactionStatus(handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// Whether the server refuses everything until a rollback.
    var isInFailedTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }

    func markBroken() {
        isBroken = true
        socket.forget()
    }

    // MARK: - Answers

    /// The next answer to what was sent; `nil` at the end of a statement.
    func nextResult(_ watch: inout PostgresWatch) throws -> PostgresResult? {
        while !isBroken, PQisBusy(handle) != 0 { try exchange(&watch) }
        return PQgetResult(handle).map { PostgresResult($0) }
    }

    /// Waits until the server is ready for more or has sent something, and moves it between libpq and the socket.
    private func exchange(_ watch: inout PostgresWatch) throws {
        let unsent = PQflush(handle)
        try wait(for: unsent == 0 ? POLLIN : POLLIN | POLLOUT, &watch)
        // What came before the end is still read; `PQgetResult` then reports the end.
        if PQconsumeInput(handle) == 0 { markBroken() }
    }

    /// Sends what libpq has gathered, as far as the server takes it without waiting; says whether that is all.
    func flush() -> Bool {
        let unsent = PQflush(handle)
        if unsent < 0 { markBroken() }
        return unsent <= 0
    }

    /// Waits until more can be sent, or answers are there.
    func waitToSend(_ watch: inout PostgresWatch) throws {
        try wait(for: POLLIN | POLLOUT, &watch)
        if polled[0].revents & CShort(POLLIN) != 0, PQconsumeInput(handle) == 0 { markBroken() }
    }

    /// The end of a statement: throws its error, or why it was stopped.
    ///
    /// A connection that was lost before the end is an error even if no answer says so: the server may not have
    /// committed what it has answered.
    func finish(_ watch: inout PostgresWatch, error: (any Error)?) throws {
        let error = error ?? (isBroken ? DatabaseError.connectionLost(lastMessage, statement: nil) : nil)
        awaitCanceller(watch)
        guard let error else { return }
        guard let stop = watch.stop, let known = error as? DatabaseError,
            [.interrupted, .unavailable].contains(known.kind)
        else { throw error }
        throw watch.error(for: stop.reason)
    }

    /// A request to stop that is still under way must not meet the next statement.
    private func awaitCanceller(_ watch: PostgresWatch) {
        guard let stop = watch.stop, let canceller else { return }
        while canceller.isBusy, !isBroken {
            let now = ContinuousClock.now
            guard now < stop.end else { return markBroken() }
            polled[1].revents = 0
            Foundation.poll(polled + 1, 1, stop.end.millisecondsAway(from: now))
            wake.drain()
        }
    }

    /// Waits, while no statement runs, until the server sends something by itself; `false` when it did not.
    func waitForInput(_ timeout: Duration, _ flag: CancellationFlag) throws -> Bool {
        let end = ContinuousClock.now + timeout
        while true {
            if flag.isSet { throw CancellationError() }
            if isBroken { throw DatabaseError.connectionLost("the server has closed it", statement: nil) }
            poll(for: POLLIN, until: end, from: .now)
            if polled[0].revents != 0 {
                if PQconsumeInput(handle) == 0 { markBroken() }
                return true
            }
            if ContinuousClock.now >= end { return false }
        }
    }

    /// For work that does not wait for the server: throws once it is to stop.
    func checkStop(_ watch: inout PostgresWatch) throws {
        if watch.stop == nil, case .ask = watch.advice(at: .now) { canceller?.request() }
        if let stop = watch.stop { throw watch.error(for: stop.reason) }
    }

    // MARK: - Failures

    /// The error that an answer tells of.
    func failure(of result: borrowing PostgresResult, _ statement: String?) -> DatabaseError {
        guard let failure = result.failure else {
            // The server waits for rows, or sends them, and nobody here knows what to do about it.
            markBroken()
            return DatabaseError(.misuse, "COPY can't be run as a statement: use insert(into:columns:rows:).")
        }
        if failure.endsConnection || PQstatus(handle) == CONNECTION_BAD { markBroken() }
        guard failure.sqlState.isEmpty else { return DatabaseError(failure, statement: statement) }
        markBroken()
        return .connectionLost(failure.message, statement: statement)
    }

    /// libpq did not even begin to send.
    func sendFailure(_ statement: String?) -> DatabaseError {
        markBroken()
        return .connectionLost(lastMessage, statement: statement)
    }

    private var lastMessage: String { String(cString: PQerrorMessage(handle)) }

    // MARK: - Waiting

    /// Waits for the socket. Asks the server to stop when it is time, and cuts the connection when that does not help.
    private func wait(for events: CInt, _ watch: inout PostgresWatch) throws {
        let now = ContinuousClock.now
        switch watch.advice(at: now) {
        case .wait(let end):
            poll(for: events, until: end, from: now)
        case .ask:
            canceller?.request()
        case .giveUp:
            socket.cut()
            markBroken()
            throw watch.stop.map { watch.error(for: $0.reason) } ?? CancellationError()
        }
    }

    private func poll(for events: CInt, until end: ContinuousClock.Instant, from now: ContinuousClock.Instant) {
        polled[0].fd = PQsocket(handle)
        polled[0].events = CShort(events)
        polled[0].revents = 0
        polled[1].revents = 0
        Foundation.poll(polled, 2, end.millisecondsAway(from: now))
        if polled[1].revents != 0 { wake.drain() }
    }
}

/// An answer of the server, freed when it is let go.
struct PostgresResult: ~Copyable {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQclear(handle)
    }

    var status: ExecStatusType { PQresultStatus(handle) }

    var isSuccess: Bool {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY, PGRES_NONFATAL_ERROR: true
        default: false
        }
    }

    /// What the server says about its failure, `nil` if it is none.
    var failure: PostgresFailure? {
        status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ? PostgresFailure(handle) : nil
    }

    /// What was done: `COMMIT`, `INSERT 0 1`.
    var tag: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    /// How many rows were changed. A `SELECT` counts its rows here, which are not changed.
    var changes: Int {
        guard let tag = PQcmdStatus(handle), strncmp(tag, "SELECT", 6) != 0, let count = PQcmdTuples(handle) else {
            return 0
        }
        return Int(atoll(count))
    }
}
