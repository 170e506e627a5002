extension OpenVINOEmbeddingModel {
    /// The names of the files that are missing or empty in a folder that should hold the model; none: it is installed.
    public static func missingFiles(in folder: String) -> [String] {
        func isMissing(_ look: () throws -> Void) -> Bool {
            do {
                try look()
                return false
            } catch {
                return true
            }
        }
        var missing = ["model.onnx", "vocab.txt"].filter { name in
            isMissing { try ModelFile.requireContents(folder + "/" + name) }
        }
        if isMissing({ _ = try OpenVINOLibrary.path(in: folder) }) { missing.append("libopenvino_c.so") }
        return missing
    }
}
