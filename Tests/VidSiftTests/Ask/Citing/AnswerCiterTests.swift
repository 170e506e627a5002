import Logging
import Synchronization
import TestDatabases
import Testing

@testable import Providers
@testable import VidSift

@Suite struct AnswerCiterTests {
    private func citer(_ model: (any EmbeddingModel)?, isStrict: Bool = false) -> AnswerCiter {
        AnswerCiter(
            evidence: SampleEvidence.all, spansVideos: false, isStrict: isStrict,
            embedder: Embedder(model, logger: logger), logger: logger)
    }

    private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func answer(_ pieces: [String], _ citer: inout AnswerCiter) async throws -> String {
        var read: [AnswerCiter.Piece] = []
        for piece in pieces { read += try await citer.read(piece) }
        read += try await citer.finish()
        return read.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    }

    @Test("without a model words decide")
    func words() async throws {
        var citer = citer(nil)
        let text = try await answer(
            ["The queen lays two thousand eggs a day [", "1]. Submarines dive deep [2]."], &citer)
        #expect(text == "The queen lays two thousand eggs a day [0:06]. Submarines dive deep [10:00].")
        #expect(citer.citations.map(\.status) == [.verified, .unsupported])
        #expect(citer.hasSupportedSentence)
    }

    @Test("with a model the sentence that means the same is cited, even where it shares no word")
    func vectors() async throws {
        let model = MeaningModel()
        var citer = citer(model)
        let text = try await answer(["The sovereign insect is remarkably fecund [1]. Next sentence here."], &citer)
        #expect(text == "The sovereign insect is remarkably fecund [0:06]. Next sentence here.")
        #expect(citer.citations.map(\.status) == [.verified])
        #expect(model.calls == [1 + Support.maximumCandidates])
    }

    @Test("what words settle needs no vectors, and of many claims only so many are asked about")
    func bounded() async throws {
        let model = MeaningModel()
        var one = citer(model)
        _ = try await answer(["The queen lays up to two thousand eggs in a single day [1]."], &one)
        #expect(model.calls.isEmpty)
        var many = citer(model)
        let claims = String(repeating: "Submarines dive remarkably deep [1]. ", count: AnswerCiter.maximumEmbedded * 2)
        _ = try await answer([claims], &many)
        #expect(model.calls.count == AnswerCiter.maximumEmbedded)
        #expect(many.citations.count == AnswerCiter.maximumEmbedded * 2)
    }

    @Test("strictly, what the model calls unsupported isn't sent")
    func strict() async throws {
        var citer = citer(MeaningModel(), isStrict: true)
        let text = try await answer(
            ["Submarines dive remarkably deep [1]. The sovereign insect is remarkably fecund [1]."], &citer)
        #expect(text == "The sovereign insect is remarkably fecund [0:06].")
    }

    @Test("a sentence's vector is asked for once")
    func kept() async throws {
        let model = MeaningModel()
        var citer = citer(model)
        _ = try await answer(["The sovereign insect is remarkably fecund [1]. Submarines dive deep [1]."], &citer)
        #expect(model.calls.count == 2 && model.calls[1] < model.calls[0])
        #expect(citer.citations.map(\.status) == [.verified, .unsupported])
    }

    @Test("a model that others keep busy is not waited for: words decide", .timeLimit(.minutes(1)))
    func busy() async throws {
        let mayGoOn = TestDatabases.Gate()
        let model = MeaningModel(gate: mayGoOn)
        var citer = citer(model)
        let embedder = citer.embedder
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { _ = try await embedder.embed(["a recording"]) } }
            try await eventually("the model is busy") { embedder.isBusy }
            _ = try await answer(["The sovereign insect is remarkably fecund [1]."], &citer)
            mayGoOn.open()
            try await group.waitForAll()
        }
        #expect(model.calls == [1, 1] && !embedder.isBusy)
        #expect(citer.citations.map(\.status) == [.unsupported])
    }

    @Test("a model that fails is not asked again in this answer: words decide")
    func failure() async throws {
        let model = MeaningModel(failure: ProviderError(.computation, "no"))
        var citer = citer(model)
        let text = try await answer(["Submarines dive remarkably deep [1]. Wales sing very loudly [2]."], &citer)
        #expect(text == "Submarines dive remarkably deep [0:00]. Wales sing very loudly [10:00].")
        #expect(model.calls.count == 1)
        #expect(citer.citations.map(\.status) == [.unsupported, .unsupported])
    }
}

/// A model to which whatever is about the queen means the same, and everything else something else.
private final class MeaningModel: EmbeddingModel {
    let identity = EmbeddingModelIdentity(name: "meaning", dimensions: 2)
    let maximumTokens = 128
    private let failure: ProviderError?
    private let gate: TestDatabases.Gate?
    private let counts = Mutex<[Int]>([])

    init(failure: ProviderError? = nil, gate: TestDatabases.Gate? = nil) {
        self.failure = failure
        self.gate = gate
    }

    /// How many texts each call was about.
    var calls: [Int] { counts.withLock(\.self) }

    func embed(_ texts: [String]) async throws -> Embeddings {
        counts.withLock { $0.append(texts.count) }
        if let failure { throw failure }
        await gate?.wait()
        let values = texts.enumerated().flatMap { place, text -> [Float] in
            let isQueen = text.contains("queen") || text.contains("sovereign")
            return isQueen ? [1, 0] : place == 0 ? [0, 1] : [0.6, -0.8]
        }
        return Embeddings(dimensions: 2, values: values)
    }

    func close() async {}
}
