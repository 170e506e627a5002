internal import ArgumentParser

/// `vidsift work`
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Do background work without serving: as many processes as you like.",
        discussion: """
            A library in PostgreSQL has any number of workers; in a folder one process works at a time, and others wait \
            for it. SIGINT or SIGTERM ends it: nothing new is begun, what runs gets 20 seconds, the rest is given back.
            """)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await WorkingAlone(options: options).run()
    }
}
