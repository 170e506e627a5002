internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
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
    private let connections: WebConnections
    private let made: ConnectionCount

    init(_ address: Address) {
        self.address = address
        url = address.service.url(behind: address.baseURL)
        let made = ConnectionCount()
        self.made = made
        connections = WebConnections(
            WebConnections.Settings(
                name: address.service.name, connectTimeout: address.connectTimeout,
                maximumConnections: address.maximumConnections), whenConnected: { made.increment() })
    }

    func close() async { await connections.close() }

    /// Sends JSON, and gives the beginning of a successful answer. Letting go of its body closes the connection.
    ///
    /// - Parameters:
    ///   - deadline: Of the answer's beginning; how long its body may take is for the reader to watch.
    ///   - idempotencyKey: What the other side knows a repeated request by, where it can.
    /// - Throws: ``ProviderError``, `CancellationError`.
    func post(
        _ body: ByteBuffer, accept: String, deadline: NIODeadline, idempotencyKey: String? = nil
    ) async throws -> HTTPClientResponse {
        let headers = [Self.json] + (idempotencyKey.map { [("idempotency-key", $0)] } ?? [])
        return try await post(.bytes(body), headers: headers, accept: accept, deadline: deadline)
    }

    /// Sends JSON that is let go as soon as the answer begins. The rest is as above.
    func post(_ body: ReleasableBody, accept: String, deadline: NIODeadline) async throws -> HTTPClientResponse {
        defer { body.release() }
        return try await post(body.body, headers: [Self.json], accept: accept, deadline: deadline)
    }

    private static let json = ("content-type", "application/json")

    /// Sends `body`, which may be read twice. The rest is as for JSON.
    func post(
        _ body: HTTPClientRequest.Body, headers: [(String, String)], accept: String, deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        try connections.checkOpen()
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(contentsOf: headers)
        request.headers.add(name: "accept", value: accept)
        if let apiKey = address.apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey.value)") }
        request.body = body
        do {
            let response = try await execute(request, deadline)
            guard response.status == .ok else { throw await failure(response, deadline) }
            return response
        } catch {
            throw providerError(error)
        }
    }

    /// Sent on a kept connection that the server was just about to close, a request is lost unread: it is sent again.
    private func execute(_ request: HTTPClientRequest, _ deadline: NIODeadline) async throws -> HTTPClientResponse {
        let before = made.value
        do {
            return try await connections.client.execute(request, deadline: deadline)
        } catch  where Self.isLostConnection(error) && made.value == before && !Task.isCancelled {
            return try await connections.client.execute(request, deadline: deadline)
        }
    }

    private static func isLostConnection(_ error: any Error) -> Bool {
        if let error = error as? IOError { return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE }
        return error as? HTTPClientError == .remoteConnectionClosed
    }

    private func failure(_ response: HTTPClientResponse, _ deadline: NIODeadline) async -> ProviderError {
        let bytes = await connections.errorBody(of: response, until: deadline)
        let headers = EndpointFailure.Headers(
            retryAfterMilliseconds: response.headers.first(name: "retry-after-ms"),
            retryAfter: response.headers.first(name: "retry-after"), date: response.headers.first(name: "date"))
        return EndpointFailure.error(
            address.service, status: Int(response.status.code), headers: headers, body: bytes, secret: address.apiKey)
    }

    /// What an error of the client, or one of ours, is to the caller.
    func providerError(_ error: any Error) -> any Error { connections.providerError(error) }
}

/// How many connections were made so far.
private final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }
    func increment() { count.add(1, ordering: .relaxed) }
}
