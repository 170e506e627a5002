import Foundation
import Testing

@testable import Providers

@Suite(
    "The embedded model",
    .enabled(if: TestFiles.isModelInstalled, "the embedding model is not installed: scripts/setup"), .serialized)
struct OpenVINOEmbeddingModelTests {
    @Test("gives the vectors that Python gives, for 200 texts in one call, when activations are not rounded")
    func agreesWithPython() async throws {
        var options = OpenVINOEmbeddingModel.Options()
        options.quantisesActivations = false
        let cosines = try await cosinesWithPython(options)
        for (text, cosine) in cosines { #expect(cosine > 0.9999, "\(cosine) for: \(text.prefix(60))") }
    }

    @Test("stays close to them when activations are rounded, as they are by default")
    func defaultIsClose() async throws {
        let cosines = try await cosinesWithPython(OpenVINOEmbeddingModel.Options())
        for (text, cosine) in cosines { #expect(cosine > 0.998, "\(cosine) for: \(text.prefix(60))") }
        #expect(cosines.reduce(0) { $0 + $1.cosine } / Double(cosines.count) > 0.9995)
    }

    @Test(
        "gives a text the same vector alone and in a batch, but for the rounding",
        arguments: [
            (true, 0.9995), (false, 0.999999),
        ])
    func batchesDoNotMatter(rounds: Bool, least: Double) async throws {
        var options = OpenVINOEmbeddingModel.Options()
        options.quantisesActivations = rounds
        let texts = try TestFiles.cases("embedding-cases.tsv").map(\.text).suffix(60)
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model, options: options)
        let together = try await model.embed(Array(texts))
        for (row, text) in texts.enumerated() {
            let alone = try await model.embed([text])
            #expect(Self.cosine(Array(alone[0]), Array(together[row])) > least)
        }
        await model.close()
    }

    @Test("gives vectors of length one, closer for closer meanings")
    func meaning() async throws {
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model)
        let vectors = try await model.embed([
            "How do I bake bread?", "Put the dough in the oven for forty minutes.",
            "The train to the coast was cancelled.",
        ])
        for row in 0..<3 { #expect(abs(Self.dot(vectors[row], vectors[row]) - 1) < 1e-5) }
        #expect(Self.dot(vectors[0], vectors[1]) > Self.dot(vectors[0], vectors[2]) + 0.1)
        await model.close()
    }

    @Test("answers an empty list with no vectors")
    func nothing() async throws {
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model)
        #expect(try await model.embed([]).count == 0)
        await model.close()
    }

    @Test("works again after its memory was given back, and not after it was closed")
    func lifeCycle() async throws {
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model)
        let first = try await model.embed(["one"])
        await model.unload()
        #expect(try await model.embed(["one"]) == first)
        await model.close()
        await #expect { try await model.embed(["one"]) } throws: { ($0 as? ProviderError)?.kind == .closed }
    }

    @Test("stops between batches when the task is cancelled, and serves the next call")
    func cancellation() async throws {
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model)
        try await model.load()
        let many = (0..<400).map { "Sentence number \($0) about the history of paper." }
        let long = Task { try await model.embed(many) }
        // Served between two batches of the long call: so the long call is under way, or not yet begun.
        _ = try await model.embed(["a question"])
        long.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
        #expect(try await model.embed(["another"]).count == 1)
        await model.close()
    }

    @Test("lets many callers in at once, each with its own answer")
    func concurrentCallers() async throws {
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model)
        let expected = try await model.embed((0..<12).map { "text \($0)" })
        try await withThrowingTaskGroup(of: (Int, Embeddings).self) { group in
            for index in 0..<12 { group.addTask { (index, try await model.embed(["text \(index)"])) } }
            for try await (index, answer) in group {
                #expect(Self.cosine(Array(answer[0]), Array(expected[index])) > 0.9995)
            }
        }
        await model.close()
    }

    private func cosinesWithPython(
        _ options: OpenVINOEmbeddingModel.Options
    ) async throws -> [(text: String, cosine: Double)] {
        let cases = try TestFiles.cases("embedding-cases.tsv")
        #expect(cases.count == 200)
        let model = OpenVINOEmbeddingModel(folder: TestFiles.model, options: options)
        let embeddings = try await model.embed(cases.map(\.text))
        await model.close()
        return try cases.enumerated().map { row, item in
            (item.text, Self.cosine(Array(embeddings[row]), try Self.vector(item.answer)))
        }
    }

    private static func dot(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func cosine(_ left: [Float], _ right: [Float]) -> Double {
        func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
    }

    private static func vector(_ base64: String) throws -> [Float] {
        let bytes = [UInt8](try #require(Data(base64Encoded: base64)))
        return stride(from: 0, to: bytes.count, by: 2).map {
            Float(Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8)) / 32767
        }
    }
}
