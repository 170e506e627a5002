internal import Foundation
internal import Providers

/// Keeps the vectors of a set's documents from one run to the next.
///
/// Layout: the line `vidsift-vectors <model> <dimensions> <fingerprint of the texts>`, then the vectors as 32-bit floats
/// in this machine's byte order. A file that doesn't fit the texts or the model is made anew.
struct VectorFile {
    /// Texts that are embedded between two steps of progress.
    static let batch = 64

    /// Nil keeps nothing.
    let path: String?

    /// One vector a text; nil without a model.
    func vectors(of texts: [String], by embedder: Embedder, onStep: (Int, Int) -> Void) async throws -> Embeddings? {
        guard let identity = embedder.identity else { return nil }
        let heading = "vidsift-vectors \(identity.name) \(identity.dimensions) \(Self.fingerprint(of: texts))\n"
        if let kept = kept(under: heading, count: texts.count * identity.dimensions) {
            return Embeddings(dimensions: identity.dimensions, values: kept)
        }
        var values: [Float] = []
        values.reserveCapacity(texts.count * identity.dimensions)
        for start in stride(from: 0, to: texts.count, by: Self.batch) {
            let end = min(texts.count, start + Self.batch)
            guard let batch = try await embedder.embed(Array(texts[start..<end])) else { return nil }
            values += batch.values
            onStep(end, texts.count)
        }
        try keep(values, under: heading)
        return Embeddings(dimensions: identity.dimensions, values: values)
    }

    private func kept(under heading: String, count: Int) -> [Float]? {
        guard let path, let data = FileManager.default.contents(atPath: path), data.starts(with: heading.utf8) else {
            return nil
        }
        let body = data.dropFirst(heading.utf8.count)
        guard body.count == count * MemoryLayout<Float>.size else { return nil }
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            initialised = body.copyBytes(to: buffer) / MemoryLayout<Float>.size
        }
    }

    private func keep(_ values: [Float], under heading: String) throws {
        guard let path else { return }
        do {
            var data = Data(heading.utf8)
            values.withUnsafeBytes { data.append(contentsOf: $0) }
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw EvaluationError.notWritten(path: path, reason: (error as NSError).localizedDescription)
        }
    }

    /// FNV-1a over the texts: tells another set, not an attack.
    private static func fingerprint(of texts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
