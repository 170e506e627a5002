internal import ArgumentParser
internal import Logging
internal import VidSift

/// `vidsift copy`
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy a whole library to another place.",
        discussion: """
            A place is a library's folder, the address of a PostgreSQL database (postgres://…), or env:NAME: what the \
            environment variable NAME says, so that no password is seen in the list of processes. The target must be \
            empty, or come from the same source: a copy that was interrupted goes on when it is run again.
            """)

    @Option(help: ArgumentHelp("Where the library is.", valueName: "place"))
    var from: String

    @Option(help: ArgumentHelp("Where it is to be.", valueName: "place"))
    var to: String

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !from.isEmpty, !to.isEmpty else { throw ValidationError("A place is empty.") }
        guard options.dataDir == nil else {
            throw ValidationError("--data-dir has no meaning here: use --from and --to.")
        }
    }

    func run() async throws {
        let settings = try await options.settings()
        let target = try LibraryPlace(to)
        let source = try LibraryPlace(from)
        try await MoveReport(options: options).run(to: target.name) { onProgress in
            try await LibraryMove(
                from: source, to: target, logger: .standardError(settings.logLevel.forOneCommand),
                onProgress: onProgress
            ).copy()
        }
    }
}
