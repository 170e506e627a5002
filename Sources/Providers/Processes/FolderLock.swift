#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Says that somebody who lives uses a folder: the system takes the lock away from whoever dies, so that what is not
/// locked was left behind.
struct FolderLock: Sendable {
    private let descriptor: Int32

    /// Locks the folder at `path`; nil where another has it locked, and where it is none, not ours, or gone.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        // Whoever removed it between had it locked: then the name leads nowhere, or to another folder.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isOurs(descriptor, path) else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    func release() { close(descriptor) }

    private static func isOurs(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_dev == named.st_dev
            && opened.st_ino == named.st_ino && opened.st_uid == geteuid()
    }
}
