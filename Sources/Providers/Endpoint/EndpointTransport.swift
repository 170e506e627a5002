internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import Synchronization

/// The connections to an endpoint: sends requests, and turns everything that goes wrong into a ``ProviderError``.
final class EndpointTransport: Sendable {
    /// Where the endpoint is.
    struct Address: Sendable {
        var service: EndpointService
        /// Up to and without the service's own path.
        var baseURL: String
        /// Sent as a bearer token.
        var apiKey: Secret?
        /// For making a connection, or for waiting until one is free.
        var connectTimeout: Duration
        /// The most connections at a time.
        var maximumConnections: Int
    }

    private let address: Address
    private let url: String
    private let client: HTTPClient
    private let isClosed = Mutex(false)
    private let connections: ConnectionCount

    /// What is read of the body of an answer that is an error.
    private static let maximumErrorBytes = 64 << 10

    init(_ address: Address) {
        self.address = address
        url = address.service.url(behind: address.baseURL)
        let connections = ConnectionCount()
        self.connections = connections
        var settings = HTTPClient.Configuration()
        settings.httpVersion = .http1Only
        settings.timeout.connect = TimeAmount(address.connectTimeout)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = address.maximumConnections
        // Whether to try again is for the retry policy to say.
        settings.connectionPool.retryConnectionEstablishment = false
        // A redirect would take the key to another address.
        settings.redirectConfiguration = .disallow
        settings.http1_1ConnectionDebugInitializer = { channel in
            connections.increment()
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
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

    /// Sends JSON, and gives the beginning of a successful answer. Letting go of its body closes the connection.
    ///
    /// - Parameters:
    ///   - deadline: Of the answer's beginning; how long its body may take is for the reader to watch.
    ///   - idempotencyKey: What the other side knows a repeated request by, where it can.
    /// - Throws: ``ProviderError``, `CancellationError`.
    func post(
        _ body: ByteBuffer, accept: String, deadline: NIODeadline, idempotencyKey: String? = nil
    ) async throws -> HTTPClientResponse {
        let headers = [("content-type", "application/json")] + (idempotencyKey.map { [("idempotency-key", $0)] } ?? [])
        return try await post(.bytes(body), headers: headers, accept: accept, deadline: deadline)
    }

    /// Sends `body`, which may be read twice. The rest is as for JSON.
    func post(
        _ body: HTTPClientRequest.Body, headers: [(String, String)], accept: String, deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        guard !isClosed.withLock({ $0 }) else { throw closed }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(contentsOf: headers)
        request.headers.add(name: "accept", value: accept)
        if let apiKey = address.apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey.value)") }
        request.body = body
        do {
            let response = try await execute(request, deadline)
            guard response.status == .ok else { throw await failure(response) }
            return response
        } catch {
            throw providerError(error)
        }
    }

    /// Sent on a kept connection that the server was just about to close, a request is lost unread: it is sent again.
    private func execute(_ request: HTTPClientRequest, _ deadline: NIODeadline) async throws -> HTTPClientResponse {
        let before = connections.value
        do {
            return try await client.execute(request, deadline: deadline)
        } catch  where Self.isLostConnection(error) && connections.value == before && !Task.isCancelled {
            return try await client.execute(request, deadline: deadline)
        }
    }

    private static func isLostConnection(_ error: any Error) -> Bool {
        if let error = error as? IOError { return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE }
        return error as? HTTPClientError == .remoteConnectionClosed
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
            address.service, status: Int(response.status.code), headers: headers, body: bytes, secret: address.apiKey)
    }

    /// What an error of the client, or one of ours, is to the caller.
    func providerError(_ error: any Error) -> any Error {
        // The client reports a cancelled task as an error of its own.
        if Task.isCancelled { return CancellationError() }
        if error is ProviderError || error is CancellationError { return error }
        let name = address.service.name
        switch error as? HTTPClientError {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            return ProviderError(.timeout, "The \(name) could not be reached in time (connect time-out).")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            return ProviderError(.timeout, "The \(name) did not answer in time.")
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

    private var closed: ProviderError { ProviderError(.closed, "The \(address.service.name) was closed.") }
}

/// How many connections were made so far.
private final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }
    func increment() { count.add(1, ordering: .relaxed) }
}
