/// What can go wrong with running a program, besides its own exit code.
public enum ProcessError: Error, Sendable, Equatable {
    /// There is no such program, or it is no program.
    case notFound(String)
    /// The program is there, and the system could not start it.
    case notStarted(String, reason: String)
    /// It did not end within the limit, and was killed.
    case tookTooLong(Duration)
    /// It wrote more bytes than the limit to its standard output, and was killed.
    case tooMuchOutput(Int)
}

extension ProcessError: CustomStringConvertible {
    /// Safe to show: names the program or the limit, nothing that the program said.
    public var description: String {
        switch self {
        case .notFound(let program): "The program \(program) is not there, or may not be run."
        case .notStarted(let program, _): "The program \(program) could not be started."
        case .tookTooLong(let limit): "The program did not end within \(limit), and was stopped."
        case .tooMuchOutput(let limit): "The program wrote more than \(limit) bytes, and was stopped."
        }
    }
}

extension ProcessError: CustomDebugStringConvertible {
    /// Complete, for the log.
    public var debugDescription: String {
        if case .notStarted(_, let reason) = self { "\(description) \(reason)" } else { description }
    }
}
