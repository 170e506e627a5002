/// An embedding model behind any OpenAI-compatible `POST /embeddings`.
///
/// Texts go out in batches, several at a time; failures that can pass are tried again as ``RetryPolicy`` says. The vectors
/// come back as base64 (or as numbers, from servers that know no other form), are checked and scaled to length 1.
public struct EndpointEmbeddingModel: EmbeddingModel {
    /// Where the model is, and how much is asked of it at once.
    public struct Configuration: Sendable {
        /// Up to and without `/embeddings`, for instance ending in `/v1`.
        public var baseURL: String
        /// Sent as a bearer token; nil for servers that want none.
        public var apiKey: Secret?
        /// The endpoint's name of the model.
        public var model: String
        /// The numbers of a vector. An answer with another size is an error.
        public var dimensions: Int
        /// Whether the endpoint is asked for `dimensions` (only some models can shorten their vectors).
        public var requestsDimensions = false
        /// The tokens of a text that are sent, by estimate; the rest of a longer text is cut.
        public var maximumTokens = 8000
        /// The most texts in a request.
        public var maximumBatchTexts = 256
        /// The most estimated tokens in a request (OpenAI takes 300,000).
        public var maximumBatchTokens = 100_000
        /// The most requests at a time.
        public var concurrentRequests = 4
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// For one attempt, from sending to the last byte of the answer.
        public var requestTimeout = Duration.seconds(60)
        /// A longer answer is not read.
        public var maximumAnswerBytes = 64 << 20
        /// When to try again.
        public var retry = RetryPolicy()

        /// Creates a configuration with the default limits.
        public init(baseURL: String, apiKey: Secret?, model: String, dimensions: Int) {
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.model = model
            self.dimensions = dimensions
        }
    }

    /// Which model this is.
    public let identity: EmbeddingModelIdentity
    private let configuration: Configuration
    private let transport: EndpointTransport
    private let exchange: EmbeddingExchange
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - clock: What the waits between attempts are measured with; a test passes its own.
    ///   - jitter: A random number from 0 to 1.
    public init(
        _ configuration: Configuration, clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        precondition(configuration.dimensions > 0 && configuration.concurrentRequests > 0)
        self.configuration = configuration
        self.clock = clock
        self.jitter = jitter
        identity = EmbeddingModelIdentity(name: configuration.model, dimensions: configuration.dimensions)
        transport = EndpointTransport(
            EndpointTransport.Address(
                service: .embeddings, baseURL: configuration.baseURL, apiKey: configuration.apiKey,
                connectTimeout: configuration.connectTimeout, maximumConnections: Self.maximumConnections))
        exchange = EmbeddingExchange(
            transport: transport, timeout: configuration.requestTimeout,
            maximumAnswerBytes: configuration.maximumAnswerBytes)
    }

    /// The most connections at a time, of all callers together.
    private static let maximumConnections = 64

    /// The numbers of a vector of well-known models, where nothing else is configured.
    public static func usualDimensions(of model: String) -> Int? {
        switch model {
        case "text-embedding-3-small", "text-embedding-ada-002": 1536
        case "text-embedding-3-large": 3072
        case "all-MiniLM-L6-v2": 384
        case "nomic-embed-text": 768
        default: nil
        }
    }

    /// The tokens of a text that are sent, by estimate.
    public var maximumTokens: Int { configuration.maximumTokens }

    /// One unit-length vector a text, in the order of the texts. An empty text is sent as a blank.
    ///
    /// - Throws: ``ProviderError``, or `CancellationError`; then nothing is sent any more and open requests are closed.
    public func embed(_ texts: [String]) async throws -> Embeddings {
        let batches = EmbeddingBatches(
            maximumTexts: configuration.maximumBatchTexts, maximumTokens: configuration.maximumBatchTokens)
        let texts = texts.map { $0.isEmpty ? " " : TokenEstimate.cut($0, toTokens: maximumTokens) }
        var values = [Float](repeating: 0, count: texts.count * configuration.dimensions)
        try await withThrowingTaskGroup(of: (Range<Int>, [Float]).self) { group in
            var waiting = batches.ranges(of: texts)[...]
            for range in waiting.prefix(configuration.concurrentRequests) {
                group.addTask { (range, try await embed(batch: texts[range])) }
            }
            waiting = waiting.dropFirst(configuration.concurrentRequests)
            for try await (range, vectors) in group {
                let start = range.lowerBound * configuration.dimensions
                values.replaceSubrange(start..<start + vectors.count, with: vectors)
                if let range = waiting.popFirst() {
                    group.addTask { (range, try await embed(batch: texts[range])) }
                }
            }
        }
        return Embeddings(dimensions: configuration.dimensions, values: values)
    }

    /// Closes the connections; later calls fail with ``ProviderError/Kind/closed``.
    public func close() async { await transport.close() }

    private func embed(batch texts: ArraySlice<String>) async throws -> [Float] {
        let body = try EmbeddingRequest(texts, configuration).encoded()
        let answer = try await send(body, clock: clock)
        return try EmbeddingAnswer.vectors(in: answer, count: texts.count, dimensions: configuration.dimensions)
    }

    /// Sends `body` until it is answered or the policy gives up; the error is then that of the last attempt.
    private func send<C: Clock>(_ body: [UInt8], clock: C) async throws -> [UInt8] where C.Duration == Duration {
        let start = clock.now
        var attempt = 1
        while true {
            do {
                return try await exchange.post(body)
            } catch let error as ProviderError {
                let decision = configuration.retry.decide(
                    after: error, attempt: attempt, elapsed: start.duration(to: clock.now), jitter: jitter())
                switch decision {
                case .giveUp: throw error
                case .retry(let delay): try await clock.sleep(for: delay)
                }
            }
            attempt += 1
        }
    }
}
