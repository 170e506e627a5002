/// all-MiniLM-L6-v2 with int8 weights, in this process: no key, no network, English.
///
/// Everything is loaded by the first ``embed(_:)``; until then it costs nothing. The work is done on one thread of its own.
/// Texts of more than ``maximumTokens`` tokens (about 190 English words) are cut: what comes after is not embedded.
public final class OpenVINOEmbeddingModel: EmbeddingModel {
    /// What can be chosen; the defaults were the fastest measured on one core (`Benchmarks/embedding`).
    public struct Options: Sendable {
        /// Threads that compute.
        public var threads = 1
        /// The most texts that the model sees at once.
        public var batchSize = 4
        /// The most tokens, padding included, that the model sees at once. Bounds the memory, which grows with the square of
        /// the length: with 256, a text of 256 tokens is alone (a batch of them is no faster, and takes 90 MB more).
        public var batchTokens = 256
        /// How many tokens shorter than the longest of its batch a text may be: bounds the padding that is computed in vain.
        public var padding = 16
        /// Whether activations are rounded to 8 bits as well as weights: a third less time. Vectors then differ from the
        /// exact ones by a cosine of .9984 at worst and .9997 on average (200 texts), and with the padding by .9998 at worst.
        public var quantisesActivations = true
        /// The number format that OpenVINO computes in, such as `f32` or `bf16`; nil leaves the choice to it.
        public var precision: String? = "f32"

        /// The defaults.
        public init() {}
    }

    /// The name and size of its vectors.
    public static let identity = EmbeddingModelIdentity(name: "all-MiniLM-L6-v2-int8", dimensions: 384)

    /// The tokens of a text that are read, `[CLS]` and `[SEP]` included.
    public static let maximumTokens = 256

    private let engine: OpenVINOEngine

    /// A model whose files (`libopenvino_c.so*` and its companions, `model.onnx`, `vocab.txt`) lie in `folder`.
    ///
    /// Touches nothing: missing files are reported by ``embed(_:)``, or by ``missingFiles(in:)``.
    public init(folder: String, options: Options = Options()) {
        engine = OpenVINOEngine(folder: folder, options: options)
    }

    /// Which model this is.
    public var identity: EmbeddingModelIdentity { Self.identity }
    /// The tokens of a text that are read.
    public var maximumTokens: Int { Self.maximumTokens }

    /// One unit-length vector of 384 numbers a text, in the order of the texts.
    ///
    /// Other calls are served between the batches of a long one, and cancellation is seen there.
    ///
    /// - Throws: ``ProviderError`` of kind `notInstalled`, `incompatible`, `damaged`, `computation` or `closed`;
    ///   `CancellationError`.
    public func embed(_ texts: [String]) async throws -> Embeddings {
        try await engine.embed(texts)
    }

    /// Loads the model now, so that the first question does not wait for it. Returns the version of OpenVINO.
    @discardableResult
    public func load() async throws -> String? {
        try await engine.load()
    }

    /// Gives the memory back; the next ``embed(_:)`` loads the model again.
    public func unload() async {
        await engine.unload()
    }

    /// Gives the memory back for good.
    public func close() async {
        await engine.close()
    }
}
