internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import Synchronization

/// Sends one request at a time bound and a size bound, and turns everything that goes wrong into a ``ProviderError``.
final class EndpointTransport: Sendable {
    private let client: HTTPClient
    private let isClosed = Mutex(false)
    private let url: String
    private let apiKey: Secret?
    private let requestTimeout: Duration
    private let maximumAnswerBytes: Int

    /// What is read of the body of an answer that is an error.
    private static let maximumErrorBytes = 64 << 10

    init(_ configuration: EndpointEmbeddingModel.Configuration) {
        var settings = HTTPClient.Configuration()
        settings.timeout.connect = TimeAmount(configuration.connectTimeout)
        // A redirect would take the key to another address.
        settings.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let base = configuration.baseURL
        url = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/embeddings"
        apiKey = configuration.apiKey
        requestTimeout = configuration.requestTimeout
        maximumAnswerBytes = configuration.maximumAnswerBytes
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

    /// The body of a successful answer.
    func post(_ body: [UInt8]) async throws -> [UInt8] {
        guard !isClosed.withLock({ $0 }) else { throw ProviderError(.closed, "The embeddings endpoint was closed.") }
        do {
            return try await withTimeout(requestTimeout) { try await self.exchange(body) }
        } catch let error as ProviderError {
            throw error
        } catch {
            // The client reports a cancelled task as an error of its own.
            try Task.checkCancellation()
            throw Self.connectionError(error)
        }
    }

    private func exchange(_ body: [UInt8]) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "accept", value: "application/json")
        if let apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey.value)") }
        request.body = .bytes(body)
        let response = try await client.execute(request, timeout: TimeAmount(requestTimeout))
        guard response.status == .ok else { throw await failure(response) }
        return try await bytes(of: response)
    }

    private func bytes(of response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= maximumAnswerBytes else {
                throw ProviderError(.tooLarge, "The answer of the embeddings endpoint is too large.")
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }

    private func failure(_ response: HTTPClientResponse) async -> ProviderError {
        var bytes: [UInt8] = []
        do {
            for try await chunk in response.body where bytes.count < Self.maximumErrorBytes {
                bytes.append(contentsOf: chunk.readableBytesView.prefix(Self.maximumErrorBytes - bytes.count))
            }
        } catch {
            // The status says enough: what came of the body is used.
        }
        let headers = EndpointFailure.Headers(
            retryAfterMilliseconds: response.headers.first(name: "retry-after-ms"),
            retryAfter: response.headers.first(name: "retry-after"), date: response.headers.first(name: "date"))
        return EndpointFailure.error(
            status: Int(response.status.code), headers: headers, body: bytes, secret: apiKey?.value)
    }

    private static func connectionError(_ error: any Error) -> ProviderError {
        switch error as? HTTPClientError {
        case .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout:
            timeout
        case .invalidURL, .emptyHost, .emptyScheme:
            ProviderError(.refused, "The address of the embeddings endpoint is not a URL.")
        default:
            ProviderError(
                .connection, "The connection to the embeddings endpoint failed.", detail: String(describing: error))
        }
    }

    private static let timeout = ProviderError(.timeout, "The embeddings endpoint did not answer in time.")

    private func withTimeout<Value: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await ContinuousClock().sleep(for: timeout)
                throw Self.timeout
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
