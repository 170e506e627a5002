internal import ArgumentParser
internal import VidSift

/// Where a job stands, in the words of the command line.
enum ShownJobState: String, ExpressibleByArgument, CaseIterable, Sendable {
    case scheduled, pending, running, waiting, completed, failed, cancelled

    init(_ state: JobState) {
        self =
            switch state {
            case .scheduled: .scheduled
            case .pending: .pending
            case .running: .running
            case .waiting: .waiting
            }
    }

    init(_ state: ArchivedJob.State) {
        self =
            switch state {
            case .completed: .completed
            case .buried: .failed
            case .cancelled: .cancelled
            }
    }

    /// The same among the jobs that have not ended.
    var open: JobState? { JobState.allCases.first { Self($0) == self } }

    /// The same among those that have.
    var ended: ArchivedJob.State? { ArchivedJob.State.allCases.first { Self($0) == self } }
}
