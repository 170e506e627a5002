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
        let progress = ProgressLine()
        let report = try await options.withLibrary(needsVectors: true) { library in
            var report = AddingReport(asJSON: options.json)
            defer { progress.clear() }
            var adding = Adding(library: library, channel: channel, title: title, language: language)
            adding.onProgress = { progress.report($0) }
            try await adding.run(paths) { name, number, count in
                progress.begin(count > 1 ? "\(number)/\(count) \(name)" : name)
            } onOutcome: { outcome in
                progress.clear()
                try report.add(outcome)
            }
            return report
        }
        try report.end()
        if report.hasFailures { throw ExitCode.failure }
    }
}
