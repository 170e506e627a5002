internal import ArgumentParser
internal import VidSift

/// `vidsift add`
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add captions and recordings, all of a folder's, or videos, channels and lists of YouTube.",
        discussion: """
            The same file again does nothing, a changed one replaces. A folder's channel.json names its channel and its \
            videos; --channel goes before it. A recording without captions is listened to, where a transcriber is \
            configured (TRANSCRIPTION_MODEL or TRANSCRIPTION_BASE_URL) and ffmpeg installed. Of YouTube any link will \
            do, or an id, or a channel's @handle; it is waited for to the end, and Ctrl-C leaves the rest to \
            `vidsift serve` or `vidsift work`.
            """)

    @Argument(help: "Files, folders, or links to YouTube.", completion: .file())
    var things: [String]

    @Option(help: "The channel that the files' videos belong to; made when there is none of that name.")
    var channel: String?

    @Option(help: "The title, for a single file.")
    var title: String?

    @Option(help: ArgumentHelp("The language that is spoken, such as en.", valueName: "code"))
    var language: String?

    @Option(help: "The most videos of a channel or list of YouTube, the newest of a channel.")
    var limit: Int?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !things.contains("") else { throw ValidationError("A path is empty.") }
        guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit takes a number from 1 on.") }
        guard channel?.isEmpty != true, title?.isEmpty != true else {
            throw ValidationError("A channel or title can't be empty.")
        }
    }

    func run() async throws {
        let report = try await interruptible { try await add() }
        try report.end()
        if report.hasFailures { throw ExitCode.failure }
    }

    private func add() async throws -> AddingReport {
        let things = AddedThings(things)
        guard things.links.isEmpty || (title == nil && language == nil && channel == nil) else {
            throw AddingError.optionsOfFiles
        }
        let progress = ProgressLine()
        defer { progress.clear() }
        return try await options.withLibrary(needsVectors: true) { library in
            var report = AddingReport(asJSON: options.json)
            func tell(_ outcome: Adding.Outcome) throws {
                progress.clear()
                try report.add(outcome)
            }
            if !things.paths.isEmpty {
                var adding = Adding(library: library, channel: channel, title: title, language: language)
                adding.onProgress = { progress.report($0) }
                try await adding.run(things.paths) {
                    progress.begin($0)
                } onOutcome: {
                    try tell($0)
                }
            }
            if !things.links.isEmpty {
                let adding = LinkAdding(library: library, limit: limit, progress: progress)
                try await adding.run(things.links) { try tell($0) }
            }
            return report
        }
    }
}
