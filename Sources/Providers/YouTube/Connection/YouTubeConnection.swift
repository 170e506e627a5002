internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import Synchronization

/// The connections to one of YouTube's services: sends a request at a time to hosts that may be contacted
/// (``YouTubeHosts``), within limits of time and size.
final class YouTubeConnection: Sendable {
    /// Where the service is, and what it is allowed.
    struct Settings: Sendable {
        /// As it stands in a sentence, behind "the".
        var name: String
        /// What the addresses of all requests begin with.
        var baseURL: String
        /// For making a connection, or for waiting until one is free.
        var connectTimeout: Duration
        /// From sending to the last byte of the answer.
        var requestTimeout: Duration
        /// A longer answer is not read, counted as it is unpacked.
        var maximumAnswerBytes: Int
        /// The most connections at a time.
        var maximumConnections: Int
    }

    let settings: Settings
    private let hosts: YouTubeHosts?
    private let client: HTTPClient
    private let isClosed = Mutex(false)

    /// What is read of the body of an answer that is an error.
    private static let maximumErrorBytes = 64 << 10
    /// Google's servers pack answers only for programs that name gzip here, too.
    private static let userAgent = "vidsift (gzip)"

    /// - Parameter officialURL: Where the service really is: every other base URL is the owner's own choice of a host.
    init(_ settings: Settings, officialURL: String) {
        var settings = settings
        if settings.baseURL.hasSuffix("/") { settings.baseURL.removeLast() }
        self.settings = settings
        hosts = settings.baseURL == officialURL ? .official : YouTubeHosts(configured: settings.baseURL)
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = TimeAmount(settings.connectTimeout)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.maximumConnections
        // Whether to try again is for the retry policy to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A redirect would lead to any host, and take the key along.
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .enabled(limit: .size(settings.maximumAnswerBytes))
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

    /// The whole answer to `GET`, whatever its status.
    ///
    /// - Parameters:
    ///   - target: What follows the base URL, encoded.
    ///   - headers: More than the usual ones.
    /// - Throws: ``ProviderError``, `CancellationError`; the connection is closed then.
    func get(_ target: String, headers: [(String, String)] = []) async throws -> YouTubeAnswer {
        guard !isClosed.withLock({ $0 }) else { throw closed }
        let url = settings.baseURL + target
        guard let hosts, hosts.allow(url) else {
            throw ProviderError(.refused, "The address of the \(settings.name) is not an http address.")
        }
        var request = HTTPClientRequest(url: url)
        request.headers = HTTPHeaders([("user-agent", Self.userAgent)] + headers)
        return try await withThrowingTaskGroup(of: YouTubeAnswer.self) { [request] group in
            group.addTask { try await self.exchange(request) }
            group.addTask {
                try await ContinuousClock().sleep(for: self.settings.requestTimeout)
                throw self.timeout
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> YouTubeAnswer {
        do {
            let response = try await client.execute(request, deadline: .now() + TimeAmount(settings.requestTimeout))
            return YouTubeAnswer(response, body: try await body(of: response))
        } catch {
            throw providerError(error)
        }
    }

    private func body(of response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        if response.status == .ok {
            for try await chunk in response.body {
                guard bytes.count + chunk.readableBytes <= settings.maximumAnswerBytes else { throw tooLarge }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
            return bytes
        }
        do {
            for try await chunk in response.body where bytes.count < Self.maximumErrorBytes {
                bytes.append(contentsOf: chunk.readableBytesView.prefix(Self.maximumErrorBytes - bytes.count))
            }
        } catch {
            // The status says enough: what came of the body is used.
            if Task.isCancelled { throw CancellationError() }
        }
        return bytes
    }

    /// What an error of the client, or one of ours, is to the caller.
    private func providerError(_ error: any Error) -> any Error {
        // The client reports a cancelled task as an error of its own.
        if Task.isCancelled { return CancellationError() }
        if error is ProviderError || error is CancellationError { return error }
        if error as? NIOHTTPDecompression.DecompressionError == .limit { return tooLarge }
        if error is NIOHTTPDecompression.DecompressionError || error is NIOHTTPDecompression.ExtraDecompressionError {
            return ProviderError(
                .connection, "The answer of the \(settings.name) was damaged on its way.",
                detail: String(describing: error))
        }
        switch error as? HTTPClientError {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            return ProviderError(.timeout, "The \(settings.name) could not be reached in time (connect time-out).")
        case .readTimeout, .writeTimeout, .deadlineExceeded: return timeout
        case .invalidURL, .emptyHost, .emptyScheme:
            return ProviderError(.refused, "The address of the \(settings.name) is not a URL.")
        case let error? where error.shortDescription == HTTPClientError.invalidHeaderFieldValues([]).shortDescription:
            // Its description has the value.
            return ProviderError(
                .unauthorised, "The key of the \(settings.name) has characters that a key can't have.")
        default:
            if isClosed.withLock({ $0 }) { return closed }
            return ProviderError(
                .connection, "The connection to the \(settings.name) failed.", detail: String(describing: error))
        }
    }

    private var closed: ProviderError { ProviderError(.closed, "The \(settings.name) was closed.") }
    private var timeout: ProviderError {
        ProviderError(.timeout, "The \(settings.name) did not answer in time.")
    }
    private var tooLarge: ProviderError {
        ProviderError(.tooLarge, "The answer of the \(settings.name) is too large.")
    }
}
