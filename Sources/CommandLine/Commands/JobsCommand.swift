internal import ArgumentParser
internal import VidSift

/// `vidsift jobs`
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Look at background work, cancel it, or have it tried again.",
        subcommands: [JobsList.self, JobsShow.self, JobsRetry.self, JobsCancel.self, JobsRedrive.self],
        defaultSubcommand: JobsList.self)
}

/// `vidsift jobs list`
struct JobsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs: id, state, kind, subject, attempts, progress, last error.",
        discussion: "Without --state those that have not ended, and those that were given up.")

    @Option(
        parsing: .upToNextOption,
        help: "scheduled, pending, running, waiting, completed, failed or cancelled; several may be named.")
    var state: [ShownJobState] = []

    @Option(help: "Only jobs of this kind, such as index_video.")
    var kind: String?

    @Option(help: "How many at most, from 1 to 10000.")
    var limit = 100

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 10000.") }
    }

    func run() async throws {
        let jobs: [ShownJob] = try await options.withLibrary { library in try await self.jobs(in: library) }
        guard options.json else {
            for job in jobs { try Output.line(job.line) }
            return
        }
        try Output.document { json in
            json.object { json in
                json.key("jobs")
                json.array(jobs) { json, job in json.object { job.writeFields(to: &$0) } }
            }
        }
    }

    private func jobs(in library: Components) async throws -> [ShownJob] {
        let states = state.isEmpty ? JobState.allCases.map(ShownJobState.init) + [.failed] : state
        let kind = kind.map(JobKind.init(rawValue:))
        let (open, ended) = (states.compactMap(\.open), states.compactMap(\.ended))
        var jobs: [ShownJob] = []
        if !open.isEmpty {
            jobs += try await Job.list(states: open, kind: kind, limit: limit, on: library.database).map(ShownJob.init)
        }
        if !ended.isEmpty, jobs.count < limit {
            jobs += try await ArchivedJob.list(
                states: ended, kind: kind, limit: limit - jobs.count, on: library.database
            ).map(ShownJob.init)
        }
        return jobs
    }
}

/// `vidsift jobs show`
struct JobsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "All that is known of a job, with the attempts that did not succeed.")

    @Argument(help: ArgumentHelp("The job's id.", valueName: "id"))
    var id: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        guard let job = JobID(id) else { throw JobProblem.malformedID(id) }
        let details = try await options.withLibrary { library in
            guard let found = try await library.queue.find(job) else { throw JobProblem.unknown(job) }
            return try await JobDetails(found, in: library)
        }
        guard options.json else {
            for line in details.lines { try Output.line(line) }
            return
        }
        try Output.document { details.write(to: &$0) }
    }
}
