internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTPCompression
internal import Synchronization

/// The connections to one service, made as all clients of such services want them: nothing is sent twice unasked, no
/// redirect is followed, and what goes wrong is a ``ProviderError``.
final class WebConnections: Sendable {
    /// What they are to.
    struct Settings: Sendable {
        /// The service's name, as it stands in a sentence, behind "the".
        var name: String
        /// For making a connection, or for waiting until one is free.
        var connectTimeout: Duration
        /// The most connections at a time.
        var maximumConnections: Int
        /// The most bytes of an answer that comes packed, as it is unpacked; nil where none is asked for packed.
        var maximumUnpackedBytes: Int?
    }

    /// What requests are sent with.
    let client: HTTPClient
    private let name: String
    private let isClosed = Mutex(false)

    /// What is read of the body of an answer that is an error.
    private static let maximumErrorBytes = 64 << 10

    /// Connects to nothing yet.
    ///
    /// - Parameter whenConnected: Is called for each new connection.
    init(_ settings: Settings, whenConnected: @escaping @Sendable () -> Void = {}) {
        name = settings.name
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = TimeAmount(settings.connectTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.maximumConnections
        // Whether to try again is for the retry policy to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A redirect would lead to any host, and take the key along.
        configuration.redirectConfiguration = .disallow
        if let limit = settings.maximumUnpackedBytes { configuration.decompression = .enabled(limit: .size(limit)) }
        configuration.http1_1ConnectionDebugInitializer = { channel in
            whenConnected()
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The client must be shut down before it is let go; its own work keeps it until then.
        let isOpen = isClosed.withLock { !$0 }
        if isOpen { client.shutdown { _ in } }
    }

    func close() async {
        let wasOpen = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        if wasOpen { try? await client.shutdown() }
    }

    /// - Throws: ``ProviderError`` of kind `closed` after ``close()``.
    func checkOpen() throws { if isClosed.withLock({ $0 }) { throw closed } }

    /// What came in time of the body of an answer that is an error: its status says enough already.
    ///
    /// - Parameter deadline: The request's own, which ends with the beginning of the answer.
    func errorBody(of response: HTTPClientResponse, until deadline: NIODeadline) async -> [UInt8] {
        let rest = Duration.nanoseconds((deadline - .now()).nanoseconds)
        return await BodyBeginning.read(response.body, Self.maximumErrorBytes, until: .now + max(rest, .zero))
    }

    /// What an error of the client, or one of ours, is to the caller.
    func providerError(_ error: any Error) -> any Error {
        // The client reports a cancelled task as an error of its own.
        if Task.isCancelled { return CancellationError() }
        if error is ProviderError || error is CancellationError { return error }
        if error as? NIOHTTPDecompression.DecompressionError == .limit { return tooLarge }
        if error is NIOHTTPDecompression.DecompressionError || error is NIOHTTPDecompression.ExtraDecompressionError {
            return ProviderError(
                .connection, "The answer of the \(name) was damaged on its way.", detail: String(describing: error))
        }
        switch error as? HTTPClientError {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            return ProviderError(.timeout, "The \(name) could not be reached in time (connect time-out).")
        case .readTimeout, .writeTimeout, .deadlineExceeded: return timeout
        case .invalidURL, .emptyHost, .emptyScheme:
            return ProviderError(.refused, "The address of the \(name) is not a URL.")
        case let error? where error.shortDescription == HTTPClientError.invalidHeaderFieldValues([]).shortDescription:
            // Its description has the value.
            return ProviderError(.unauthorised, "The key of the \(name) has characters that a key can't have.")
        default:
            if isClosed.withLock({ $0 }) { return closed }
            return ProviderError(
                .connection, "The connection to the \(name) failed.", detail: String(describing: error))
        }
    }

    private var closed: ProviderError { ProviderError(.closed, "The \(name) was closed.") }
    var timeout: ProviderError { ProviderError(.timeout, "The \(name) did not answer in time.") }
    var tooLarge: ProviderError { ProviderError(.tooLarge, "The answer of the \(name) is too large.") }
}
