internal import ArgumentParser
internal import Logging

/// A worker whose only purpose is to be killed, stopped and looked at: see `Tests/Crash/README.md`.
@main
struct CrashSubject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-subject",
        abstract: "A worker that is killed at a chosen point, or at any, and tells what it has done.",
        subcommands: [PrepareCommand.self, WorkCommand.self, CheckCommand.self])
}

extension Logger {
    /// What a subject logs goes to the standard errors, and no more than what is wrong.
    static let subject: Logger = {
        var logger = Logger(label: "crash-subject") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }()
}
