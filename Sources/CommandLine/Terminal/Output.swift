internal import Foundation

/// The reader of standard output has gone: there is nobody left to write for.
struct OutputClosed: Error {}

/// Standard output for results, standard error for everything else.
enum Output {
    /// Writes to standard output, at once.
    ///
    /// - Throws: `OutputClosed` when nobody reads any more.
    static func write(_ text: String) throws {
        guard writeAll(text, to: STDOUT_FILENO) else { throw OutputClosed() }
    }

    static func line(_ text: String) throws {
        try write(text + "\n")
    }

    static func error(_ text: String) { raw("error: \(Clean.text(text))") }

    static func note(_ text: String) { raw("note: \(Clean.text(text))") }

    /// A line on standard error.
    static func raw(_ text: String) {
        standardError(text + "\n")
    }

    static func standardError(_ text: String) {
        _ = writeAll(text, to: STDERR_FILENO)
    }

    private static func writeAll(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Foundation.write(descriptor, start, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                } else if errno == EAGAIN {
                    var slot = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&slot, 1, -1)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
