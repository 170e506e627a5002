internal import Foundation
internal import NIOCore

/// Sends mail through Resend's HTTP API (`POST /emails`). A message that is sent again within 24 hours is delivered
/// once: its Message-ID is the idempotency key. The API gives messages Message-IDs of its own.
public struct ResendMailer: Mailer {
    /// Where the API is and by which key.
    public struct Configuration: Sendable {
        /// Up to and without `/emails`.
        public var baseURL = "https://api.resend.com"
        /// Sent as a bearer token.
        public var apiKey: Secret
        /// For making a connection.
        public var connectTimeout = Duration.seconds(10)
        /// From sending to the answer.
        public var requestTimeout = Duration.seconds(30)

        /// Creates a configuration with the default limits.
        public init(apiKey: Secret) { self.apiKey = apiKey }
    }

    private let transport: EndpointTransport
    private let timeout: Duration

    private static let maximumConnections = 4

    /// Connects to nothing yet.
    public init(_ configuration: Configuration) {
        timeout = configuration.requestTimeout
        transport = EndpointTransport(
            EndpointTransport.Address(
                service: .mail, baseURL: configuration.baseURL, apiKey: configuration.apiKey,
                connectTimeout: configuration.connectTimeout, maximumConnections: Self.maximumConnections))
    }

    /// Sends one message. Cancelled at any time it throws `CancellationError`, be the message handed over or not: to
    /// send it again is harmless.
    public func send(_ message: MailMessage) async throws {
        let body = try ResendBody(message).encoded()
        do {
            // Its status says that the message was taken; the body has an id that nobody needs.
            _ = try await transport.post(
                ByteBuffer(bytes: body), accept: "application/json", deadline: .now() + TimeAmount(timeout),
                idempotencyKey: message.id.value)
        } catch let error as ProviderError {
            throw Self.mailError(error)
        }
    }

    /// Closes the connections.
    public func close() async { await transport.close() }

    private static func mailError(_ error: ProviderError) -> MailError {
        let kind: MailError.Kind
        var acceptance = MailError.Acceptance.no
        var reason = error.reason
        switch error.kind {
        case .connection:
            (kind, acceptance) = (.connection, .unknownButRepeatable)
        case .timeout:
            (kind, acceptance) = (.timeout, .unknownButRepeatable)
        case .unavailable:
            (kind, acceptance) = (.unavailable, .unknownButRepeatable)
        case .rateLimited: kind = .rateLimited
        case .quotaExhausted:
            kind = .quotaExhausted
            reason = "The account of the mail service may send no more for now."
        case .unauthorised:
            kind = .unauthorised
            // The service says so, too, of an address whose domain it has not verified.
            if error.status == 403 { reason = "The mail service does not let this key send from or to this address." }
        case .closed: kind = .closed
        case .invalidResponse:
            kind = .invalidResponse
            // Another yes than the one that is documented is a yes perhaps.
            if let status = error.status, (200..<300).contains(status) { acceptance = .unknownButRepeatable }
        case .notInstalled, .incompatible, .damaged, .computation, .notFound, .contextExceeded, .refused,
            .wrongDimensions, .tooLarge:
            kind = .refused
            reason = "The mail service refused the message\(error.status.map { " (HTTP \($0))" } ?? "")."
        }
        return MailError(
            kind, reason, acceptance: acceptance, detail: error.detail, code: error.status, retryAfter: error.retryAfter
        )
    }
}
