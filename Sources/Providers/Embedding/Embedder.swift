public import Logging
import Synchronization

/// The embedding model that is configured, or none: without one the program works by words alone and says so.
public final class Embedder: Sendable {
    /// Why there are no vectors, for people; nil where there are some.
    public var absence: String? { state.withLock { $0.absence } }

    private let model: (any EmbeddingModel)?
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var absence: String?
        /// Calls that are under way.
        var calls = 0
    }

    /// Whether a further call would have to wait for another.
    public var isBusy: Bool { state.withLock { $0.calls > 0 } }

    /// - Parameter absence: why there is no model, where there is none.
    public init(_ model: (any EmbeddingModel)?, absence: String? = nil, logger: Logger) {
        self.model = model
        self.logger = logger
        state = Mutex(State(absence: model == nil ? absence ?? "no embedding model is installed" : nil))
    }

    /// The name under which segments of this model are kept, and its dimensions; nil by words alone.
    public var identity: EmbeddingModelIdentity? {
        absence == nil ? model?.identity : nil
    }

    /// The name under which segments are kept; '' by words alone.
    public var segmentModel: String { identity?.name ?? "" }

    /// Vectors for the texts, or nil by words alone.
    ///
    /// A model that is found to be damaged or missing is given up with a warning: what it would do is done by words.
    /// - Throws: `ProviderError` where trying again can help; `CancellationError`.
    public func embed(_ texts: [String]) async throws -> Embeddings? {
        guard let model, absence == nil else { return nil }
        state.withLock { $0.calls += 1 }
        defer { state.withLock { $0.calls -= 1 } }
        do {
            return try await model.embed(texts)
        } catch let error as ProviderError where error.kind.makesModelUseless {
            logger.error("the embedding model can't be used: by words alone", metadata: ["error": "\(error)"])
            state.withLock { $0.absence = error.description }
            return nil
        }
    }

    /// Gives back what the model holds.
    public func close() async {
        await model?.close()
    }
}

extension ProviderError.Kind {
    /// Whether the installation is at fault, so that this process will never get a vector.
    fileprivate var makesModelUseless: Bool {
        switch self {
        case .notInstalled, .incompatible, .damaged: true
        case .computation, .closed, .connection, .timeout, .rateLimited, .quotaExhausted, .unauthorised, .notFound,
            .contextExceeded, .refused, .unavailable, .invalidResponse, .wrongDimensions, .tooLarge:
            false
        }
    }
}
