internal import NIOCore
internal import Synchronization

/// A chat model behind any OpenAI-compatible `POST /chat/completions`: OpenAI, Ollama, vLLM, llama.cpp, LM Studio.
///
/// Answers are streamed. Failures that can pass are tried again as ``RetryPolicy`` says, but only until the first piece of
/// text was handed over; after several in a row a ``CircuitBreaker`` keeps further requests from the endpoint for a while.
public struct EndpointChatModel: ChatModel {
    /// Where the model is, and how long it is waited for.
    public struct Configuration: Sendable {
        /// Up to and without `/chat/completions`, for instance ending in `/v1`.
        public var baseURL: String
        /// Sent as a bearer token; nil for servers that want none.
        public var apiKey: Secret?
        /// The endpoint's name of the model.
        public var model: String
        /// The tokens that prompt and answer together may have.
        public var contextTokens: Int
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// For the model's first word, of one attempt. Local models are loaded when they are first asked.
        public var firstTokenTimeout = Duration.seconds(60)
        /// For each further word.
        public var idleTimeout = Duration.seconds(30)
        /// For the whole answer, of one attempt.
        public var answerTimeout = Duration.seconds(600)
        /// A longer answer is cut off, counted with all that is around its text.
        public var maximumAnswerBytes = 32 << 20
        /// The most questions at a time; others wait for a connection, as long as for making one.
        public var maximumConnections = 1024
        /// When to try again: somebody is waiting.
        public var retry = RetryPolicy(
            maximumAttempts: 3, firstDelay: .milliseconds(300), maximumDelay: .seconds(3), maximumTotal: .seconds(20))
        /// When to leave the endpoint alone.
        public var breaker = CircuitBreaker.Policy()

        /// Creates a configuration with the default limits.
        public init(baseURL: String, apiKey: Secret?, model: String, contextTokens: Int) {
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.model = model
            self.contextTokens = contextTokens
        }
    }

    /// For the rest of the body after the model's last word; then the connection is closed, and the answer is complete.
    static let endTimeout = Duration.seconds(1)

    private let configuration: Configuration
    private let transport: EndpointTransport
    private let record: EndpointRecord
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - clock: What the waits between attempts and the breaker's pauses are measured with; a test passes its own.
    ///   - jitter: A random number from 0 to 1.
    public init(
        _ configuration: Configuration, clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.configuration = configuration
        self.clock = clock
        self.jitter = jitter
        record = EndpointRecord(configuration.breaker, clock)
        transport = EndpointTransport(
            EndpointTransport.Address(
                service: .chat, baseURL: configuration.baseURL, apiKey: configuration.apiKey,
                connectTimeout: configuration.connectTimeout, maximumConnections: configuration.maximumConnections))
    }

    /// The endpoint's name of the model.
    public var name: String { configuration.model }
    /// The tokens that prompt and answer together may have.
    public var contextTokens: Int { configuration.contextTokens }
    /// Whether the endpoint is being asked, or left alone because it fails.
    public var standing: CircuitBreaker.Standing { record.standing }

    /// Closes the connections, open answers with them; later calls fail with ``ProviderError/Kind/closed``.
    public func close() async { await transport.close() }

    /// Asks, and hands over the answer's text as it comes; what came together is handed over together.
    ///
    /// The next piece is not read before `receive` has returned.
    public func answer(
        _ prompt: consuming ChatPrompt, receive: @escaping @Sendable (String) async throws -> Void
    ) async throws -> ChatEnd {
        let start = record.now
        let prompt = HeldPrompt(prompt)
        var attempt = 1
        while true {
            let permit = try record.admit()
            let dialect = record.dialect
            let delivery = AnswerDelivery {
                // From here on it is not asked again.
                prompt.release()
                try await receive($0)
            } didProgress: {
                record.begin(permit)
            }
            do {
                let exchange = ChatExchange(transport: transport, configuration: configuration, delivery: delivery)
                let end = try await exchange.run(prompt.body(model: name, dialect))
                record.succeed(permit)
                return end
            } catch let error as ProviderError {
                record.fail(permit, error)
                guard !delivery.hasBegun else { throw error }
                if record.learn(from: error, in: dialect) { continue }
                guard let delay = delay(after: error, attempt, record.now - start) else {
                    throw error
                }
                try await clock.sleep(for: delay)
                attempt += 1
            } catch {
                record.abandon(permit)
                throw (error as? AnswerDelivery.Refusal)?.cause ?? error
            }
        }
    }

    /// The wait before the next attempt; nil when there is to be none.
    private func delay(after error: ProviderError, _ attempt: Int, _ elapsed: Duration) -> Duration? {
        let decision = configuration.retry.decide(after: error, attempt: attempt, elapsed: elapsed, jitter: jitter())
        guard case .retry(let delay) = decision, !record.isOpen else { return nil }
        return delay
    }
}

/// A prompt for as long as it may have to be sent again.
private final class HeldPrompt: Sendable {
    private let prompt: Mutex<ChatPrompt>

    init(_ prompt: consuming ChatPrompt) {
        self.prompt = Mutex(prompt)
    }

    func release() { prompt.withLock { $0.messages = [] } }

    func body(model: String, _ dialect: ChatDialect) -> ReleasableBody {
        ReleasableBody(ChatRequestBody.bytes(prompt.withLock(\.self), model: model, dialect))
    }
}
