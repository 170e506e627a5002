/// A transcriber behind any OpenAI-compatible `POST /audio/transcriptions`: OpenAI, whisper.cpp, faster-whisper, vLLM.
///
/// Files are sent as they are read, never held in memory. Failures that can pass are tried again as ``RetryPolicy`` says;
/// after several in a row a ``CircuitBreaker`` keeps further requests from the endpoint for a while.
public struct EndpointTranscriptionModel: TranscriptionModel {
    /// Where the model is, and how long it is waited for.
    public struct Configuration: Sendable {
        /// Up to and without `/audio/transcriptions`, for instance ending in `/v1`.
        public var baseURL: String
        /// Sent as a bearer token; nil for servers that want none.
        public var apiKey: Secret?
        /// The endpoint's name of the model.
        public var model: String
        /// The largest file that is sent. OpenAI takes 25 MB.
        public var maximumFileBytes = 25_000_000
        /// A text without any times is taken for as little speech as this; of more nothing could be found again.
        public var maximumUntimed = Duration.seconds(60)
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// For one attempt, from sending to the last byte of the answer. A slow machine takes as long as the speech did.
        public var requestTimeout = Duration.seconds(15 * 60)
        /// A longer answer is not read.
        public var maximumAnswerBytes = 16 << 20
        /// The most files at a time, of all callers together; others wait for a connection, as long as for making one.
        public var maximumConnections = 64
        /// When to try again: nobody is waiting at a screen, and what was paid for before is not to be lost.
        public var retry = RetryPolicy(
            maximumAttempts: 5, firstDelay: .seconds(1), maximumDelay: .seconds(60), maximumTotal: .seconds(30 * 60))
        /// When to leave the endpoint alone.
        public var breaker = CircuitBreaker.Policy()

        /// Creates a configuration with the default limits.
        public init(baseURL: String, apiKey: Secret?, model: String) {
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.model = model
        }
    }

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
        record = EndpointRecord(configuration.breaker, clock, service: .transcriptions)
        transport = EndpointTransport(
            EndpointTransport.Address(
                service: .transcriptions, baseURL: configuration.baseURL, apiKey: configuration.apiKey,
                connectTimeout: configuration.connectTimeout, maximumConnections: configuration.maximumConnections))
    }

    /// The endpoint's name of the model.
    public var name: String { configuration.model }
    /// The largest file that is sent, in bytes.
    public var maximumFileBytes: Int { configuration.maximumFileBytes }
    /// Whether the endpoint is being asked, or left alone because it fails.
    public var standing: CircuitBreaker.Standing { record.standing }

    /// Closes the connections, open requests with them; later calls fail with ``ProviderError/Kind/closed``.
    public func close() async { await transport.close() }

    /// What is said in a file, as the endpoint hears it: times that can't be are mended, nothing else is judged.
    ///
    /// - Throws: ``ProviderError``: of kind `tooLarge` for a file that the endpoint doesn't take, `invalidResponse` for a
    ///   text without times; `CancellationError`, and then the connection is closed.
    public func transcribe(_ recording: SpeechRecording) async throws -> Transcription {
        let form = try TranscriptionForm(recording, configuration)
        let start = record.now
        var attempt = 1
        while true {
            let permit = try record.admit()
            do {
                let transcription = try await heard(recording, form)
                record.succeed(permit)
                return transcription
            } catch let error as ProviderError {
                record.fail(permit, error)
                guard let delay = delay(after: error, attempt, record.now - start) else { throw error }
                try await clock.sleep(for: delay)
                attempt += 1
            } catch {
                record.abandon(permit)
                throw error
            }
        }
    }

    private func heard(_ recording: SpeechRecording, _ form: TranscriptionForm) async throws -> Transcription {
        let exchange = TranscriptionExchange(
            transport: transport, timeout: configuration.requestTimeout,
            maximumAnswerBytes: configuration.maximumAnswerBytes)
        let answer = try TranscriptionAnswer(await exchange.post(form), secret: configuration.apiKey)
        return try TranscriptionReading(
            duration: recording.duration, maximumUntimed: AudioTime(configuration.maximumUntimed)
        ).transcription(of: answer)
    }

    /// The wait before the next attempt; nil when there is to be none.
    private func delay(after error: ProviderError, _ attempt: Int, _ elapsed: Duration) -> Duration? {
        let decision = configuration.retry.decide(after: error, attempt: attempt, elapsed: elapsed, jitter: jitter())
        guard case .retry(let delay) = decision, !record.isOpen else { return nil }
        return delay
    }
}
