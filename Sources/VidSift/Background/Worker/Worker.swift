package import Database
internal import Foundation
package import Logging
internal import ServiceLifecycle

/// Does the work that is written down, whoever wrote it down and whenever. Any number of workers may run at once.
package struct Worker: Service {
    package let id: WorkerID
    /// Where it runs: host and process.
    package let name: String
    package let bindings: [JobKind: JobBinding]
    package let timing: WorkerTiming
    let database: Database
    let bell: JobBell
    /// Where workers share a folder, one works at a time: its lock file. The kernel takes that lock from a process that
    /// ends, so whatever is still claimed under it was left by one that is gone, and need not be waited for.
    let lockPath: String?
    let logger: Logger

    package init(
        database: Database, bindings: [JobBinding], bell: JobBell, lockPath: String?,
        timing: WorkerTiming = WorkerTiming(), logger: Logger
    ) {
        id = WorkerID()
        name = ProcessName.current
        self.database = database
        self.bindings = Dictionary(bindings.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
        self.bell = bell
        self.lockPath = lockPath
        self.timing = timing
        self.logger = logger
    }

    /// How often the folder's lock is asked for while another process works.
    private static let lockPause = Duration.milliseconds(200)

    /// Works until the server stops: then the running jobs get their grace, and what is left is given back.
    package func run() async throws {
        let shift = Shift(self, until: .stopped)
        try await withGracefulShutdownHandler {
            try await work(shift)
        } onGracefulShutdown: {
            shift.stop()
        }
    }

    /// Does all that is due now, and what becomes due by that; then it is done.
    ///
    /// - Throws: `DatabaseError` where work can't even be looked for.
    package func drain() async throws {
        try await work(Shift(self, until: .drained))
    }

    /// Runs the shift to its end. Cancelling the task ends it without grace; the claims are given back all the same, so
    /// it runs in a task of its own, for which this one waits.
    private func work(_ shift: Shift) async throws {
        let working = Task {
            guard let lock = try await folderLock(for: shift) else { return }
            defer { lock.release() }
            try await shift.work()
        }
        try await withTaskCancellationHandler {
            try await working.value
        } onCancel: {
            shift.stopNow()
        }
        try Task.checkCancellation()
    }

    /// Waits until no other process works in the folder.
    ///
    /// - Returns: nil when the shift ended first: told to stop, or, where it only drains, because others have done all.
    private func folderLock(for shift: Shift) async throws -> FolderRight? {
        guard let lockPath else { return FolderRight(lock: nil) }
        while !shift.isStopping {
            if let lock = try FileLock.acquire(lockPath, waiting: false) {
                var rescued = 0
                while true {
                    let count = try await Job.rescue(
                        .heldByOthers(than: id.description), by: id.description, on: database)
                    if count == 0 { break }
                    rescued += count
                }
                if rescued > 0 { logger.notice("took over what was left", metadata: ["jobs": "\(rescued)"]) }
                return FolderRight(lock: lock)
            }
            if shift.end == .drained, try await !Job.isAnyOpen(of: Array(bindings.keys), on: database) { return nil }
            try await Task.sleep(for: Self.lockPause)
        }
        return nil
    }

    /// The right to work in a folder, or anywhere.
    private struct FolderRight {
        var lock: FileLock?
        func release() { lock?.release() }
    }
}
