internal import Logging

/// Failures one after the other of what is tried again and again: the log has the first and the end, not each of them.
struct FailureStreak {
    private let what: String
    private let logger: Logger
    private var count = 0

    init(_ what: String, _ logger: Logger) {
        self.what = what
        self.logger = logger
    }

    mutating func add(_ error: any Error) {
        count += 1
        logger.log(
            level: count == 1 ? .error : .debug, "\(what) failed",
            metadata: ["error": "\(String(reflecting: error))", "time": "\(count)"])
    }

    /// It has worked.
    mutating func end() {
        if count > 0 { logger.notice("\(what) works again", metadata: ["failures": "\(count)"]) }
        count = 0
    }
}
