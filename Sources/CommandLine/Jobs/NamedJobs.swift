internal import ArgumentParser
internal import VidSift

/// The jobs that a command names by their ids.
struct NamedJobs: ParsableArguments {
    @Argument(help: ArgumentHelp("Ids, as `jobs list` writes them.", valueName: "id"))
    var ids: [String]

    /// - Throws: `JobProblem.malformedID`, before anything is done.
    func parsed() throws -> [JobID] {
        try ids.map { text in
            guard let id = JobID(text) else { throw JobProblem.malformedID(text) }
            return id
        }
    }
}

/// Why a wish about a job can't be granted.
enum JobProblem: Error, CustomStringConvertible {
    case malformedID(String)
    case unknown(JobID)
    /// It was done: there is nothing to repeat. The reason says why nothing has come of it, where that is so, and the
    /// link leads to the video it was about.
    case completed(JobID, reason: String? = nil, link: String? = nil)
    case ended(JobID, ShownJobState)

    var description: String {
        switch self {
        case .malformedID(let text):
            "\(text.prefix(80).debugDescription) is not the id of a job: `vidsift jobs list` has them."
        case .unknown(let id): "There is no job \(id)."
        case .completed(let id, let reason?, let link):
            """
            The job \(id) was done: \(Clean.line(reason)) `vidsift add \(link ?? "LINK")` has the video asked for again.
            """
        case .completed(let id, nil, _): "The job \(id) was done: there is nothing to try again."
        case .ended(let id, let state): "The job \(id) has ended already: \(state.rawValue)."
        }
    }
}

/// What became of wishes about several jobs: told one by one, and all at the end where it is JSON.
struct JobWishes {
    let asJSON: Bool
    private var outcomes: [(id: JobID, outcome: String)] = []
    private(set) var hasFailures = false

    init(asJSON: Bool) {
        self.asJSON = asJSON
    }

    mutating func granted(_ id: JobID, _ outcome: String) throws {
        outcomes.append((id, outcome))
        if !asJSON { try Output.line("\(outcome)\t\(id)") }
    }

    mutating func refused(_ id: JobID, _ outcome: String, because problem: JobProblem) {
        outcomes.append((id, outcome))
        hasFailures = true
        Output.error(problem.description)
    }

    /// - Throws: `ExitCode.failure` where one was refused.
    func end() throws {
        if asJSON {
            try Output.document { json in
                json.object { json in
                    json.key("jobs")
                    json.array(outcomes) { json, job in
                        json.object { json in
                            json.field("id", job.id.description)
                            json.field("outcome", job.outcome)
                        }
                    }
                }
            }
        }
        if hasFailures { throw ExitCode.failure }
    }
}

extension Components {
    /// Says so where nobody lives who could do what was put into the queue.
    func noteMissingWorkers() async throws {
        guard try await WorkerPresence.alive(within: worker.timing.lease, on: database).isEmpty else { return }
        Output.note("nobody works at the moment: `vidsift work` or `vidsift serve` does")
    }
}
