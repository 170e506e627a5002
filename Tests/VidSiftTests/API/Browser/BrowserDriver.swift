import Foundation

/// The program through which a test drives Chromium, for as long as it is held.
final class BrowserDriver {
    private static let program = "chromedriver"
    private static let browsers = ["chromium", "google-chrome", "chrome"]

    /// Whether there is a browser here, and what drives it.
    static let isInstalled: Bool = {
        let isThere = isInPath(program) && browsers.contains(where: isInPath)
        if !isThere {
            print("skipped: chromium and chromedriver are not installed (scripts/setup --for-tests installs them)")
        }
        return isThere
    }()

    private static func isInPath(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    struct NotStarted: Error {
        var output: String
    }

    let port: Int
    private let process = Process()
    private let input = Pipe()

    /// Starts it, and waits until it listens.
    init() throws {
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // It ends with its standard input, and so when the tests do, however they end. Signals that our threads don't
        // take are not taken by it either, but for this one.
        process.arguments = ["-c", "\(Self.program) --port=0 & driver=$!; cat >/dev/null; kill -KILL $driver"]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        port = try Self.port(from: output.fileHandleForReading)
    }

    /// Of "ChromeDriver was started successfully on port 43137."
    private static func port(from output: FileHandle) throws -> Int {
        var text = ""
        while let piece = try output.read(upToCount: 1), !piece.isEmpty {
            text += String(decoding: piece, as: UTF8.self)
            if let match = text.firstMatch(of: /started successfully on port (\d+)\./), let port = Int(match.1) {
                return port
            }
        }
        throw NotStarted(output: text)
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
