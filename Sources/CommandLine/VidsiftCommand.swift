internal import ArgumentParser
internal import Foundation
internal import Logging

/// `vidsift`: the command line. Each command is a file of its own in `Commands`.
@main
struct VidsiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vidsift",
        abstract: "Ask recorded talks a question: every sentence links to the second at which it was said.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, AddCommand.self, AskCommand.self, ReplayCommand.self, SearchCommand.self,
            ListCommand.self, TranscriptCommand.self, RemoveCommand.self, EvalCommand.self, MigrateCommand.self,
            ExportCommand.self, ImportCommand.self, CopyCommand.self, JobsCommand.self, WorkCommand.self,
            ChannelCommand.self, DoctorCommand.self,
        ])

    static func main() async {
        // A reader that leaves early is told by the error of the next write, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        LoggingSystem.bootstrap { Logger.handler($0, level: .warning) }
        do {
            var command = try parseAsRoot(GlobalOptions.afterCommand(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error).exit()
        }
    }
}
