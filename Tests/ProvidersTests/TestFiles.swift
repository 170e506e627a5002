import Foundation

/// Where the tests find what they read.
enum TestFiles {
    /// The root of the package, found from this file.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder that `scripts/lib/embedding-model.sh` fills.
    static let model = root.appendingPathComponent(".tools/embedding").path

    static let isModelInstalled: Bool = {
        let isThere = FileManager.default.fileExists(atPath: model + "/model.onnx")
        if !isThere {
            print("skipped: the embedded model is not installed (scripts/lib/embedding-model.sh installs it)")
        }
        return isThere
    }()

    /// Bodies recorded from OpenAI, beside the package.
    static let openAI = root.appendingPathComponent("../shared/fixtures/openai").standardizedFileURL

    static let hasOpenAIFixtures: Bool = {
        let isThere = FileManager.default.fileExists(atPath: openAI.path)
        if !isThere { print("skipped: no ../shared/fixtures/openai beside the package") }
        return isThere
    }()

    /// The lines of a file in Resources, each split at its tab.
    static func cases(_ name: String) throws -> [(text: String, answer: String)] {
        let path = root.appendingPathComponent("Tests/ProvidersTests/Resources/\(name)")
        let lines = String(decoding: try Data(contentsOf: path), as: UTF8.self).split(separator: "\n")
        return lines.map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
