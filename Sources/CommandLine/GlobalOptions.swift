internal import ArgumentParser
internal import Logging
internal import Providers
internal import VidSift

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the library; it goes before DATABASE_URL.", valueName: "folder"))
    var dataDir: String?

    @Flag(help: "Write JSON.")
    var json = false

    /// The settings, with what the command line says on top.
    func settings(host: String? = nil, port: Int? = nil) async throws -> Settings {
        try await Settings.load(Settings.Overrides(host: host, port: port, dataDirectory: dataDir))
    }

    /// Opens the library for one command and closes it behind it.
    ///
    /// - Parameter needsVectors: whether to say on standard error that there is no embedding model, where there is none.
    func withLibrary<Result: Sendable>(
        needsVectors: Bool = false, _ body: (Components) async throws -> Result
    ) async throws -> Result {
        let settings = try await settings()
        let library = try await Components.build(
            settings, logger: .standardError(settings.logLevel.forOneCommand))
        if needsVectors, let absence = library.embedder.absence { Output.note("by words alone: \(absence)") }
        do {
            let result = try await body(library)
            try await library.close()
            return result
        } catch {
            // The command's own error is what counts.
            try? await library.close()
            throw error
        }
    }

    /// Moves global options that stand before the command behind it, where they are declared.
    static func afterCommand(_ arguments: [String]) -> [String] {
        var rest = arguments[...]
        var leading: [String] = []
        while let first = rest.first {
            if first == "--data-dir", rest.count > 1 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if first == "--json" || first.hasPrefix("--data-dir=") {
                leading.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let command = rest.first, !command.hasPrefix("-") else { return arguments }
        let name = rest.prefix(hasSubcommands(command) && rest.dropFirst().first?.hasPrefix("-") == false ? 2 : 1)
        return name + leading + rest.dropFirst(name.count)
    }

    private static func hasSubcommands(_ command: String) -> Bool {
        VidsiftCommand.configuration.subcommands.contains {
            $0.configuration.commandName == command && !$0.configuration.subcommands.isEmpty
        }
    }
}

extension Logger {
    /// Writes to standard error: standard output is for results.
    static func standardError(_ level: Level) -> Logger {
        Logger(label: "vidsift") { handler($0, level: level) }
    }

    static func handler(_ label: String, level: Level) -> StreamLogHandler {
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = level
        return handler
    }
}

extension Logger.Level {
    /// A command says itself what it does: of the log only what went wrong, unless more was asked for.
    var forOneCommand: Logger.Level { self == .notice ? .error : self }
}
