internal import ArgumentParser
internal import Logging
internal import VidSift

/// `vidsift export`
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the whole library into a folder.",
        discussion: """
            The folder is a library itself (`vidsift --data-dir FOLDER list`), with a manifest.json of what it holds. \
            An export that was interrupted goes on when it is run again. The library may go on serving: what is added \
            while it runs is not part of it.
            """)

    @Argument(help: "A new or empty folder, or one that was exported to before.", completion: .directory)
    var folder: String

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !folder.isEmpty else { throw ValidationError("The folder's name is empty.") }
        guard !LibraryPlace.isAddress(folder) else {
            throw ValidationError(
                "That is the address of a database, not a folder: use `vidsift copy --from … --to …`.")
        }
    }

    func run() async throws {
        let settings = try await options.settings()
        try await MoveReport(options: options).run(to: folder) { onProgress in
            try await LibraryMove(
                from: LibraryPlace(settings.storage), to: LibraryPlace(.folder(folder)),
                logger: .standardError(settings.logLevel.forOneCommand), onProgress: onProgress
            ).export(program: VidsiftCommand.configuration.version)
        }
    }
}
