package import Foundation

/// A real mail server (aiosmtpd), as `scripts/lib/mail-server.sh` installs it.
package final class RealMailServer {
    /// Where it is installed; the tests of it are left out without.
    private static let folder = ProcessInfo.processInfo.environment["VIDSIFT_TEST_MAIL"]

    package static let isInstalled: Bool = {
        if folder == nil { print("skipped: VIDSIFT_TEST_MAIL names no mail server (scripts/test installs one)") }
        return folder != nil
    }()

    /// A message as the server took it.
    package struct Taken: Decodable {
        package var from: String
        package var to: [String]
        package var hello: String
        package var encrypted: Bool
        package var loggedIn: Bool
        /// In base64.
        package var content: Data
    }

    /// The root of the package.
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package private(set) var port = 0
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts it, and waits until it listens.
    package init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = Self.root.appendingPathComponent("scripts/lib/mail-server.py").path
        process.arguments = ["python3", script] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": Self.folder ?? ""]) { $1 }
        // It ends with this pipe, and so when this process does.
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard let port = Int(String(decoding: try line(), as: UTF8.self)) else {
            throw CocoaError(
                .featureUnsupported, userInfo: [NSLocalizedDescriptionKey: "the mail server did not start"])
        }
        self.port = port
    }

    /// The next message that it has taken; it says so before it tells the client.
    package func taken() throws -> Taken { try JSONDecoder().decode(Taken.self, from: line()) }

    /// Stops it.
    ///
    /// - Returns: the messages that it has taken and nobody has asked for.
    package func takenAtLast() throws -> [Taken] {
        stop()
        var messages: [Taken] = []
        while case let line = try line(), !line.isEmpty {
            messages.append(try JSONDecoder().decode(Taken.self, from: line))
        }
        return messages
    }

    package func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func line() throws -> Data {
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 10 { line += byte }
        return line
    }
}
