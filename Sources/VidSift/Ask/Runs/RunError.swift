/// Why a run can't be begun, followed or stopped.
package enum RunError: Error, Sendable, Hashable {
    /// There is none, it is somebody else's, or its events were removed.
    case noSuchRun
    case tooManyRuns(maximum: Int)
    /// The server stops.
    case stopping
}

extension RunError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchRun: "There is no such run."
        case .tooManyRuns(let maximum): "\(maximum) answers are being made; more have to wait."
        case .stopping: "The server is stopping."
        }
    }

    /// Whether the same may succeed later.
    package var isRetryable: Bool { self != .noSuchRun }
}
