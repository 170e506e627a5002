internal import CPostgres

/// A connection that does nothing but listen to channels, on a thread of its own.
actor PostgresListener: ListeningConnection {
    private let thread = ConnectionThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let wake: PostgresWake
    /// `nil` after `close`.
    private var session: PostgresSession?

    /// Connects and begins to listen.
    init(_ server: PostgresConnectionParameters, channels: [String]) async throws {
        wake = try PostgresWake()
        session = nil
        session = try await wake.stoppable { flag in
            let handle = try server.connect(wake: wake, flag: flag)
            let session = PostgresSession(
                handle, socket: PostgresSocket(), wake: wake,
                statements: PostgresStatements(limit: 0, dialect: .postgres))
            var watch = PostgresWatch(timeout: PostgresLimits.controlTimeout, flag: flag)
            let statements = channels.map { "LISTEN \(InsertTarget.quoted($0))" }
            try session.execute(statements.joined(separator: "; "), &watch)
            return session
        }
    }

    func next() async throws -> [ServerNotification] {
        try await wake.stoppable { flag in
            guard let session else { throw DatabaseError(.closed, "The connection has been closed.") }
            while true {
                let notifications = session.takeNotifications()
                if !notifications.isEmpty { return notifications }
                let hasArrived = try session.waitForInput(PostgresLimits.listenerCheck, flag)
                if !hasArrived { try check(session, flag) }
            }
        }
    }

    func close() {
        session = nil
    }

    /// A connection that is silently gone answers nothing: then it is lost.
    private func check(_ session: PostgresSession, _ flag: CancellationFlag) throws {
        var watch = PostgresWatch(timeout: PostgresLimits.listenerAnswer, flag: flag)
        do {
            try session.execute("SELECT 1", &watch)
        } catch let error as DatabaseError where error.kind == .timedOut {
            throw DatabaseError.connectionLost("no answer within \(PostgresLimits.listenerAnswer)", statement: nil)
        }
    }
}

extension PostgresSession {
    /// The notifications that have arrived, in their order.
    func takeNotifications() -> [ServerNotification] {
        var notifications: [ServerNotification] = []
        while let next = PQnotifies(handle) {
            let channel = next.pointee.relname.map { String(cString: $0) } ?? ""
            let payload = next.pointee.extra.map { String(cString: $0) } ?? ""
            notifications.append(ServerNotification(channel: channel, payload: payload))
            PQfreemem(next)
        }
        return notifications
    }
}
