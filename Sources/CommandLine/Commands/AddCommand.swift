internal import ArgumentParser
internal import VidSift

/// `vidsift add`
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add caption files, or all of a folder's.",
        discussion: """
            The same file again does nothing, a changed one replaces. A folder's channel.json names its channel and its \
            videos; --channel goes before it.
            """)

    @Argument(help: "Files or folders.", completion: .file())
    var paths: [String]

    @Option(help: "The channel that the videos belong to; made when there is none of that name.")
    var channel: String?

    @Option(help: "The title, for a single file.")
    var title: String?

    @Option(help: ArgumentHelp("The language that is spoken, such as en.", valueName: "code"))
    var language: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !paths.contains("") else { throw ValidationError("A path is empty.") }
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
        let progress = ProgressLine()
        defer { progress.clear() }
        return try await options.withLibrary(needsVectors: true) { library in
            var report = AddingReport(asJSON: options.json)
            var adding = Adding(library: library, channel: channel, title: title, language: language)
            adding.onProgress = { progress.report($0) }
            try await adding.run(paths) { label in
                progress.begin(label)
            } onOutcome: { outcome in
                progress.clear()
                try report.add(outcome)
            }
            return report
        }
    }
}
