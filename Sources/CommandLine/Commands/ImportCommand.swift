internal import ArgumentParser
internal import Logging
internal import VidSift

/// `vidsift import`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take over the library that `vidsift export` has written into a folder.",
        discussion: """
            What is in the folder is compared with its manifest.json first. The library must be empty, or come from the \
            same export: an import that was interrupted goes on when it is run again.
            """)

    @Argument(help: "The exported folder.", completion: .directory)
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
        let target = LibraryPlace(settings.storage)
        try await MoveReport(options: options).run(to: target.name) { onProgress in
            try await LibraryMove(
                from: LibraryPlace(.folder(folder)), to: target,
                logger: .standardError(settings.logLevel.forOneCommand), onProgress: onProgress
            ).import()
        }
    }
}
