internal import Dispatch
internal import Synchronization

/// A bounded number of connections, lent to one caller at a time in the order in which they asked.
///
/// Waiting is bounded in number and in time, and ends when the task is cancelled. A connection whose server has gone is
/// replaced when it is asked for; one that nobody uses is closed after a while.
final class ConnectionPool: Sendable {
    private let name: String
    private let limit: Int
    private let maximumWaiters: Int
    private let timeout: Duration
    private let idleTimeout: Duration
    private let open: @Sendable () async throws -> any Connection
    private let state = Mutex(State())

    /// What a caller gets: a connection, or the right to open one.
    private typealias Slot = (any Connection)?
    private typealias Waiter = CheckedContinuation<Slot, any Error>

    /// A connection that nobody uses.
    private struct Idle {
        let connection: any Connection
        let since: ContinuousClock.Instant
    }

    private struct State {
        /// Lent from the end, so that those at the front become superfluous.
        var idle: [Idle] = []
        var opened = 0
        var waiters = WaitingLine<Waiter>()
        var outage = Outage()
        var isTimerArmed = false
        var isIdleTimerArmed = false
        var isClosed = false
        var closer: CheckedContinuation<Void, Never>?
    }

    init(
        name: String, limit: Int, maximumWaiters: Int, timeout: Duration, idleTimeout: Duration,
        open: @escaping @Sendable () async throws -> any Connection
    ) {
        self.name = name
        self.limit = limit
        self.maximumWaiters = maximumWaiters
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.open = open
    }

    /// How many callers wait just now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Lends a connection to the closure.
    func withConnection<T: Sendable>(_ body: (any Connection) async throws -> T) async throws -> T {
        let connection = try await acquire()
        do {
            let result = try await body(connection)
            await release(connection)
            return result
        } catch {
            await release(connection)
            throw error
        }
    }

    /// Refuses new callers and those that wait, then closes each connection once it is free.
    func close() async {
        let (idle, waiters) = state.withLock { state in
            state.isClosed = true
            state.opened -= state.idle.count
            defer { state.idle = [] }
            return (state.idle, state.waiters.removeAll())
        }
        for waiter in waiters { waiter.resume(throwing: Self.closedError) }
        for idle in idle { await idle.connection.close() }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.opened > 0 { state.closer = continuation }
                return state.opened == 0
            }
            if isDone { continuation.resume() }
        }
    }

    // MARK: - Lending

    private func acquire() async throws -> any Connection {
        if let connection = try await takeSlot() {
            if connection.isConnected { return connection }
            await connection.close()
        }
        do {
            return try await connect()
        } catch {
            giveUpSlot()
            throw error
        }
    }

    private func connect() async throws -> any Connection {
        if let refusal = state.withLock({ $0.outage.refusal(now: .now) }) { throw refusal }
        do {
            let connection = try await open()
            state.withLock { $0.outage.end() }
            return connection
        } catch let error as DatabaseError where error.kind == .unavailable {
            state.withLock { $0.outage.begin(error, now: .now) }
            throw error
        }
    }

    private func takeSlot() async throws -> Slot {
        let ticket = state.withLock { $0.waiters.newTicket() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                if let outcome = state.withLock({ takeSlot(&$0, ticket: ticket, waiter: waiter) }) {
                    waiter.resume(with: outcome)
                } else {
                    armTimer()
                }
            }
        } onCancel: {
            state.withLock { $0.waiters.remove(ticket) }?.resume(throwing: CancellationError())
        }
    }

    /// A slot, a refusal, or `nil` when the caller now waits in line.
    private func takeSlot(_ state: inout State, ticket: UInt64, waiter: Waiter) -> Result<Slot, any Error>? {
        if Task.isCancelled { return .failure(CancellationError()) }
        if state.isClosed { return .failure(Self.closedError) }
        if let idle = state.idle.popLast() { return .success(idle.connection) }
        if state.opened < limit {
            state.opened += 1
            return .success(nil)
        }
        if state.waiters.count >= maximumWaiters {
            return .failure(DatabaseError(.busy, "The database is busy: \(maximumWaiters) callers wait for a \(name)."))
        }
        state.waiters.append(waiter, ticket: ticket, deadline: .now + timeout)
        return nil
    }

    private func release(_ connection: any Connection) async {
        let isLeaving = state.withLock { state in
            if state.isClosed || !connection.isUsable { return true }
            if let waiter = state.waiters.popFirst() {
                waiter.resume(returning: connection)
            } else {
                state.idle.append(Idle(connection: connection, since: .now))
            }
            return false
        }
        guard isLeaving else { return armIdleTimer() }
        await connection.close()
        giveUpSlot()
    }

    /// A connection is gone: the next in line may open another.
    private func giveUpSlot() {
        let closer = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if let waiter = state.waiters.popFirst() {
                waiter.resume(returning: nil)
                return nil
            }
            state.opened -= 1
            guard state.isClosed, state.opened == 0 else { return nil }
            defer { state.closer = nil }
            return state.closer
        }
        closer?.resume()
    }

    // MARK: - Time-outs

    /// All wait equally long, so one timer for the head of the line is enough.
    private func armTimer() {
        let deadline = state.withLock { state -> ContinuousClock.Instant? in
            guard !state.isTimerArmed, let deadline = state.waiters.firstDeadline else { return nil }
            state.isTimerArmed = true
            return deadline
        }
        guard let deadline else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + .until(deadline)) { [weak self] in self?.timerFired() }
    }

    private func timerFired() {
        let late = state.withLock { state in
            state.isTimerArmed = false
            return state.waiters.removeLate(now: .now)
        }
        let error = DatabaseError(.busy, "The database is busy: no \(name) was free within \(timeout).")
        for waiter in late { waiter.resume(throwing: error) }
        armTimer()
    }

    /// One timer for the connection that was not used for longest.
    private func armIdleTimer() {
        let deadline = state.withLock { state -> ContinuousClock.Instant? in
            guard !state.isIdleTimerArmed, let oldest = state.idle.first else { return nil }
            state.isIdleTimerArmed = true
            return oldest.since + idleTimeout
        }
        guard let deadline else { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + .until(deadline)) { [weak self] in self?.idleTimerFired() }
    }

    private func idleTimerFired() {
        let end = ContinuousClock.now - idleTimeout
        let unused = state.withLock { state in
            state.isIdleTimerArmed = false
            let unused = state.idle.prefix { $0.since <= end }
            state.idle.removeFirst(unused.count)
            return Array(unused)
        }
        armIdleTimer()
        guard !unused.isEmpty else { return }
        // Nobody waits for it, and closing ends by itself; `close()` waits until the places are given up.
        Task {
            for idle in unused {
                await idle.connection.close()
                giveUpSlot()
            }
        }
    }

    private static var closedError: DatabaseError { DatabaseError(.closed, "The database has been closed.") }
}

extension DispatchTimeInterval {
    fileprivate static func until(_ deadline: ContinuousClock.Instant) -> DispatchTimeInterval {
        let seconds = max(.zero, deadline - .now) / .seconds(1)
        // Longer than any time-out, and short enough to be counted in nanoseconds.
        return .nanoseconds(Int(min(seconds, 1e9) * 1e9))
    }
}
