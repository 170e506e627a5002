internal import CPostgres
internal import Foundation
internal import Synchronization

/// The socket of a connection, as far as other threads need it: whether the server is still at its other end.
final class PostgresSocket: Sendable {
    /// The file descriptor, `nil` before the connection is made and once it can't be used any more.
    private let descriptor = Mutex<CInt?>(nil)

    #if os(Linux)
        /// `POLLRDHUP`, which Swift does not import: the other end has closed. Unlike `POLLIN` it is not raised by data
        /// that waits unread, such as a remark of the server or a ticket of TLS.
        private static let hangUp: CShort = 0x2000
    #else
        private static let hangUp: CShort = 0
    #endif

    func watch(_ open: CInt) {
        descriptor.withLock { $0 = open }
    }

    /// Whether nothing has been noticed that makes it useless.
    var isOpen: Bool { descriptor.withLock { $0 != nil } }

    /// A look that costs one system call.
    var isAlive: Bool {
        descriptor.withLock { descriptor in
            guard let descriptor else { return false }
            var look = pollfd(fd: descriptor, events: Self.hangUp, revents: 0)
            return poll(&look, 1, 0) == 0
        }
    }

    /// Nobody looks at the descriptor from here on: libpq may close it.
    func forget() {
        descriptor.withLock { $0 = nil }
    }

    /// Ends the connection under libpq's hands, whatever it waits for.
    func cut() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            shutdown(open, CInt(SHUT_RDWR))
            descriptor = nil
        }
    }
}

/// Wakes a connection's thread while it waits for the server: a byte in a pipe.
final class PostgresWake: Sendable {
    let readEnd: CInt
    private let writeEnd: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw DatabaseError(.unavailable, "There are too many open files for one more connection.")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        Foundation.close(readEnd)
        Foundation.close(writeEnd)
    }

    func signal() {
        var byte: UInt8 = 1
        // A full pipe wakes as well.
        _ = write(writeEnd, &byte, 1)
    }

    /// Runs the work of an actor so that cancelling the task sets the flag and wakes the thread.
    func stoppable<T>(
        isolation: isolated (any Actor)? = #isolation, _ work: (CancellationFlag) throws -> T
    ) async throws -> T {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            // Only a closure that captures the actor runs on the actor's thread; any other would block one of the few
            // threads that all tasks share.
            _ = isolation
            if flag.isSet { throw CancellationError() }
            return try work(flag)
        } onCancel: {
            flag.set()
            signal()
        }
    }

    func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(readEnd, &bytes, 16) == 16 {}
    }
}

/// Asks the server to stop what a connection runs. libpq connects a second time for that, which blocks, so it happens
/// on a thread of its own.
final class PostgresCanceller: Sendable {
    // libpq allows `PQcancel` on any thread; what it needs was copied when the connection was made.
    private nonisolated(unsafe) let handle: OpaquePointer
    private let wake: PostgresWake
    private let busy = Atomic(false)

    private static let messageSize: CInt = 256

    init?(_ connection: OpaquePointer, wake: PostgresWake) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
        self.wake = wake
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Whether a request is under way: it could still stop the next statement.
    var isBusy: Bool { busy.load(ordering: .acquiring) }

    /// Sends a request, unless one is under way; the wake tells its end.
    func request() {
        guard !busy.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let thread = Thread { [self] in
            Thread.current.name = "postgres.cancel"
            // A failure shows in the statement going on, which ends with the connection.
            var message = [CChar](repeating: 0, count: Int(Self.messageSize))
            _ = PQcancel(handle, &message, Self.messageSize)
            busy.store(false, ordering: .releasing)
            wake.signal()
        }
        thread.stackSize = PostgresLimits.threadStack
        thread.start()
    }
}
