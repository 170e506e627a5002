internal import ArgumentParser
internal import VidSift

/// `vidsift jobs retry`
struct JobsRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Have jobs tried again: those that wait for their time, failed, or were cancelled.")

    @OptionGroup var named: NamedJobs
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let ids = try named.parsed()
        let wishes = try await options.withLibrary { library in
            var wishes = JobWishes(asJSON: options.json)
            for id in ids {
                switch try await library.queue.retry(id) {
                case .queued: try wishes.granted(id, "queued")
                case .already: try wishes.granted(id, "already")
                case .completed: wishes.refused(id, "completed", because: try await completed(id, in: library))
                case .unknown: wishes.refused(id, "unknown", because: .unknown(id))
                }
            }
            try await library.noteMissingWorkers()
            return wishes
        }
        try wishes.end()
    }

    /// What is said of a job that was done; the words of its video may have been not to be had.
    private func completed(_ id: JobID, in library: Components) async throws -> JobProblem {
        guard case .ended(let job)? = try await library.queue.find(id), let reason = job.reason else {
            return .completed(id)
        }
        let video =
            if let id = VideoID(job.subject) { try await Video.get(id, on: library.database) } else { Video?.none }
        return .completed(id, reason: reason, link: video?.youtubeID.map { "https://youtu.be/\($0)" })
    }
}

/// `vidsift jobs cancel`
struct JobsCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs and what they have begun.",
        discussion: "`cancelled` says that it never begins, `requested` that the worker which runs it is told.")

    @OptionGroup var named: NamedJobs
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let ids = try named.parsed()
        let wishes = try await options.withLibrary { library in
            var wishes = JobWishes(asJSON: options.json)
            for id in ids {
                switch try await library.queue.cancel(id) {
                case .cancelled: try wishes.granted(id, "cancelled")
                case .requested: try wishes.granted(id, "requested")
                case .nothing: try await refuse(id, in: library, &wishes)
                }
            }
            return wishes
        }
        try wishes.end()
    }

    private func refuse(_ id: JobID, in library: Components, _ wishes: inout JobWishes) async throws {
        if let found = try await library.queue.find(id) {
            let state = ShownJob(found).state
            wishes.refused(id, state.rawValue, because: .ended(id, state))
        } else {
            wishes.refused(id, "unknown", because: .unknown(id))
        }
    }
}

/// `vidsift jobs redrive`
struct JobsRedrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive", abstract: "Put the jobs of a class that were given up back to work.",
        discussion:
            "Without --kind it says which classes there are: how many jobs, kind, reason. Nothing is changed then.")

    /// The most classes that are listed.
    private static let shownClasses = 1_000

    @Option(help: "The kind, such as index_video.")
    var kind: String?

    @Option(help: "Only those that were given up for this very reason.")
    var reason: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard reason == nil || kind != nil else { throw ValidationError("--reason needs a --kind.") }
    }

    func run() async throws {
        if let kind { try await redrive(JobKind(rawValue: kind)) } else { try await listClasses() }
    }

    private func redrive(_ kind: JobKind) async throws {
        let count = try await options.withLibrary { library in
            // Not more than were there: what is given up anew meanwhile is not tried for ever.
            let known = try await ArchivedJob.countBuried(kind: kind, reason: reason, on: library.database)
            var count = 0
            while count < known {
                let some = try await library.queue.redrive(kind: kind, reason: reason)
                if some == 0 { break }
                count += some
            }
            if count > 0 { try await library.noteMissingWorkers() }
            return count
        }
        guard options.json else { return try Output.line("redriven\t\(count)") }
        try Output.document { json in json.object { $0.field("redriven", count) } }
    }

    private func listClasses() async throws {
        let classes = try await options.withLibrary { library in
            try await ArchivedJob.buriedClasses(limit: Self.shownClasses, on: library.database)
        }
        guard options.json else {
            for one in classes {
                try Output.line("\(one.jobs)\t\(Clean.line(one.kind.rawValue))\t\(Clean.line(one.reason))")
            }
            if classes.isEmpty { Output.raw("Nothing was given up.") }
            return
        }
        try Output.document { json in
            json.object { json in
                json.key("classes")
                json.array(classes) { json, one in
                    json.object { json in
                        json.field("kind", one.kind.rawValue)
                        json.field("reason", one.reason)
                        json.field("jobs", one.jobs)
                        json.field("lastAt", one.lastAt.stamp)
                    }
                }
            }
        }
    }
}
