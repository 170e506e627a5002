internal import Synchronization

#if canImport(System)
    internal import System
#else
    internal import SystemPackage
#endif
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A pipe that ends with this process, however it ends: nobody else holds the end that is written to, and nothing is
/// ever written. Whoever reads it and comes to its end knows.
enum OwnersPipe {
    private static let end = Mutex<FileDescriptor?>(nil)

    /// The end that is read, one for the whole process.
    static func readEnd() throws(Errno) -> FileDescriptor {
        try end.withLock { end throws(Errno) in
            if let end { return end }
            let new = try make()
            end = new
            return new
        }
    }

    /// Neither end is handed down: children get no descriptors but those that are named, and these are marked besides.
    private static func make() throws(Errno) -> FileDescriptor {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return FileDescriptor(rawValue: ends[0])
    }
}
