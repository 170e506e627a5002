import Foundation

/// A real mail server (aiosmtpd), as `scripts/lib/mail-server.sh` installs it.
final class RealMailServer {
    /// Where it is installed; the tests of it are left out without.
    static let folder = ProcessInfo.processInfo.environment["VIDSIFT_TEST_MAIL"]

    static let isInstalled: Bool = {
        if folder == nil { print("skipped: VIDSIFT_TEST_MAIL names no mail server (scripts/test installs one)") }
        return folder != nil && TestCertificate.isPossible
    }()

    /// A message as the server took it.
    struct Taken: Decodable {
        var from: String
        var to: [String]
        var hello: String
        var encrypted: Bool
        var loggedIn: Bool
        /// In base64.
        var content: Data
    }

    private(set) var port = 0
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts it, and waits until it listens.
    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = TestFiles.root.appendingPathComponent("scripts/lib/mail-server.py").path
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
    func taken() throws -> Taken { try JSONDecoder().decode(Taken.self, from: line()) }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func line() throws -> Data {
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 10 { line += byte }
        return line
    }
}
