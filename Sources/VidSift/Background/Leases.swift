internal import Database
internal import Foundation
internal import Logging

/// Gives one process at a time the right to a piece of work that is no job, and takes it back when the process is gone.
package struct Leases: Sendable {
    /// How long a lease lasts without a sign of life: whoever died is replaced after this.
    package static let leaseTime = Duration.seconds(10)
    /// How often a lease is renewed.
    package static let renewal = Duration.seconds(3)

    let database: Database
    /// This process, as others see it.
    let holder: String
    /// Where all share a folder: its lock file. The kernel takes that lock from a process that ends, so whatever is
    /// still leased under it was left by one that is gone, and need not be waited for.
    let lockPath: String?
    let logger: Logger

    init(database: Database, lockPath: String?, logger: Logger) {
        self.database = database
        self.lockPath = lockPath
        self.logger = logger
        holder = "\(ProcessName.current)/\(UUID())"
    }
    /// Runs the closure while it alone has the lease of that name, and cancels it when it loses it.
    ///
    /// - Returns: nil, without having run it, while somebody else has the right.
    /// - Throws: `LeaseLost`, `DatabaseError`, what the closure throws.
    func withLease<T: Sendable>(
        _ name: String, _ body: @escaping @Sendable (ProcessingLock) async throws -> T
    ) async throws -> T? {
        var file: FileLock?
        if let lockPath {
            file = try FileLock.acquire(lockPath, waiting: false)
            if file == nil { return nil }
        }
        defer { file?.release() }
        let lease = try await ProcessingLock.acquire(
            name, holder: holder, for: Self.leaseTime, evenIfHeld: lockPath != nil, on: database)
        guard let lease else { return nil }
        do {
            let result = try await renewing(lease, while: body)
            await release(lease)
            return result
        } catch {
            await release(lease)
            throw error
        }
    }

    private func renewing<T: Sendable>(
        _ lease: ProcessingLock, while body: @escaping @Sendable (ProcessingLock) async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await body(lease) }
            group.addTask {
                try await renew(lease)
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Renews until cancelled. A database that does not answer costs the lease only when it is over.
    private func renew(_ lease: ProcessingLock) async throws {
        var end = ContinuousClock.now + Self.leaseTime
        while true {
            try await Task.sleep(for: Self.renewal)
            let start = ContinuousClock.now
            do {
                guard try await lease.renew(for: Self.leaseTime, on: database) else {
                    throw LeaseLost(name: lease.name)
                }
                end = start + Self.leaseTime
            } catch let error as DatabaseError where ContinuousClock.now < end {
                logger.warning(
                    "a lease could not be renewed", metadata: ["lease": "\(lease.name)", "error": "\(error)"])
            }
        }
    }

    /// Gives the lease back although the task may be cancelled, so it runs in a task of its own, for which this one
    /// waits. Where it fails, the lease ends by itself.
    private func release(_ lease: ProcessingLock) async {
        let releasing = Task { [database, logger] in
            do {
                try await lease.release(on: database)
            } catch {
                logger.info("a lease was not given back", metadata: ["lease": "\(lease.name)", "error": "\(error)"])
            }
        }
        await releasing.value
    }
}

/// The work was given to somebody else, because this worker was silent for too long.
package struct LeaseLost: Error, CustomStringConvertible {
    package var name: String

    package init(name: String) {
        self.name = name
    }

    package var description: String { "the lease on \(name) was lost: this worker was silent for too long" }
}

/// This process by its host and number, for people.
enum ProcessName {
    static var current: String {
        "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)"
    }
}
