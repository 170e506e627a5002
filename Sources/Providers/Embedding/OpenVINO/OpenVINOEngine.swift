/// The model on its own thread: loads it when it is first needed, and computes batch by batch.
actor OpenVINOEngine {
    private enum State {
        case unloaded
        case loaded(Loaded)
        case closed
    }

    private struct Loaded {
        let library: OpenVINOLibrary
        let session: OpenVINOSession
        let tokenizer: WordPieceTokenizer
        var buffers = Buffers()
    }

    private nonisolated let executor = ThreadExecutor(name: "embedding")
    private let folder: String
    private let options: OpenVINOEmbeddingModel.Options
    private var state = State.unloaded

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(folder: String, options: OpenVINOEmbeddingModel.Options) {
        self.folder = folder
        self.options = options
    }

    func embed(_ texts: [String]) async throws -> Embeddings {
        let dimensions = OpenVINOEmbeddingModel.identity.dimensions
        var values = [Float](repeating: 0, count: texts.count * dimensions)
        let tokens = TokenLists(texts, try loaded().tokenizer)
        for batch in tokens.batches(options) {
            try Task.checkCancellation()
            try compute(batch, of: tokens, into: &values)
            // Lets a question through between two batches of a long recording.
            await Task.yield()
        }
        return Embeddings(dimensions: dimensions, values: values)
    }

    func load() throws -> String? { try loaded().library.versionText }

    func unload() {
        if case .loaded = state { state = .unloaded }
    }

    func close() { state = .closed }

    /// The model, loaded if it is not; looked at again after each suspension, because it may have been closed meanwhile.
    private func loaded() throws -> Loaded {
        switch state {
        case .closed: throw ProviderError(.closed, "The embedded model was closed.")
        case .loaded(let loaded): return loaded
        case .unloaded:
            let loaded = try load(from: folder)
            state = .loaded(loaded)
            return loaded
        }
    }

    private func load(from folder: String) throws -> Loaded {
        let library = try OpenVINOLibrary(folder: folder)
        let vocabulary = try ModelFile.read("\(folder)/vocab.txt", atMost: ModelFile.maximumVocabulary)
        let tokenizer = try WordPieceTokenizer(
            vocabulary: vocabulary, maximumTokens: OpenVINOEmbeddingModel.maximumTokens)
        let modelPath = "\(folder)/model.onnx"
        try ModelFile.requireContents(modelPath)
        let session = try OpenVINOSession(library: library, modelPath: modelPath, properties: properties)
        try warmUp(session)
        return Loaded(library: library, session: session, tokenizer: tokenizer)
    }

    /// Computes the longest text once, so that OpenVINO's buffers have their final size from the start: growing them text
    /// by text leaves holes in memory. Also checks that the model gives vectors of the right size before any is wanted.
    private func warmUp(_ session: OpenVINOSession) throws {
        let length = OpenVINOEmbeddingModel.maximumTokens
        var identifiers = [Int64](repeating: 0, count: length)
        var mask = [Int64](repeating: 1, count: length)
        var types = identifiers
        try session.run(
            identifiers: &identifiers, mask: &mask, types: &types, rows: 1, length: length,
            dimensions: OpenVINOEmbeddingModel.identity.dimensions
        ) { _ in }
    }

    private var properties: [(key: String, value: String)] {
        var properties = [
            ("PERFORMANCE_HINT", "LATENCY"), ("NUM_STREAMS", "1"), ("INFERENCE_NUM_THREADS", "\(options.threads)"),
            ("ENABLE_CPU_PINNING", "NO"), ("CPU_RUNTIME_CACHE_CAPACITY", "0"),
        ]
        if !options.quantisesActivations { properties.append(("DYNAMIC_QUANTIZATION_GROUP_SIZE", "0")) }
        if let precision = options.precision { properties.append(("INFERENCE_PRECISION_HINT", precision)) }
        return properties
    }

    private func compute(_ batch: TokenLists.Batch, of tokens: TokenLists, into values: inout [Float]) throws {
        var loaded = try loaded()
        let dimensions = OpenVINOEmbeddingModel.identity.dimensions
        loaded.buffers.fill(batch, tokens)
        try loaded.session.run(
            identifiers: &loaded.buffers.identifiers, mask: &loaded.buffers.mask, types: &loaded.buffers.types,
            rows: batch.rows.count, length: batch.length, dimensions: dimensions
        ) { output in
            for (row, text) in batch.rows.enumerated() {
                let tokensOfRow = output[(row * batch.length * dimensions)...].prefix(
                    tokens.length(of: text) * dimensions)
                try Pooling.mean(
                    of: UnsafeBufferPointer(rebasing: tokensOfRow), dimensions: dimensions,
                    into: &values, at: text * dimensions)
            }
        }
        // Only the buffers changed, and nobody else ran in between: there was no suspension.
        state = .loaded(loaded)
    }
}

/// The model's inputs, kept from batch to batch.
private struct Buffers {
    var identifiers: [Int64] = []
    var mask: [Int64] = []
    var types: [Int64] = []

    mutating func fill(_ batch: TokenLists.Batch, _ tokens: TokenLists) {
        let count = batch.rows.count * batch.length
        identifiers.removeAll(keepingCapacity: true)
        mask.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        types.append(contentsOf: repeatElement(0, count: count))
        for row in batch.rows {
            let ids = tokens.identifiers(of: row)
            let padding = repeatElement(Int64(0), count: batch.length - ids.count)
            identifiers.append(contentsOf: ids.lazy.map(Int64.init))
            identifiers.append(contentsOf: padding)
            mask.append(contentsOf: repeatElement(1, count: ids.count))
            mask.append(contentsOf: padding)
        }
    }
}
