import Foundation

/// A real llama.cpp server with a real, very small model, as `scripts/lib/chat-model.sh` installs it.
final class LlamaServer {
    /// Where it is installed; the tests of it are left out without.
    static let folder = ProcessInfo.processInfo.environment["VIDSIFT_TEST_CHAT_MODEL"]

    static let isInstalled: Bool = {
        if folder == nil { print("skipped: VIDSIFT_TEST_CHAT_MODEL names no chat server (scripts/test installs one)") }
        return folder != nil
    }()

    /// The tokens of a question and its answer.
    static let contextTokens = 2048

    let address: String
    private let process = Process()
    private let input = Pipe()

    /// Starts it, and waits until it listens.
    init() throws {
        let folder = Self.folder ?? ""
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", TestFiles.root.appendingPathComponent("scripts/lib/chat-server.py").path, folder,
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": folder]) { $1 }
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
                .featureUnsupported, userInfo: [NSLocalizedDescriptionKey: "the chat server did not start"])
        }
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
