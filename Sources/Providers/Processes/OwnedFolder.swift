internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A folder for temporary files that only this user can read. It is locked for as long as its owner lives: whatever a
/// process has left that was killed is told by that, and can be swept away.
package struct OwnedFolder: Sendable {
    package let path: String
    private let lock: FolderLock

    /// Somebody who sweeps may take a new folder for one that was left behind.
    private static let attempts = 5

    /// Makes a new one in `parent`; `prefix` is what its name begins with.
    package init(in parent: String, prefix: String) throws(FolderNotMade) {
        for _ in 0..<Self.attempts {
            var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
            guard let name = mkdtemp(&template) else {
                throw FolderNotMade(description: "mkdtemp in \(parent): errno \(errno)")
            }
            let path = String(cString: name)
            if let lock = FolderLock(path) {
                (self.path, self.lock) = (path, lock)
                return
            }
        }
        throw FolderNotMade(description: "no new folder in \(parent) could be locked")
    }

    /// Removes it with all that is in it. What can't be removed is left to whoever sweeps.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        lock.release()
    }

    /// Removes the folders in `parent` whose names begin with `prefix` and whose owners are gone; those that are in use,
    /// by this process or another, stay.
    ///
    /// - Returns: How many were removed.
    package static func sweep(_ prefix: String, in parent: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return names.count { name in
            guard name.hasPrefix(prefix), let lock = FolderLock("\(parent)/\(name)") else { return false }
            defer { lock.release() }
            return (try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")) != nil
        }
    }
}

/// There can be no folder for temporary files; why, for the log.
package struct FolderNotMade: Error, CustomStringConvertible {
    package var description: String
}
