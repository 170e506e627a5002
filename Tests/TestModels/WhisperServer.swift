import Foundation

/// A real whisper.cpp server with Whisper's smallest model, as `scripts/lib/speech-server.sh` installs it.
package final class WhisperServer {
    /// Where it is installed; the tests of it are left out without.
    package static let folder = ProcessInfo.processInfo.environment["VIDSIFT_TEST_SPEECH"]

    package static let isInstalled: Bool = {
        if folder == nil { print("skipped: VIDSIFT_TEST_SPEECH names no speech server (scripts/test installs one)") }
        return folder != nil
    }()

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("scripts/lib/speech-server.py")

    package let address: String
    private let process = Process()
    private let input = Pipe()

    /// Starts it, and waits until it listens.
    package init() throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.script.path, Self.folder ?? "",
        ]
        // It ends with this pipe, and so when this process does.
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 10 { line += byte }
        address = String(decoding: line, as: UTF8.self)
        guard address.hasPrefix("http") else {
            throw CocoaError(
                .featureUnsupported, userInfo: [NSLocalizedDescriptionKey: "the speech server did not start"])
        }
    }

    package func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
