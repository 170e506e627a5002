import Foundation
import Testing

/// Runs the built program as a person would, in a folder of its own.
final class Vidsift: Sendable {
    /// A folder for the test's files, and the current folder of the program.
    let folder: URL
    /// The library's folder; the program makes it.
    let data: URL
    /// The embedding model's folder; one without a model by default, so that words alone decide.
    let modelFolder: String

    init(modelFolder: String = "/nonexistent") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vidsift-\(UUID())")
        data = folder.appending(path: "data")
        self.modelFolder = modelFolder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        // What is left in the temporary folder harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    /// The program lies beside the bundle of the tests.
    static var binary: URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let runner = bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return runner.deletingLastPathComponent().appending(path: "vidsift")
    }

    /// How a run ended.
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String

        /// The output as one JSON object.
        var json: [String: Any] {
            get throws {
                try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            }
        }

        /// A list of objects in the output's JSON object.
        func list(_ name: String) throws -> [[String: Any]] { try #require(try json[name] as? [[String: Any]]) }

        var lines: [Substring] { output.split(separator: "\n") }
    }

    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Result {
        try await start(Self.binary, arguments, environment).end()
    }

    /// Runs a line of shell in which `$VIDSIFT` is the program.
    func shell(_ line: String) async throws -> Result {
        try await start(URL(fileURLWithPath: "/bin/bash"), ["-c", line], [:]).end()
    }

    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> Running {
        try start(Self.binary, arguments, environment)
    }

    func start(_ arguments: [String], environment: [String: String]) throws -> Running {
        try start(Self.binary, arguments, environment)
    }

    private func start(_ program: URL, _ arguments: [String], _ environment: [String: String]) throws -> Running {
        let usual = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
            "DATA_DIR": data.path, "VIDSIFT_EMBEDDING_DIR": modelFolder, "VIDSIFT": Self.binary.path,
        ]
        return try Running(program, arguments, usual.merging(environment) { $1 }, in: folder)
    }

    // MARK: - Files

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

    @discardableResult
    func write(_ bytes: Data, to name: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
        return file.path
    }

    /// A small WebVTT file: one cue a sentence, five seconds each.
    @discardableResult
    func writeCaptions(_ sentences: [String], to name: String) throws -> String {
        try write(Self.captions(sentences), to: name)
    }

    static func captions(_ sentences: [String]) -> String {
        var text = "WEBVTT\n\n"
        for (index, sentence) in sentences.enumerated() {
            text += "\(stamp(index * 5)) --> \(stamp(index * 5 + 5))\n\(sentence)\n\n"
        }
        return text
    }

    private static func stamp(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).000"
    }

    static let bread = [
        "Today we look at why bread rises.", "Yeast eats sugar and makes carbon dioxide.",
        "The gas is caught in a net of gluten.", "Rye has plenty of protein but makes very little gluten.",
        "That is why rye bread stays low.",
    ]
    static let tides = [
        "High water comes fifty minutes later every day.", "The moon moves on while the earth turns.",
        "Kelvin built a machine of brass wheels that predicted the tide.",
    ]
}
