internal import Foundation

/// The folder that holds all of a library's data.
package struct DataDirectory: Sendable {
    package let path: String

    /// Makes the folder where there is none.
    ///
    /// - Throws: `DataDirectoryError` where it can't be made or written.
    package init(_ path: String) throws {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: self.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DataDirectoryError(
                path: self.path, problem: "the folder can't be made: \(error.localizedDescription)")
        }
        guard FileManager.default.isWritableFile(atPath: self.path) else {
            throw DataDirectoryError(path: self.path, problem: "the folder can't be written to")
        }
    }

    package var databasePath: String { Self.database(in: path) }

    /// Where the database of such a folder lies, whether it is there or not.
    package static func database(in folder: String) -> String { folder + "/vidsift.sqlite" }

    /// Marks this process as the one server of the folder, until the lock is released or the process ends.
    ///
    /// - Throws: `DataDirectoryError` when another server has it.
    package func lockForServing() throws -> FileLock {
        guard let lock = try FileLock.acquire(path + "/server.lock", waiting: false) else {
            throw DataDirectoryError(
                path: path,
                problem: "another `vidsift serve` is using the folder. Stop it first, or choose another with --data-dir"
            )
        }
        return lock
    }

    /// The lock under which one process at a time builds indexes. Whatever is found half done under it was left by a
    /// process that is gone.
    package var ingestLockPath: String { path + "/ingest.lock" }
}

/// A data folder that can't be used.
package struct DataDirectoryError: Error, CustomStringConvertible {
    package var path: String
    package var problem: String
    package var description: String { "DATA_DIR \(path): \(problem)." }
}
