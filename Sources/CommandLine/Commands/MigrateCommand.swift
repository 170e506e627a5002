internal import ArgumentParser
internal import Database
internal import VidSift

/// `vidsift migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the library's database up to date.",
        discussion: """
            Every other command does the same by itself. Of several that do it at once one does, the others wait.
            The database is the one of DATABASE_URL, or that in the library's folder.
            """)

    @Flag(help: "Try what is to be done, then undo it: says whether it would succeed.")
    var dryRun = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let settings = try await options.settings()
        let database = try await settings.storage.open(logger: .standardError(settings.logLevel))
        do {
            let migrator = try LibrarySchema.migrator(for: database)
            let names = try await dryRun ? migrator.dryRun(on: database) : migrator.run(on: database)
            try report(names, latest: LibrarySchema.latest(for: database))
        } catch {
            // The migration's own error is what counts.
            try? await database.close()
            throw error
        }
        try await database.close()
    }

    private func report(_ names: [String], latest: String?) throws {
        if options.json {
            return try Output.document { json in
                json.object { json in
                    json.field("dryRun", dryRun)
                    json.key("migrations")
                    json.array(names) { $0.string($1) }
                }
            }
        }
        for name in names { try Output.line("\(dryRun ? "would apply" : "applied") \(name)") }
        if names.isEmpty { try Output.line("up to date" + (latest.map { " (\($0))" } ?? "")) }
        if dryRun, !names.isEmpty { try Output.line("nothing was changed") }
    }
}
