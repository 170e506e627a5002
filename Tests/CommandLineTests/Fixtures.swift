import Foundation

/// Where things lie that are not part of the project.
enum Fixtures {
    static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The installed embedding model, where there is one.
    static var embeddingFolder: String? {
        let configured = ProcessInfo.processInfo.environment["VIDSIFT_EMBEDDING_DIR"]
        let folder = configured ?? packageRoot.appending(path: ".tools/embedding").path
        return FileManager.default.fileExists(atPath: folder + "/model.onnx") ? folder : nil
    }

    /// A file or folder of the fixtures beside the checkout, where they are there.
    static func path(_ name: String) -> String? {
        let path = packageRoot.deletingLastPathComponent().appending(path: "shared/fixtures/\(name)").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
