internal import CPostgres
internal import Foundation

extension PostgresConnectionParameters {
    /// Connects: opens the socket, negotiates TLS, logs in.
    ///
    /// - Parameters:
    ///   - wake: what wakes the thread when the flag is set.
    ///   - flag: set when the task is cancelled.
    /// - Returns: libpq's connection, which the caller closes.
    func connect(wake: PostgresWake, flag: CancellationFlag) throws -> OpaquePointer {
        guard let handle = startConnecting() else {
            throw DatabaseError(connectingTo: self, message: "libpq is out of memory")
        }
        do {
            // By default libpq prints what the server remarks to the standard error stream.
            PQsetNoticeReceiver(handle, { _, _ in }, nil)
            // Only so does the message of a login that fails hold the SQLSTATE.
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            try finishConnecting(handle, wake, flag)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            return handle
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private func finishConnecting(_ handle: OpaquePointer, _ wake: PostgresWake, _ flag: CancellationFlag) throws {
        let end = ContinuousClock.now + connectTimeout
        var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED else {
                throw DatabaseError(connectingTo: self, message: String(cString: PQerrorMessage(handle)))
            }
            var polled = [
                pollfd(
                    fd: PQsocket(handle), events: CShort(status == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                    revents: 0),
                pollfd(fd: wake.readEnd, events: CShort(POLLIN), revents: 0),
            ]
            poll(&polled, 2, end.millisecondsAway())
            if polled[1].revents != 0 { wake.drain() }
            if flag.isSet { throw CancellationError() }
            guard ContinuousClock.now < end else {
                throw DatabaseError(connectingTo: self, message: "no connection within \(connectTimeout)")
            }
            if polled[0].revents != 0 { status = PQconnectPoll(handle) }
        }
    }
}

extension ContinuousClock.Instant {
    /// For `poll`: rounded up, so that the time is over when it returns.
    func millisecondsAway(from now: ContinuousClock.Instant = .now) -> CInt {
        let left = max(.zero, self - now).components
        let milliseconds =
            left.seconds.multipliedReportingOverflow(by: 1_000).partialValue
            + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(clamping: milliseconds)
    }
}
