import Foundation
import Testing

/// Programs that the tests of mail run, and a folder for their files.
enum MailProgram {
    /// What the program writes; it must end well.
    static func output(_ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments) failed")
        return data
    }

    /// A new folder, for as long as `body` runs.
    static func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vidsift-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}

/// A certificate that has signed itself, made by `openssl`, for a name.
struct TestCertificate {
    static let isPossible: Bool = {
        let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
        if !isThere { print("skipped: openssl is not installed (scripts/setup --for-tests installs it)") }
        return isThere
    }()

    let certificate: String
    let key: String

    init(for names: String, in folder: URL) throws {
        let file = names.replacing(":", with: "-").replacing(",", with: "-")
        certificate = folder.appendingPathComponent("\(file).crt").path
        key = folder.appendingPathComponent("\(file).key").path
        _ = try MailProgram.output([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificate,
        ])
    }
}
