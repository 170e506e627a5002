internal import Database
internal import Foundation
package import Logging

/// Moves a library from one place to another: opens both, makes sure that nobody else writes into the target, copies.
package struct LibraryMove: Sendable {
    private let from: LibraryPlace
    private let to: LibraryPlace
    private let logger: Logger
    private let onProgress: @Sendable (LibraryCopy.Progress) -> Void

    package init(
        from: LibraryPlace, to: LibraryPlace, logger: Logger,
        onProgress: @escaping @Sendable (LibraryCopy.Progress) -> Void = { _ in }
    ) {
        self.from = from
        self.to = to
        self.logger = logger
        self.onProgress = onProgress
    }

    /// Copies what the source holds now. Interrupted, it goes on when it is run again.
    ///
    /// - Throws: `MovingError`, `DataDirectoryError`, `DatabaseError`, `MigrationError`, `CancellationError`.
    package func copy() async throws -> [LibraryCopy.Outcome] {
        try await copyBetweenPlaces()
    }

    /// Copies into a folder, and describes there what it holds.
    ///
    /// - Parameter program: the version of the program.
    package func export(program: String) async throws -> [LibraryCopy.Outcome] {
        guard let folder = to.storage.folder else { return try await copy() }
        try Self.refuseOtherFiles(in: folder)
        return try await copyBetweenPlaces(before: { try ExportManifest.remove(from: folder) }) { target, outcomes in
            guard outcomes.allSatisfy(\.isEqual) else { return }
            try await target.checkpoint()
            try ExportManifest(
                program: program, exportedAt: Date(), schema: LibrarySchema.latest(for: target) ?? "",
                tables: outcomes.map(\.target)
            ).write(in: folder)
        }
    }

    /// Copies an exported folder, if it is what was exported.
    package func `import`() async throws -> [LibraryCopy.Outcome] {
        guard let folder = from.storage.folder else { return try await copy() }
        return try await copyBetweenPlaces(expecting: try ExportManifest.read(in: folder).tables)
    }

    // MARK: - Between two open libraries

    /// - Parameters:
    ///   - expected: what the source must hold, where that is known.
    ///   - begin: runs when nothing speaks against the copy, before anything is written.
    ///   - finish: runs at the end, while nobody else may write into the target.
    private func copyBetweenPlaces(
        expecting expected: [TableSummary]? = nil, before begin: @escaping @Sendable () throws -> Void = {},
        then finish: @escaping @Sendable (Database, [LibraryCopy.Outcome]) async throws -> Void = { _, _ in }
    ) async throws -> [LibraryCopy.Outcome] {
        let source = try await from.openSource(logger: logger)
        do {
            let outcomes = try await copy(source, expecting: expected, before: begin, then: finish)
            try await source.close()
            return outcomes
        } catch {
            // What went wrong says more than a failure to close.
            try? await source.close()
            throw error
        }
    }

    private func copy(
        _ source: Database, expecting expected: [TableSummary]?, before begin: @escaping @Sendable () throws -> Void,
        then finish: @escaping @Sendable (Database, [LibraryCopy.Outcome]) async throws -> Void
    ) async throws -> [LibraryCopy.Outcome] {
        let serving = try to.storage.lockForServing()
        defer { serving?.release() }
        let target = try await to.openTarget(logger: logger)
        do {
            let outcomes = try await withRight(to: target) { lock in
                // In a folder the locks of its files have told already, and leases may be those of the dead.
                if to.storage.folder == nil, try await lock.isBesideOthers(on: target) { throw MovingError.targetInUse }
                let copy = LibraryCopy(
                    source: source, target: target, lock: lock, expected: expected, sourceName: from.name,
                    onBegin: begin, onProgress: onProgress)
                let outcomes = try await copy.run()
                try await finish(target, outcomes)
                return outcomes
            }
            try await target.close()
            return outcomes
        } catch {
            try? await target.close()
            throw error
        }
    }

    /// Runs the closure while nobody else may write into the target.
    private func withRight<T: Sendable>(
        to target: Database, _ body: @escaping @Sendable (ProcessingLock) async throws -> T
    ) async throws -> T {
        let leases = Leases(database: target, lockPath: try to.storage.ingestLockPath, logger: logger)
        // Whoever was killed holds it for a while.
        let end = ContinuousClock.now + Leases.leaseTime + Self.pause
        while true {
            if let result = try await leases.withLease(Self.name, body) { return result }
            guard ContinuousClock.now < end, to.storage.folder == nil else { throw MovingError.targetInUse }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// The name of the work, for locks.
    private static let name = "move:library"
    private static let pause = Duration.seconds(1)

    /// Where something else lies nothing is exported to: it would be taken for a part of the library.
    private static func refuseOtherFiles(in folder: String) throws {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let others = files.filter {
            !$0.hasPrefix("vidsift.sqlite") && ![ExportManifest.fileName, "server.lock", "ingest.lock"].contains($0)
        }
        guard others.isEmpty else { throw MovingError.folderInUse(folder) }
    }
}
