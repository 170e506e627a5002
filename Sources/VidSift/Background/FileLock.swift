internal import Foundation
internal import Synchronization

/// A lock between processes that the kernel releases when its holder ends, however it ends (`flock`).
package final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    private init(_ descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Takes the lock.
    ///
    /// - Parameter waiting: whether to block the calling thread until the lock is free.
    /// - Returns: nil when another process has it and `waiting` is false.
    package static func acquire(_ path: String, waiting: Bool) throws -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FileLockError(path: path, reason: String(cString: strerror(errno)))
        }
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw FileLockError(path: path, reason: String(cString: strerror(reason)))
        }
        return FileLock(descriptor)
    }

    package func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            close(open)
            descriptor = nil
        }
    }
}

/// A lock file that can't be opened.
package struct FileLockError: Error, CustomStringConvertible {
    package var path: String
    package var reason: String
    package var description: String { "The lock file \(path) can't be used: \(reason)." }
}
