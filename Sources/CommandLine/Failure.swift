internal import ArgumentParser
internal import Database
internal import Foundation
internal import NIOCore

/// What ends a command before its end: told in one line, with the right exit code.
struct Failure {
    /// Exit code of a question that was not answered.
    static let notAnswered = ExitCode(3)

    private let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    func exit() -> Never {
        switch error {
        case is OutputClosed: Foundation.exit(EXIT_SUCCESS)
        case let error as Interrupted: Foundation.exit(error.exitCode)
        case is CancellationError: Foundation.exit(130)
        case let code as ExitCode: Foundation.exit(code.rawValue)
        default: break
        }
        let code = VidsiftCommand.exitCode(for: error)
        guard code != .failure else {
            Output.error(Self.explanation(of: error))
            Foundation.exit(EXIT_FAILURE)
        }
        // Help, the version, or a wrong use of the command.
        let message = VidsiftCommand.fullMessage(for: error)
        if code == .success {
            // Nobody is left to be told when the reader of the help has gone.
            try? Output.write(message + "\n")
        } else {
            Output.raw(message.replacingPrefix("Error: ", by: "error: "))
        }
        Foundation.exit(code.rawValue)
    }

    /// The error's own words; for an error without words, its kind only: a dump of its insides helps nobody.
    static func explanation(of error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE: "the address is in use by another program"
        case let error as DatabaseError:
            ([error.description] + (error.connectingFailure ?? "").split(separator: "\n").map(String.init))
                .joined(separator: " ")
        case let error as any CustomStringConvertible: error.description
        case let error as any LocalizedError: error.errorDescription ?? "\(type(of: error))"
        default: "the command failed (\(type(of: error)))"
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, by other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
